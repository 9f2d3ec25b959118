// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shared/core/clock.h"

namespace doorstep::simulation {

// True time of the simulated world, Unix ms. Only the world changes it; machines read it through
// their clocks.
struct TrueTime {
  std::int64_t unixMs = 0;
};

// A server's clock without error.
class ServerClock final : public Clock {
 public:
  explicit ServerClock(const TrueTime& time) : time_(time), bootUnixMs_(time.unixMs) {}
  std::int64_t wallUnixMs() const override { return time_.unixMs; }
  std::uint64_t bootMs() const override {
    return static_cast<std::uint64_t>(time_.unixMs - bootUnixMs_);
  }
  std::uint32_t boot() const override { return 1; }

 private:
  const TrueTime& time_;
  const std::int64_t bootUnixMs_;
};

// A phone's clocks: the monotonic one drifts and restarts at each boot; the wall clock has the
// error set by people and networks.
class PhoneClock final : public Clock {
 public:
  PhoneClock(const TrueTime& time, std::int64_t driftPpm)
      : time_(time), driftPpm_(driftPpm), bootUnixMs_(time.unixMs - 1000) {}

  std::int64_t wallUnixMs() const override { return time_.unixMs + wallOffsetMs_; }
  std::uint64_t bootMs() const override {
    const std::int64_t elapsed = time_.unixMs - bootUnixMs_;
    return static_cast<std::uint64_t>(elapsed + elapsed * driftPpm_ / 1'000'000);
  }
  std::uint32_t boot() const override { return boot_; }

  void stepWall(std::int64_t ms) { wallOffsetMs_ += ms; }
  void reboot() {
    ++boot_;
    bootUnixMs_ = time_.unixMs - 1000;
  }
  // True milliseconds until bootMs reaches the value.
  std::int64_t trueMsUntil(std::uint64_t bootMsWanted) const {
    const auto missing = static_cast<std::int64_t>(bootMsWanted - bootMs());
    return missing <= 0 ? 0 : missing + missing * 200 / 1'000'000 + 1;
  }

 private:
  const TrueTime& time_;
  const std::int64_t driftPpm_;
  std::int64_t bootUnixMs_;
  std::int64_t wallOffsetMs_ = 0;
  std::uint32_t boot_ = 1;
};

}  // namespace doorstep::simulation
