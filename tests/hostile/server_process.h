// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace doorstep::hostile {

// With a sanitizer, memory and descriptors are not only the server's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Memory of a server under attack, and whether it lives. Thread: one.
class ServerProcess {
 public:
  explicit ServerProcess(pid_t process) : process_(process) {}

  // Leaves the exit code for the process that waits for it.
  bool isAlive() const;
  std::size_t residentKib() const { return statusKib("VmRSS:"); }
  std::size_t peakKib() const { return statusKib("VmHWM:"); }  // since forgetPeak
  // Takes the present resident memory as the baseline.
  void forgetPeak();
  std::size_t quietKib() const { return quietKib_; }
  // Whether the peak is at most that much above the baseline. Always true with a sanitizer, which
  // keeps freed memory.
  bool hasGrownAtMost(std::size_t kib) const;

 private:
  std::size_t statusKib(const char* field) const;

  pid_t process_;
  std::size_t quietKib_ = 0;
};

// Raises this process's descriptor limit, for many connections. Call after the server was started,
// so that the server has the usual limit.
void allowManySockets();

}  // namespace doorstep::hostile
