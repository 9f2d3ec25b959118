// SPDX-License-Identifier: Apache-2.0
#include "shared/timing/trusted_time.h"

#include <algorithm>
#include <limits>

#include "shared/core/time_range.h"

namespace doorstep::timing {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
// Devices may send any clock and counter: readings beyond these limits are invalid, which also
// prevents overflow.
constexpr std::uint64_t kBootMsMax = 4'000'000'000'000;         // 126 years: no boot lasts as long
constexpr std::int64_t kAnchorUnixMsMax = 250'000'000'000'000;  // the year 9892

// Largest error of the difference of two readings of one monotonic clock, rounded up.
std::int64_t driftMs(std::int64_t elapsedMs) {
  const std::int64_t magnitude = elapsedMs < 0 ? -elapsedMs : elapsedMs;
  return (magnitude * kDriftPpm + kMillion - 1) / kMillion;
}

bool isTime(std::int64_t unixMs) { return unixMs >= 0 && unixMs <= kAnchorUnixMsMax; }

bool isUsable(const Anchor& anchor) {
  return anchor.sentBootMs <= kBootMsMax && isTime(anchor.receivedUnixMs) &&
         (!anchor.replyBootMs || (*anchor.replyBootMs <= kBootMsMax && isTime(anchor.replyUnixMs)));
}

}  // namespace

TrustedTime trustedTime(std::uint32_t boot, std::uint64_t bootMs, std::int64_t wallUnixMs,
                        std::span<const Anchor> anchors) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
  std::int64_t earliest = kNone;
  std::int64_t latest = std::numeric_limits<std::int64_t>::max();
  bool hasLatest = false;
  // Latest values of all anchors, of any boot.
  std::int64_t received = kNone;
  std::int64_t notBefore = kNone;
  for (const Anchor& anchor : anchors) {
    if (anchor.receivedUnixMs > 0 && isTime(anchor.receivedUnixMs))
      received = std::max(received, anchor.receivedUnixMs);
    if (anchor.notBeforeUnixMs > 0 && isTime(anchor.notBeforeUnixMs))
      notBefore = std::max(notBefore, anchor.notBeforeUnixMs);
    if (anchor.boot != boot || bootMs > kBootMsMax || !isUsable(anchor))
      continue;
    // An event was recorded before the exchange that delivered it was sent.
    if (bootMs > anchor.sentBootMs)
      continue;
    // Sent before it was received: true time at sending <= received.
    const auto sinceSentMs = static_cast<std::int64_t>(bootMs - anchor.sentBootMs);
    latest = std::min(latest,
                      anchor.receivedUnixMs + sinceSentMs + driftMs(sinceSentMs) + kServerErrorMs);
    hasLatest = true;
    if (!anchor.replyBootMs)
      continue;
    // Received after it was sent: true time at receiving >= sent.
    const auto sinceReplyMs = static_cast<std::int64_t>(bootMs - *anchor.replyBootMs);
    earliest = std::max(earliest,
                        anchor.replyUnixMs + sinceReplyMs - driftMs(sinceReplyMs) - kServerErrorMs);
  }
  TrustedTime time;
  // Entries with clocks out of range do not count; older files may contain one.
  time.ruledUnixMs = std::max(clampUnixMs(wallUnixMs), notBefore);
  if (received != kNone)
    time.ruledUnixMs = std::min(time.ruledUnixMs, received);
  // Contradictory bounds come from a clock beyond the permitted drift, or from a dishonest device:
  // then none is trusted.
  if (!hasLatest || earliest == kNone || earliest > latest)
    return time;
  time.timeClass = TimeClass::Anchored;
  time.earliestUnixMs = earliest;
  time.latestUnixMs = latest;
  time.ruledUnixMs = wallUnixMs >= earliest && wallUnixMs <= latest
                         ? wallUnixMs
                         : earliest + (latest - earliest) / 2;
  return time;
}

}  // namespace doorstep::timing
