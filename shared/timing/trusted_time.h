// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace doorstep::timing {

// When something happened, when the clock of who recorded it cannot be trusted. Every contact with
// the server bounds true time from one side; between contacts the monotonic clock carries the
// bound, and its drift widens it. (docs/sync-protocol.md, "Trusted time".)

// A monotonic clock of a phone is off by at most this: NTP surveys find a median of 78 ppm.
constexpr std::int64_t kDriftPpm = 100;
// The server's own clock is off by at most this.
constexpr std::int64_t kServerErrorMs = 250;

// What one request says about its device's boot: it was sent before the server received it, and the
// reply that it names was received after the server sent it.
struct Anchor {
  std::uint32_t boot = 0;
  std::uint64_t sentBootMs = 0;     // device, monotonic
  std::int64_t receivedUnixMs = 0;  // server
  std::optional<std::uint64_t>
      replyBootMs;               // device, monotonic: when the newest reply was received
  std::int64_t replyUnixMs = 0;  // server: when that reply was sent
  // Server: what the entry says is not older than this, because it names a checkpoint whose newest
  // entry was received then. 0: it names none. Rules ask for it where there is no interval.
  std::int64_t notBeforeUnixMs = 0;

  bool operator==(const Anchor&) const = default;
};

enum class TimeClass {
  Anchored = 1,   // A: bounded from both sides by anchors of the same boot
  Bracketed = 2,  // B: not given yet
  WallClock = 3,  // C: nothing but the device's wall clock
};

struct TrustedTime {
  TimeClass timeClass = TimeClass::WallClock;
  std::int64_t earliestUnixMs = 0;  // both set for Anchored, inclusive
  std::int64_t latestUnixMs = 0;
  // What rules use: the wall clock when it lies in the interval, else the middle. Where there is no
  // interval: the wall clock, but not before the newest thing that the entry knows of was received
  // and not after it was received itself, because nothing is received before it happens.
  std::int64_t ruledUnixMs = 0;

  bool operator==(const TrustedTime&) const = default;
};

// Intersects the bounds of all anchors of the event's boot that were sent after the event. An event
// that is said to be younger than the exchange that brought it is class C.
TrustedTime trustedTime(std::uint32_t boot, std::uint64_t bootMs, std::int64_t wallUnixMs,
                        std::span<const Anchor> anchors);

}  // namespace doorstep::timing
