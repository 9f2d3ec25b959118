// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/core/clock.h"
#include "shared/core/result.h"

namespace doorstep {

// One simulated clock for several processes: replay and demo run a server and its phones on the
// same date, faster than real time. The file is memory-mapped; one process sets the clock, and
// every reader computes time = base + (CLOCK_MONOTONIC - base monotonic) * rate. Certificates never
// use it. Only within one machine: monotonic clocks of different machines cannot be compared.

// Contents of the file.
struct SharedTime {
  std::int64_t baseWallUnixMs = 0;   // simulated time at baseMonotonicMs
  std::int64_t baseMonotonicMs = 0;  // CLOCK_MONOTONIC
  std::int64_t ratePpm = 1'000'000;  // 1,000,000: as fast as real time; 0: stopped
  std::int64_t bootWallUnixMs = 0;   // simulated time at which the boot began
  std::uint32_t boot = 1;
};

// Readers take no lock; a read that overlaps a write is repeated. Thread: any.
class SharedClock final : public Clock {
 public:
  // Opens the file. Errors: CLOCK_FILE.
  static Result<std::unique_ptr<SharedClock>> open(const std::string& path);
  ~SharedClock() override;
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;

  std::int64_t wallUnixMs() const override;
  std::uint64_t bootMs() const override;
  std::uint32_t boot() const override;
  SharedTime read() const;

 private:
  struct Mapped;
  explicit SharedClock(const Mapped* mapped) : mapped_(mapped) {}
  const Mapped* mapped_;

  friend Status setSharedClock(const std::string&, std::int64_t, std::int64_t);
};

// Creates the file or sets its clock: it shows wallUnixMs and runs at ratePpm from now on. An
// earlier time than it shows is refused: CLOCK_BACKWARDS. The simulated boot begins an hour before
// the first time that is set. One writer at a time. Errors: CLOCK_FILE, CLOCK_BACKWARDS.
Status setSharedClock(const std::string& path, std::int64_t wallUnixMs, std::int64_t ratePpm);

}  // namespace doorstep
