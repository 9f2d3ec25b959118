// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/server_process.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>
#include <string>

namespace doorstep::hostile {

bool ServerProcess::isAlive() const {
  siginfo_t ended{};
  return waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

void ServerProcess::forgetPeak() {
  std::ofstream("/proc/" + std::to_string(process_) + "/clear_refs") << "5";
  quietKib_ = residentKib();
}

bool ServerProcess::hasGrownAtMost(std::size_t kib) const {
  return kSanitized || peakKib() <= quietKib_ + kib;
}

std::size_t ServerProcess::statusKib(const char* field) const {
  std::ifstream status("/proc/" + std::to_string(process_) + "/status");
  std::string word;
  std::size_t value = 0;
  while (status >> word) {
    if (word == field) {
      status >> value;
      break;
    }
  }
  return value;
}

void allowManySockets() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace doorstep::hostile
