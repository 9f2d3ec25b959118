// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep {

// Source of every recorded or compared time; waits use std::chrono. Thread: any.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall clock, Unix milliseconds UTC. May jump: users and network time set it.
  virtual std::int64_t wallUnixMs() const = 0;
  // Milliseconds since the device booted, including sleep; monotonic within a boot.
  virtual std::uint64_t bootMs() const = 0;
  // Identifies the boot: bootMs of different boots cannot be compared.
  virtual std::uint32_t boot() const = 0;
};

// The operating system's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME. boot() is
// /proc/sys/kernel/random/boot_id folded to 31 bits.
class SystemClock final : public Clock {
 public:
  SystemClock();
  std::int64_t wallUnixMs() const override;
  std::uint64_t bootMs() const override;
  std::uint32_t boot() const override { return boot_; }

 private:
  const std::uint32_t boot_;
};

}  // namespace doorstep
