// SPDX-License-Identifier: Apache-2.0
#include "app/sync/time_dispute.h"

#include "shared/timing/trusted_time.h"

namespace doorstep::sync {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t driftMs(std::int64_t elapsedMs) {
  return (elapsedMs * timing::kDriftPpm + kMillion - 1) / kMillion;
}

}  // namespace

std::optional<TimeDispute> disputedTime(const Contact& before, const Contact& now) {
  if (now.boot != before.boot || now.sentBootMs < before.answeredBootMs ||
      before.answeredBootMs < before.sentBootMs || now.answeredBootMs < now.sentBootMs)
    return std::nullopt;  // overlapping exchanges: no conclusion
  const auto least = static_cast<std::int64_t>(now.sentBootMs - before.answeredBootMs);
  const auto most = static_cast<std::int64_t>(now.answeredBootMs - before.sentBootMs);
  // Each of the two times may be off by the server's own error.
  constexpr std::int64_t kErrorMs = 2 * timing::kServerErrorMs;
  TimeDispute found;
  found.serverUnixMs = now.serverUnixMs;
  if (__builtin_add_overflow(before.serverUnixMs, least - driftMs(least) - kErrorMs,
                             &found.earliestUnixMs) ||
      __builtin_add_overflow(before.serverUnixMs, most + driftMs(most) + kErrorMs,
                             &found.latestUnixMs))
    return std::nullopt;
  if (now.serverUnixMs >= found.earliestUnixMs && now.serverUnixMs <= found.latestUnixMs)
    return std::nullopt;
  return found;
}

}  // namespace doorstep::sync
