// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/worker_pool.h"

namespace doorstep::rpc {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queueMax) : tasks_(queueMax) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { tasks_.run(); });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  tasks_.close();
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
}

}  // namespace doorstep::rpc
