// SPDX-License-Identifier: Apache-2.0
#include "shared/core/local_time.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "shared/core/durations.h"

using namespace doorstep;

namespace {

std::int64_t at(const char* text) { return londonToUnixMs(text).value(); }
std::int64_t lengthOf(const char* day) {
  const DayBounds bounds = londonDayBounds(day).value();
  return bounds.endUnixMs - bounds.beginUnixMs;
}

}  // namespace

TEST_CASE("winter time is UTC and summer time an hour before it") {
  CHECK(unixMsToUtc(at("2026-11-23T08:30")) == "2026-11-23T08:30:00.000Z");
  CHECK(unixMsToUtc(at("2026-07-01T08:30:15")) == "2026-07-01T07:30:15.000Z");
}

TEST_CASE("a time that the clocks skip in spring is an error and its neighbours are not") {
  CHECK(londonToUnixMs("2026-03-29T01:30").error().reason == "TIME_SKIPPED");
  CHECK(londonToUnixMs("2026-03-29T01:00").error().reason == "TIME_SKIPPED");
  CHECK(at("2026-03-29T02:00") - at("2026-03-29T00:59:59") == 1'000);
}

TEST_CASE("a time that comes twice in autumn is the first of the two") {
  CHECK(unixMsToUtc(at("2026-10-25T01:30")) == "2026-10-25T00:30:00.000Z");
  CHECK(unixMsToLondon(at("2026-10-25T01:30") + kHourMs) == "2026-10-25T01:30:00");
  CHECK(at("2026-10-25T02:00") - at("2026-10-25T00:59:59") == 2 * kHourMs + 1'000);
}

TEST_CASE("days are 23, 24 or 25 hours long and follow each other without a gap") {
  CHECK(lengthOf("2026-03-29") == 23 * kHourMs);
  CHECK(lengthOf("2026-03-30") == 24 * kHourMs);
  CHECK(lengthOf("2026-10-25") == 25 * kHourMs);
  CHECK(londonDayBounds("2026-02-28")->endUnixMs == londonDayBounds("2026-03-01")->beginUnixMs);
}

TEST_CASE("a moment belongs to its local day") {
  CHECK(londonDay(at("2026-07-01T00:00")) == "2026-07-01");
  CHECK(londonDay(at("2026-07-01T00:00") - 1) == "2026-06-30");
  CHECK(unixMsToUtc(at("2026-07-01T00:00")) == "2026-06-30T23:00:00.000Z");
}

TEST_CASE("milliseconds are written only when there are some") {
  CHECK(unixMsToLondon(at("2026-11-23T08:30")) == "2026-11-23T08:30:00");
  CHECK(unixMsToLondon(at("2026-11-23T08:30") + 250) == "2026-11-23T08:30:00.250");
}

TEST_CASE("times and days that are not written in the one right way are refused") {
  for (const char* wrong :
       {"", "2026-11-23", "2026-11-23 08:30", "2026-11-23T8:30", "2026-11-23T24:00",
        "2026-11-23T08:60", "2026-11-23T08:30:60", "2026-02-30T08:30", "2026-13-01T08:30",
        "2026-11-23T08:30Z", "2026-11-23T08:30:00.0", "1969-12-31T08:30", "+026-11-23T08:30",
        "2026-11-23T-8:30"})
    CHECK(londonToUnixMs(wrong).error().reason == "TIME_FORMAT");
  for (const char* wrong : {"", "2026-1-01", "2026-02-29", "2026/02/01", "today"})
    CHECK(londonDayBounds(wrong).error().reason == "DAY_FORMAT");
}

TEST_CASE("every moment has a day, a text and bounds, however far away") {
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t moment : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-1} << 40,
                                    std::int64_t{253'402'300'799'999}, kLowest, kHighest}) {
    INFO(moment);
    CHECK(londonDay(moment).size() == 10);
    CHECK(unixMsToLondon(moment).size() >= 19);
    CHECK(unixMsToLondon(moment)[10] == 'T');
    CHECK(unixMsToUtc(moment).size() == 24);
    const DayBounds day = londonDayAround(moment);
    CHECK(day.beginUnixMs < day.endUnixMs);
    CHECK(londonDayAround(moment, -1).endUnixMs == day.beginUnixMs);
    CHECK(londonDayAround(moment, 1).beginUnixMs == day.endUnixMs);
  }
  CHECK(londonDay(0) == "1970-01-01");
  CHECK(londonDay(-86'400'000) == "1969-12-31");
  CHECK(londonDay(kHighest) == "9999-12-31");
  CHECK(londonDay(kLowest).substr(0, 4) == "0001");
}

// In a process of its own, because the rules are read once.
TEST_CASE("local days count over both changes of the clocks") {
  CHECK(londonDayNumber(at("1970-01-02T00:30")) == 1);
  CHECK(londonDayNumber(at("2026-07-26T00:00")) == londonDayNumber(at("2026-07-26T23:59")));
  CHECK(londonDayNumber(at("2026-07-26T00:00")) - londonDayNumber(at("2026-07-25T23:59")) == 1);
  for (const char* day : {"2026-03-29", "2026-10-25", "2026-11-23", "2028-02-29"}) {
    const DayBounds bounds = londonDayBounds(day).value();
    const std::int64_t number = londonDayNumber(bounds.beginUnixMs);
    CHECK(londonDayNumber(bounds.endUnixMs - 1) == number);
    CHECK(londonDayBeginUnixMs(number) == bounds.beginUnixMs);
    CHECK(londonDayBeginUnixMs(number + 1) == bounds.endUnixMs);
  }
}

TEST_CASE("any moment and any number has a day: a clock may stand anywhere") {
  for (const std::int64_t ms : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    const std::int64_t day = londonDayNumber(ms);
    CHECK(londonDayNumber(londonDayBeginUnixMs(day)) == day);
    CHECK(londonDayBeginUnixMs(day) <= londonDayBeginUnixMs(day + 1));
    (void)londonDayBeginUnixMs(ms);
  }
  CHECK(londonDayBeginUnixMs(londonDayNumber(0) - 1) <
        0);  // yesterday, on a server whose clock was never set
}

TEST_CASE("without time zone data London keeps the rule that it has had since 1996") {
  const char* const known = std::getenv("DOORSTEP_TEST_WITHOUT_ZONES");
  if (known == nullptr) {
    CHECK(hasTimeZoneData());
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    CHECK(std::system(("TZDIR=/nowhere DOORSTEP_TEST_WITHOUT_ZONES=1 '" + self +
                       "' 'without time zone data*,a *,days *' > /dev/null")
                          .c_str()) == 0);
    return;
  }
  REQUIRE_FALSE(hasTimeZoneData());
  for (int year = 1996; year < 2100; ++year) {
    const std::string text = std::to_string(year);
    CHECK(lengthOf((text + "-07-01").c_str()) == 24 * kHourMs);
    CHECK(unixMsToUtc(at((text + "-07-01T08:30").c_str())) == text + "-07-01T07:30:00.000Z");
    CHECK(unixMsToUtc(at((text + "-01-01T08:30").c_str())) == text + "-01-01T08:30:00.000Z");
  }
}
