// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_time.h"
#include "sync-server/roster/rota/rota_reader.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/rota/rota.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

std::string reasonOf(const std::string& text) {
  const auto read = readRotaTime(text);
  return read.ok() ? "" : read.error().reason;
}

TEST_CASE("a time is read in every form that can mean one thing only") {
  const std::int64_t half8 = londonToUnixMs("2026-07-26T08:30:00").value();
  for (const char* text :
       {"2026-07-26T08:30:00", "2026-07-26T08:30", "2026-07-26 08:30", "2026-07-26 8:30:00",
        "2026-07-26T08:30:00.000", "2026/07/26 08:30", "26/07/2026 08:30", "26/7/2026 8:30:00",
        "26-07-2026 08:30", "26.07.2026 08:30", "26/07/2026 8:30 AM", "2026-07-26T07:30:00Z",
        "2026-07-26T08:30+01:00", "2026-07-26 08:30 +0100", "2026-07-26T09:30:00+02"}) {
    const auto read = readRotaTime(text);
    INFO(text << (read.ok() ? "" : " " + read.error().text));
    REQUIRE(read.ok());
    CHECK(read->unixMs == half8);
  }
  CHECK(readRotaTime("26/07/2026 12:15 am")->unixMs ==
        londonToUnixMs("2026-07-26T00:15:00").value());
  CHECK(readRotaTime("26/07/2026 12:15 pm")->unixMs ==
        londonToUnixMs("2026-07-26T12:15:00").value());
  CHECK(readRotaTime("2026-07-26T07:30Z")->otherOffset);
  CHECK_FALSE(readRotaTime("2026-07-26T08:30+01:00")->otherOffset);
}

TEST_CASE("a time that may mean two things or none is told in words") {
  CHECK(reasonOf("07/08/2026 08:30") == "DATE_AMBIGUOUS");
  CHECK(reasonOf("26/07/26 08:30") == "DATE_AMBIGUOUS");
  CHECK(reasonOf("46229.3333") == "SPREADSHEET_NUMBER");
  CHECK(reasonOf("46229,3333") == "SPREADSHEET_NUMBER");
  CHECK(reasonOf("0.354166667") == "SPREADSHEET_NUMBER");
  CHECK(readRotaTime("08:30:00").error().text.find("has no day") != std::string::npos);
  CHECK(readRotaTime("8:30").error().text.find("has no day") != std::string::npos);
  CHECK(readRotaTime("2026-07-26").error().text.find("has a day and no time") != std::string::npos);
  CHECK(readRotaTime("26/07/2026").error().text.find("has a day and no time") != std::string::npos);
  for (const char* text :
       {"", "T", "2026-07-26T", "2026-07-26T24:00:00", "2026-02-30T10:00", "2026-07-26T08:60",
        "2026-07-26T08:30+15:00", "2026-07-26T08:30+1", "2026-07-26T08:30Zulu", "31/02/2026 08:30",
        "26/13/2026 08:30", "2026-07-26T08", "26/07/2026 13:30 PM", "99999999999999999999",
        "2026-07-26T08:30:00 x", "+2026-07-26T08:30", "2026-07-26T-8:30"})
    CHECK(reasonOf(text) == "TIME_FORMAT");
  CHECK(reasonOf("2100-01-01T00:00") == "OUT_OF_RANGE");
  CHECK(reasonOf("9999-12-31T23:59:59") == "OUT_OF_RANGE");
  CHECK(reasonOf("2027-03-28T01:30") == "TIME_SKIPPED");
}

// The start and length in minutes of one visit's window, and what was said of it.
struct Window {
  std::string start;  // UTC
  std::int64_t minutes = 0;
  std::string told;
};

Window windowOf(const std::string& start, const std::string& end, const std::string& fold = "") {
  support::RotaText text;
  text.people += "p1,Ann,,,north\n";
  text.carers += "c1,Cara\n";
  text.visits.insert(text.visits.size() - 1, ",fold");
  text.visits += "v1,p1,1,1,c1,night," + start + "," + end + ",30,,,," + fold + "\n";
  FaultList faults;
  const Rota rota = support::readText(text, faults);
  Window window;
  for (const FaultList* list : {&std::as_const(faults), &rota.notes})
    for (const auto& fault : list->listed())
      window.told += fault.column + " " + fault.reason + "\n";
  if (!faults.empty() || rota.visits.empty())
    return window;
  const RotaVisit& visit = rota.visits[0];
  window.start = unixMsToUtc(visit.windowStartUnixMs).substr(0, 16);
  window.minutes = (visit.windowEndUnixMs - visit.windowStartUnixMs) / kMinuteMs;
  return window;
}

TEST_CASE("a window over the hour that comes twice is read forwards and says what it assumed") {
  const Window over = windowOf("2026-10-25T01:45:00", "2026-10-25T01:15:00");
  CHECK(over.start == "2026-10-25T00:45");
  CHECK(over.minutes == 30);
  CHECK(over.told == "window_start TIME_TWICE\nwindow_end TIME_TWICE\n");
  const Window within = windowOf("2026-10-25T01:15", "2026-10-25T01:45");
  CHECK(within.start == "2026-10-25T00:15");
  CHECK(within.minutes == 30);
  CHECK(windowOf("2026-10-25T00:30", "2026-10-25T02:30").minutes == 180);
  CHECK(windowOf("2026-10-25T00:30", "2026-10-25T02:30").told.empty());
}

TEST_CASE("a fold or an offset says which of the two hours is meant") {
  const Window second = windowOf("2026-10-25T01:15", "2026-10-25T01:45", "1");
  CHECK(second.start == "2026-10-25T01:15");
  CHECK(second.minutes == 30);
  CHECK(second.told.empty());
  CHECK(windowOf("2026-10-25T01:15", "2026-10-25T01:45", "0").start == "2026-10-25T00:15");
  CHECK(windowOf("2026-10-25T01:45", "2026-10-25T01:15", "0").minutes == 30);
  const Window offset = windowOf("2026-10-25T01:15+01:00", "2026-10-25T01:15+00:00");
  CHECK(offset.start == "2026-10-25T00:15");
  CHECK(offset.minutes == 60);
  CHECK(offset.told.empty());
  CHECK(windowOf("2026-10-25T01:45", "2026-10-25T01:15", "1").told ==
        "window_end ENDS_BEFORE_START\n");
  CHECK(windowOf("2026-10-25T01:15", "2026-10-25T01:45", "2").told.find("fold OUT_OF_RANGE\n") ==
        0);
}

TEST_CASE("an hour that does not exist in spring is a fault, a window over it an hour shorter") {
  CHECK(windowOf("2027-03-28T01:30", "2027-03-28T02:30").told == "window_start TIME_SKIPPED\n");
  CHECK(windowOf("2027-03-28T00:30", "2027-03-28T01:30").told == "window_end TIME_SKIPPED\n");
  CHECK(windowOf("2027-03-28T00:30", "2027-03-28T02:30").minutes == 60);
  CHECK(windowOf("2027-03-27T00:00", "2027-03-29T00:00").minutes == 47 * 60);
  CHECK(windowOf("2026-10-24T12:00", "2026-10-26T11:00").minutes == 48 * 60);
  CHECK(windowOf("2026-10-24T12:00", "2026-10-26T12:00").told == "window_end OUT_OF_RANGE\n");
}

}  // namespace
}  // namespace doorstep::roster
