// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

#include "shared/core/mutex.h"

namespace doorstep {

// Bounded FIFO of tasks: any thread posts, one or more threads run them. When full it refuses, and
// the poster handles that. The owner has the threads: each calls run(), and the owner closes the
// queue before it joins them. Thread: any.
class TaskQueue {
 public:
  using Task = std::function<void()>;

  explicit TaskQueue(std::size_t sizeMax) : sizeMax_(sizeMax) {}

  // False: full or closed; the task will not run.
  [[nodiscard]] bool post(Task task) {
    {
      const MutexLock lock(mutex_);
      if (closed_ || tasks_.size() >= sizeMax_)
        return false;
      tasks_.push_back(std::move(task));
    }
    wake_.notifyOne();
    return true;
  }

  // Queues the continuation of the running task. Accepted even when the queue is full or closed,
  // because the thread that runs this task returns to the queue.
  void goOn(Task task) {
    const MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  // Refuses further posts; queued tasks still run.
  void close() {
    {
      const MutexLock lock(mutex_);
      closed_ = true;
    }
    wake_.notifyAll();
  }

  // Runs tasks until the queue is closed and empty.
  void run() {
    while (Task task = next())
      task();
  }

 private:
  Task next() {
    const MutexLock lock(mutex_);
    while (!closed_ && tasks_.empty())
      wake_.wait(mutex_);
    if (tasks_.empty())
      return nullptr;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  const std::size_t sizeMax_;
  Mutex mutex_;
  Condition wake_;
  std::deque<Task> tasks_ DOORSTEP_GUARDED_BY(mutex_);
  bool closed_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep
