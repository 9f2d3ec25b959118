// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace doorstep::hostile {

// Built with a sanitizer: what a process uses of memory and descriptors is not only ours.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// What a server under attack uses, and whether it lives. Thread: one.
class ServerProcess {
 public:
  explicit ServerProcess(pid_t process) : process_(process) {}

  // Without taking its exit code from who waits for it.
  bool isAlive() const;
  std::size_t residentKib() const { return statusKib("VmRSS:"); }
  std::size_t peakKib() const { return statusKib("VmHWM:"); }  // since forgetPeak
  // What is resident now counts as quiet.
  void forgetPeak();
  std::size_t quietKib() const { return quietKib_; }
  // Whether the peak is at most that much above. A sanitizer keeps what was freed: nothing can be
  // said then.
  bool hasGrownAtMost(std::size_t kib) const;

 private:
  std::size_t statusKib(const char* field) const;

  pid_t process_;
  std::size_t quietKib_ = 0;
};

// Raises this process's descriptor limit, for crowds. After the server was started: it must live
// with the usual one.
void allowManySockets();

}  // namespace doorstep::hostile
