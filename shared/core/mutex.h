// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// A class says at each member which mutex guards it, and clang refuses code that touches the member
// without (-Wthread-safety, preset tidy). Not checked: constructors and destructors, where nobody
// else has the object, and what is reached through a reference that outlives the lock. g++ reads
// over all of it.
#if defined(__clang__)
#define DOORSTEP_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define DOORSTEP_THREAD_ATTRIBUTE(attribute)
#endif

// On a member: it is only touched while the mutex is held.
#define DOORSTEP_GUARDED_BY(mutex) DOORSTEP_THREAD_ATTRIBUTE(guarded_by(mutex))
// On a function: its caller holds the mutex.
#define DOORSTEP_REQUIRES(mutex) DOORSTEP_THREAD_ATTRIBUTE(requires_capability(mutex))
// On a function: its caller does not hold the mutex; it takes it itself, or leaves the class.
#define DOORSTEP_EXCLUDES(mutex) DOORSTEP_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace doorstep {

// A std::mutex that clang can follow. Only a MutexLock holds it, so it is never left locked.
class DOORSTEP_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class Condition;
  friend class MutexLock;
  std::mutex mutex_;
};

// Holds the mutex to the end of the scope. What must happen without it goes into another scope.
class DOORSTEP_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) DOORSTEP_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : lock_(mutex.mutex_) {}
  ~MutexLock() DOORSTEP_THREAD_ATTRIBUTE(release_capability()) = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  const std::lock_guard<std::mutex> lock_;
};

// What a thread waits on until another has changed what the mutex guards. Waits end without a
// reason too, so they stand in a loop that tests the condition itself: in a lambda clang would not
// know that the mutex is held. Time is the machine's own: it ends a wait and decides nothing.
class Condition {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  static Deadline deadlineIn(std::chrono::milliseconds wait) {
    return std::chrono::steady_clock::now() + wait;
  }

  void wait(Mutex& mutex) DOORSTEP_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // False: the deadline has passed.
  bool waitUntil(Mutex& mutex, Deadline deadline) DOORSTEP_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool before = condition_.wait_until(lock, deadline) == std::cv_status::no_timeout;
    lock.release();
    return before;
  }
  void notifyOne() { condition_.notify_one(); }
  void notifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace doorstep
