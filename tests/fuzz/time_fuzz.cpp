// SPDX-License-Identifier: Apache-2.0
// Times as files, phones and browsers say them.
#include <array>

#include "shared/core/local_time.h"
#include "shared/timing/trusted_time.h"
#include "sync-server/roster/rota/rota_time.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  fuzz::Input input(bytes, size);
  const std::string_view text = input.rest();
  if (const auto read = londonToUnixMs(text); read.ok())
    fuzz::require(londonToUnixMs(unixMsToLondon(*read)).ok());
  if (const auto day = londonDayBounds(text); day.ok())
    fuzz::require(day->endUnixMs - day->beginUnixMs >= 23 * 3'600'000LL);
  if (const auto time = roster::readRotaTime(text); time.ok())
    fuzz::require(time->unixMs >= 0 && time->secondUnixMs.value_or(0) >= 0);
  const std::int64_t moment = input.signedNumber();
  fuzz::require(!unixMsToLondon(moment).empty() && londonDay(moment).size() == 10);
  fuzz::require(!unixMsToUtc(moment).empty());
  const std::int64_t day = londonDayNumber(moment);
  (void)londonDayBeginUnixMs(day);
  const auto boot = static_cast<std::uint32_t>(input.number());
  const std::uint64_t bootMs = input.number();
  const std::int64_t wall = input.signedNumber();
  timing::Anchor anchor{static_cast<std::uint32_t>(input.number() & 1) ? boot : 1, input.number(),
                        input.signedNumber(), input.number(), input.signedNumber()};
  const std::array anchors{anchor};
  const auto time = timing::trustedTime(boot, bootMs, wall, anchors);
  if (time.timeClass == timing::TimeClass::Anchored)
    fuzz::require(time.ruledUnixMs >= time.earliestUnixMs && time.ruledUnixMs <= time.latestUnixMs);
  return 0;
}
