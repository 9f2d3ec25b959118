// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "shared/core/task_queue.h"

namespace doorstep::rpc {

// Threads for work that a gRPC reactor must not do: signature checks, database reads, scrypt. Each
// kind of work has a separate pool, so that none waits for another; low-priority work has a
// niceness, so that it takes no core from phones and the writer. Bounded: a full queue refuses, and
// the handler answers RESOURCE_EXHAUSTED (SERVER_BUSY). Thread: any; stop() once.
class WorkerPool {
 public:
  // niceness: as nice(1), for these threads only (Linux); 0: the process's.
  WorkerPool(std::size_t threads, std::size_t queueMax, int niceness = 0);
  ~WorkerPool();

  // False: queue full or pool stopped; the task will not run.
  [[nodiscard]] bool post(TaskQueue::Task task) { return tasks_.post(std::move(task)); }
  // Runs queued tasks and ends the threads.
  void stop();

 private:
  TaskQueue tasks_;
  std::vector<std::thread> threads_;
};

}  // namespace doorstep::rpc
