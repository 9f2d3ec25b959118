// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/scope_days.h"

#include <catch2/catch.hpp>

#include "shared/core/local_time.h"

namespace doorstep::roster {
namespace {

TEST_CASE("local days count over both changes of the clocks") {
  const auto at = [](const char* text) { return londonToUnixMs(text).value(); };
  CHECK(localDay(at("1970-01-02T00:30")) == 1);
  CHECK(localDay(at("2026-07-26T00:00")) == localDay(at("2026-07-26T23:59")));
  CHECK(localDay(at("2026-07-26T00:00")) - localDay(at("2026-07-25T23:59")) == 1);
  for (const char* day : {"2026-03-29", "2026-10-25", "2026-11-23", "2028-02-29"}) {
    const DayBounds bounds = londonDayBounds(day).value();
    const std::int64_t number = localDay(bounds.beginUnixMs);
    CHECK(localDay(bounds.endUnixMs - 1) == number);
    CHECK(dayBeginUnixMs(number) == bounds.beginUnixMs);
    CHECK(dayBeginUnixMs(number + 1) == bounds.endUnixMs);
  }
}

TEST_CASE("any moment and any number has a day: a clock may stand anywhere") {
  for (const std::int64_t ms : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    const std::int64_t day = localDay(ms);
    CHECK(localDay(dayBeginUnixMs(day)) == day);
    CHECK(dayBeginUnixMs(day) <= dayBeginUnixMs(day + 1));
    (void)dayBeginUnixMs(ms);
  }
  CHECK(dayBeginUnixMs(localDay(0) - 1) < 0);  // yesterday, on a server whose clock was never set
}

}  // namespace
}  // namespace doorstep::roster
