// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "shared/core/task_queue.h"

namespace doorstep::rpc {

// Threads for work that a gRPC reactor must not do itself: signature checks, reads of the database,
// scrypt. Each kind of work has a pool of its own, so that none waits for another, and what can
// wait has a niceness, so that it takes no core from phones and the writer. Bounded: a full queue
// refuses, and the handler answers RESOURCE_EXHAUSTED (SERVER_BUSY). Thread: any; stop() once.
class WorkerPool {
 public:
  // niceness: as nice(1), of these threads alone (Linux); 0: as the process.
  WorkerPool(std::size_t threads, std::size_t queueMax, int niceness = 0);
  ~WorkerPool();

  // False: the queue is full or the pool has stopped, and the task will not run.
  [[nodiscard]] bool post(TaskQueue::Task task) { return tasks_.post(std::move(task)); }
  // Runs what is queued and ends the threads.
  void stop();

 private:
  TaskQueue tasks_;
  std::vector<std::thread> threads_;
};

}  // namespace doorstep::rpc
