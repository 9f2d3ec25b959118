// SPDX-License-Identifier: Apache-2.0
// A phone's wall clock can show anything: a flat battery, somebody's finger, a network.
#include <catch2/catch.hpp>
#include <limits>

#include "shared/core/local_time.h"
#include "shared/wire/entry_codec.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kClocks[] = {0,
                                    1,
                                    -1,
                                    3'599'999,
                                    -86'400'000,
                                    86'399'999,
                                    std::int64_t{1} << 31,
                                    (std::int64_t{1} << 31) * 1000,
                                    (std::int64_t{1} << 32) * 1000,
                                    253'402'300'799'999,  // 9999
                                    253'402'300'800'000,  // 10000
                                    -62'135'596'800'001,  // before the year 1
                                    std::int64_t{1} << 53,
                                    kHighest - 1,
                                    kHighest,
                                    kLowest,
                                    kLowest + 1};

std::vector<visits::Event> signedEvents(journal::Journal& journal) {
  const auto entries = journal.entriesFrom(1, journal::Journal::Which::All, 1000, 1 << 20);
  REQUIRE(entries.ok());
  std::vector<visits::Event> events;
  for (const auto& one : *entries) {
    const auto decoded = wire::decodeEntry(one.bytes);
    REQUIRE(decoded.ok());
    events.insert(events.end(), decoded->entry.events.begin(), decoded->entry.events.end());
  }
  return events;
}

}  // namespace

TEST_CASE("a phone opens, shows its round and records whatever its wall clock says") {
  for (const std::int64_t wall : kClocks) {
    INFO(wall);
    ScriptedServer server;
    server.planDay(2);
    TestPhone phone(server);
    phone.clock.setWall(wall);
    phone.end();
    phone.open();
    phone.start();
    phone.talk();
    CHECK(phone->round().carerName == "Ana");
    REQUIRE(phone->record(recording::CheckIn{VisitId(101), {}}).ok());
    phone.take(phone->afterRecording(recording::CheckIn{VisitId(101), {}}));
    phone.talk();
    CHECK(phone->visit(VisitId(101))->checkedInUnixMs == wall);
    CHECK(phone->office().visits.size() == 1);
    REQUIRE(phone.journal().seal(1).ok());
    CHECK(signedEvents(phone.journal()).at(0).wallUnixMs == wall);
  }
}

TEST_CASE("a wall clock that jumps anywhere between two taps is recorded as it was") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  std::vector<std::int64_t> told;
  for (const std::int64_t from : kClocks) {
    for (const std::int64_t to : kClocks) {
      for (const std::int64_t wall : {from, to}) {
        phone.clock.setWall(wall);
        REQUIRE(phone->record(recording::AddNote{VisitId(101), "Ate well"}).ok());
        told.push_back(wall);
      }
    }
  }
  REQUIRE(phone.journal().seal(1).ok());
  const auto events = signedEvents(phone.journal());
  REQUIRE(events.size() == told.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    CHECK(events[i].number == i + 1);
    CHECK(events[i].wallUnixMs == told[i]);
  }
  phone.end();
  phone.open();
  phone.start();
  phone.talk();
  CHECK(phone.engine().isDrained());
}

TEST_CASE("a monotonic clock of any height is recorded") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  for (const std::uint64_t bootMs :
       {std::uint64_t{0}, std::uint64_t{1} << 62, ~std::uint64_t{0} - 1, ~std::uint64_t{0}}) {
    phone.clock.setBootMs(bootMs);
    REQUIRE(phone->record(recording::AddNote{VisitId(101), "Ate well"}).ok());
    phone.clock.setBootMs(0);
    REQUIRE(phone->record(recording::AddNote{VisitId(101), "Ate well"}).ok());
  }
  REQUIRE(phone.journal().seal(1).ok());
  CHECK(signedEvents(phone.journal()).size() == 8);
}

TEST_CASE("a key store that gives no signature leaves the events for later") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.signer.spoiled = std::string("short");
  phone.record(recording::CheckIn{VisitId(101), {}});
  CHECK(phone.journal().seal(1).error().reason == "SIGNATURE_SHAPE");
  phone.signer.spoiled.reset();
  CHECK(phone.journal().seal(1).value() == 1);
}

TEST_CASE("a receiver that gives no numbers leaves the distance away") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  const double none = std::numeric_limits<double>::quiet_NaN();
  phone.fixes.fix = platform::Fix{none, std::numeric_limits<double>::infinity(), 10, 0};
  CHECK(phone->record(recording::CheckIn{VisitId(101), {}}).ok());
}

}  // namespace doorstep::test
