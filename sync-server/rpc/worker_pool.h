// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace doorstep::rpc {

// Threads for work that a gRPC reactor must not do itself: signature checks, reads of the database,
// scrypt. Bounded: a full queue refuses, and the handler answers RESOURCE_EXHAUSTED (SERVER_BUSY).
// Thread: any; stop() once.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t queueMax);
  ~WorkerPool();

  // False: the queue is full or the pool has stopped, and the task will not run.
  [[nodiscard]] bool post(std::function<void()> task);
  // Runs what is queued and ends the threads.
  void stop();

 private:
  void run();

  const std::size_t queueMax_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;  // mutex_
  bool stopping_ = false;                    // mutex_
  std::vector<std::thread> threads_;
};

}  // namespace doorstep::rpc
