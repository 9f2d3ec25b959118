// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/worker_pool.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace doorstep::rpc {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queueMax, int niceness) : tasks_(queueMax) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this, niceness] {
      // Per-thread priority on Linux; a failure only means normal priority.
      if (niceness != 0)
        (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)),
                          getpriority(PRIO_PROCESS, 0) + niceness);
      tasks_.run();
    });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  tasks_.close();
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
}

}  // namespace doorstep::rpc
