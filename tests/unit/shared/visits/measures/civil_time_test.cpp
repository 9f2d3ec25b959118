// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/civil_time.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "shared/core/local_time.h"

using namespace doorstep;
using namespace doorstep::measures;

TEST_CASE("times and days have one form, and are read back as they were written") {
  CHECK(rc::check([] {
    const std::int64_t ms =
        *rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'800'000);
    RC_ASSERT(parseUtc(utcText(ms)) == ms);
    const DayNumber day = localTime(ms).day;
    RC_ASSERT(parseDay(dayText(day)).value_or(-1) == day);
  }));
}

TEST_CASE("local days are those that the time zone database has, since its rule is in force") {
  CHECK(rc::check([] {
    const std::int64_t ms = *rc::gen::inRange<std::int64_t>(852'076'800'000, 2'000'000'000'000);
    RC_ASSERT(localTime(ms).day == londonDayNumber(ms));
    RC_ASSERT(serviceDay(ms, 0) == londonDayNumber(ms));
  }));
}

TEST_CASE("what does not exist is no time") {
  for (const char* text :
       {"2026-02-29T00:00:00.000Z", "2026-03-29T24:00:00.000Z", "2026-03-29T23:60:00.000Z",
        "2026-03-29T23:59:60.000Z", "2026-03-29T00:45:00.00Z", "2026-03-29 00:45:00.000Z",
        "2026-03-29T00:45:00.000+", "0000-01-01T00:00:00.000Z", "2026-00-10T00:00:00.000Z",
        "2026-03-29T0a:45:00.000Z", "+026-03-29T00:45:00.000Z", "2026-03-29t00:45:00.000z"})
    CHECK_FALSE(parseUtc(text));
  for (const char* text : {"2026-02-30", "2026-2-03", "20260203", "2026-13-01", "2026-04-31", ""})
    CHECK_FALSE(parseDay(text));
  for (const char* text : {"24:00", "7:00", "07:60", "07.00", ""})
    CHECK_FALSE(parseClock(text));
}

TEST_CASE("a week begins on its day, on or before every day of it") {
  CHECK(rc::check([] {
    const DayNumber day = *rc::gen::inRange<DayNumber>(-100'000, 100'000);
    const int start = *rc::gen::inRange(0, 7);
    const DayNumber begin = weekOf(day, start);
    RC_ASSERT(begin <= day);
    RC_ASSERT(day - begin < 7);
    RC_ASSERT(weekOf(begin, start) == begin);
  }));
  CHECK(weekOf(*parseDay("2026-03-29"), 0) == *parseDay("2026-03-23"));
}
