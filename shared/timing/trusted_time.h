// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace doorstep::timing {

// When an event happened, although the recording device's clock cannot be trusted. Each exchange
// with the server bounds true time from one side; between exchanges the monotonic clock carries the
// bound, and its drift widens it (docs/sync-protocol.md, "Trusted time"). Pure. Thread: any.

// Largest error of a phone's monotonic clock; NTP surveys find a median of 78 ppm.
constexpr std::int64_t kDriftPpm = 100;
// Largest error of the server's clock.
constexpr std::int64_t kServerErrorMs = 250;

// The two bounds that one request gives for its device's boot: it was sent before the server
// received it, and the reply that it names was received after the server sent it.
struct Anchor {
  std::uint32_t boot = 0;
  std::uint64_t sentBootMs = 0;     // device, monotonic
  std::int64_t receivedUnixMs = 0;  // server
  std::optional<std::uint64_t>
      replyBootMs;               // device, monotonic: when the newest reply was received
  std::int64_t replyUnixMs = 0;  // server: when that reply was sent
  // Server: lower bound for the entry's events, because the entry names a checkpoint whose newest
  // entry was received then. 0: it names none. Used by rules where there is no interval.
  std::int64_t notBeforeUnixMs = 0;

  bool operator==(const Anchor&) const = default;
};

enum class TimeClass {
  Anchored = 1,   // A: bounded on both sides by anchors of the same boot
  Bracketed = 2,  // B: not assigned yet
  WallClock = 3,  // C: only the device's wall clock
};

struct TrustedTime {
  TimeClass timeClass = TimeClass::WallClock;
  std::int64_t earliestUnixMs = 0;  // both set for Anchored, inclusive
  std::int64_t latestUnixMs = 0;
  // The time that rules use: the wall clock when it lies in the interval, otherwise the middle of
  // the interval. Without an interval: the wall clock, clamped to between the receipt of the newest
  // entry that this entry refers to and the receipt of this entry.
  std::int64_t ruledUnixMs = 0;

  bool operator==(const TrustedTime&) const = default;
};

// Intersects the bounds of all anchors of the event's boot that were sent after the event. An event
// whose clock is later than that of the exchange that delivered it is class C.
TrustedTime trustedTime(std::uint32_t boot, std::uint64_t bootMs, std::int64_t wallUnixMs,
                        std::span<const Anchor> anchors);

}  // namespace doorstep::timing
