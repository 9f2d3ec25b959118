// SPDX-License-Identifier: Apache-2.0
#include "shared/core/clock.h"

#include <ctime>
#include <fstream>
#include <string>

namespace doorstep {
namespace {

std::int64_t readMs(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

std::uint32_t readBoot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  std::uint32_t folded = 2166136261U;  // FNV-1a
  for (const char c : text)
    folded = (folded ^ static_cast<unsigned char>(c)) * 16777619U;
  return (folded & 0x7FFFFFFFU) | 1U;
}

}  // namespace

SystemClock::SystemClock() : boot_(readBoot()) {}

std::int64_t SystemClock::wallUnixMs() const { return readMs(CLOCK_REALTIME); }

std::uint64_t SystemClock::bootMs() const {
  return static_cast<std::uint64_t>(readMs(CLOCK_BOOTTIME));
}

}  // namespace doorstep
