// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/refusal_log.h"

#include <fmt/format.h>

#include <utility>

#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {
namespace {

constexpr std::uint64_t kMinuteMs = 60'000;

// By code number; 0 is not an error.
constexpr std::array<const char*, 17> kCodes = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

}  // namespace

void RefusalLog::refused(std::string_view method, const Error& error, DeviceId device) {
  if (!admit(Kind::Refusal))
    return;
  std::string line = fmt::format("refused {} {} {}", method,
                                 kCodes.at(static_cast<std::size_t>(error.code)), error.reason);
  if (device)
    line += fmt::format(" device {}", device.value);
  write_(line);
}

void RefusalLog::quarantined(ProviderId provider, DeviceId device, std::uint64_t n,
                             std::string_view reason) {
  if (admit(Kind::Quarantine))
    write_(fmt::format("quarantined {} provider {} device {} n {}", reason, provider.value,
                       device.value, n));
}

void RefusalLog::alarm(ProviderId provider, DeviceId device, event_log::AlarmKind kind) {
  if (admit(Kind::Alarm))
    write_(fmt::format("alarm {} provider {} device {}", event_log::alarmName(kind), provider.value,
                       device.value));
}

void RefusalLog::library(std::string_view name, std::string_view file, int line) {
  if (admit(Kind::Library))
    write_(fmt::format("library {} {}:{}", name, file, line));
}

bool RefusalLog::admit(Kind kind) {
  tick();
  const MutexLock lock(mutex_);
  Share& share = shares_[static_cast<std::size_t>(kind)];
  if (share.written < kLogLinesPerMinuteMax) {
    ++share.written;
    return true;
  }
  ++share.unwritten;
  return false;
}

void RefusalLog::tick() {
  std::string line;
  {
    const MutexLock lock(mutex_);
    const std::uint64_t minute = clock_.bootMs() / kMinuteMs;
    if (std::exchange(minute_, minute) == minute)
      return;
    line = takeUnwritten();
  }
  if (!line.empty())
    write_(line);
}

void RefusalLog::tellUnwritten() {
  std::string line;
  {
    const MutexLock lock(mutex_);
    line = takeUnwritten();
  }
  if (!line.empty())
    write_(line);
}

// Empty when everything was written. Resets the shares.
std::string RefusalLog::takeUnwritten() {
  const auto shares = std::exchange(shares_, {});
  const auto [refusals, quarantined, alarms, libraries] = shares;
  if (refusals.unwritten + quarantined.unwritten + alarms.unwritten + libraries.unwritten == 0)
    return {};
  return fmt::format("not written: {} more refused, {} quarantined, {} alarms, {} of libraries",
                     refusals.unwritten, quarantined.unwritten, alarms.unwritten,
                     libraries.unwritten);
}

}  // namespace doorstep::rpc
