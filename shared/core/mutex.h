// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// Each shared member names the mutex that guards it, and clang rejects code that accesses it
// without holding that mutex (-Wthread-safety, preset tidy). Not checked: constructors and
// destructors, which run unshared, and access through a reference that outlives the lock. g++
// ignores these attributes.
#if defined(__clang__)
#define DOORSTEP_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define DOORSTEP_THREAD_ATTRIBUTE(attribute)
#endif

// On a member: accessed only while the mutex is held.
#define DOORSTEP_GUARDED_BY(mutex) DOORSTEP_THREAD_ATTRIBUTE(guarded_by(mutex))
// On a function: the caller holds the mutex.
#define DOORSTEP_REQUIRES(mutex) DOORSTEP_THREAD_ATTRIBUTE(requires_capability(mutex))
// On a function: the caller does not hold the mutex; the function locks it, or calls other classes.
#define DOORSTEP_EXCLUDES(mutex) DOORSTEP_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace doorstep {

// A std::mutex with clang's annotations. Only a MutexLock can lock it, so it is always released.
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

// Holds the mutex until the end of the scope.
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

// Condition variable for Mutex. Waits can wake spuriously, so each is in a loop that tests its
// condition; not in a lambda, where clang would not know that the mutex is held. Deadlines use the
// machine's steady clock, not Clock: they end a wait and decide nothing else.
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
