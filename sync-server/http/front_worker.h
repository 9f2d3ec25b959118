// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <utility>

#include "shared/core/task_queue.h"

namespace doorstep::http {

// One thread for blocking work of the front (the database), so that its I/O threads never block.
// Bounded: a full queue refuses. Thread: any.
class FrontWorker {
 public:
  explicit FrontWorker(std::size_t queueMax)
      : tasks_(queueMax), thread_([this] { tasks_.run(); }) {}
  ~FrontWorker() {
    tasks_.close();
    thread_.join();
  }

  // The task must not throw. False: the queue is full; the task will not run.
  [[nodiscard]] bool post(TaskQueue::Task task) { return tasks_.post(std::move(task)); }

 private:
  TaskQueue tasks_;
  std::thread thread_;
};

}  // namespace doorstep::http
