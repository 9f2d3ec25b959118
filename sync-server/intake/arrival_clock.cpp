// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/arrival_clock.h"

#include <algorithm>
#include <string>

#include "shared/core/local_time.h"
#include "sync-server/intake/limits.h"

namespace doorstep::intake {

Result<std::int64_t> ArrivalClock::stamp() {
  const std::int64_t nowUnixMs = clock_.wallUnixMs();
  std::int64_t newest = newestUnixMs_.load();
  while (nowUnixMs > newest && !newestUnixMs_.compare_exchange_weak(newest, nowUnixMs)) {
  }
  if (nowUnixMs >= newest)
    return nowUnixMs;
  if (newest - nowUnixMs > kClockSlewMsMax)
    return Error{ErrorCode::Unavailable, "SERVER_CLOCK",
                 "the clock stands " + std::to_string((newest - nowUnixMs) / 1'000) +
                     " s before the newest record"};
  return newest;
}

Result<std::int64_t> newestArrivalUnixMs(event_log::EventLog& log,
                                         std::span<const ProviderId> providers) {
  std::int64_t newest = 0;
  for (const ProviderId provider : providers) {
    const auto head = log.publishedHead(provider);
    if (!head.ok() || head->size == 0)
      continue;
    DOORSTEP_ASSIGN(const auto last, log.entries(provider, head->size - 1, 1));
    if (!last.empty())
      newest = std::max(newest, last.front().receivedUnixMs);
  }
  return newest;
}

Status checkServerClock(std::int64_t nowUnixMs, std::int64_t newestArrivalUnixMs) {
  if (newestArrivalUnixMs - nowUnixMs <= kClockSlewMsMax)
    return kDone;
  return Error{ErrorCode::FailedPrecondition, "SERVER_CLOCK",
               "this machine's clock says " + unixMsToUtc(nowUnixMs) +
                   ", but the newest record arrived at " + unixMsToUtc(newestArrivalUnixMs) +
                   ": set the clock. If the clock is right and was wrong then, start once with "
                   "--clock-is-right"};
}

}  // namespace doorstep::intake
