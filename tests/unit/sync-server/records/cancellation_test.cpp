// SPDX-License-Identifier: Apache-2.0
// A visit that is called off: judged by whether it was so when its plan was locked, and when not,
// by who wanted it. What office or person call off after it was to begin changes no class.
#include <catch2/catch.hpp>

#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;
using visits::WantedBy;

// One visit from 8:00 to 8:30, locked at 8:00 the day before.
struct Visit {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "n1", "north");
  crypto::SecretKey key{};
  VisitId visit;

  Visit() {
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
    care.from = "2026-11-23T08:00:00";
    care.to = "2026-11-23T08:30:00";
    visit = day.addVisit(provider, care);
  }
  void set(visits::VisitState state, const std::string& at, WantedBy by = WantedBy::Office) {
    day.setNow(at);
    day.change(
        provider, visit, [&](visits::PlannedVisit& plan) { plan.state = state; }, by);
  }
  void callOff(const std::string& at, WantedBy by = WantedBy::Office) {
    set(visits::VisitState::Cancelled, at, by);
  }
  void arrive(const std::string& at) {
    day.checkIn(ann, visit, at);
    day.send(ann, "2026-11-23T11:00:00");
  }
  // The record is the same before it is stored and afterwards.
  v1::VisitRecord record() {
    day.setNow("2026-11-23T20:00:00");
    day.judge();
    const auto stored = list();
    REQUIRE(day.storage().write(clearRecords).ok());
    CHECK(list().SerializeAsString() == stored.SerializeAsString());
    return stored;
  }
  v1::VisitRecord list() {
    const auto page =
        listRecords({day.storage().read(), day.officer("County"), day.now(), key}, {}, {}, 10);
    REQUIRE(page.ok());
    REQUIRE(page->response.records_size() == 1);
    return page->response.records(0);
  }
};

constexpr WantedBy kAnybody[] = {WantedBy::Office, WantedBy::Person, WantedBy::Council};

TEST_CASE("a visit that was called off before its lock is not counted, whoever wanted it") {
  for (const WantedBy by : kAnybody) {
    Visit visit;
    visit.callOff("2026-11-22T07:59:00", by);
    const auto record = visit.record();
    CHECK(record.punctuality() == v1::PUNCTUALITY_NOT_COUNTED);
    CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_AT_LOCK);
    CHECK(record.judged_plan().changes_after_lock() == 0);
  }
}

TEST_CASE("a visit that its provider called off after the lock is missed when nobody came") {
  Visit visit;
  visit.callOff("2026-11-22T08:01:00");
  const auto record = visit.record();
  CHECK(record.punctuality() == v1::PUNCTUALITY_MISSED);
  CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_BY_PROVIDER);
  CHECK(record.judged_plan().changes_after_lock() == 1);
  CHECK(record.judged_plan().late_changes_office() == 1);
}

TEST_CASE("person and council may call a visit off until it is to begin, as a late change") {
  for (const WantedBy by : {WantedBy::Person, WantedBy::Council}) {
    Visit visit;
    visit.callOff("2026-11-23T08:29:00", by);
    const auto record = visit.record();
    CHECK(record.punctuality() == v1::PUNCTUALITY_NOT_COUNTED);
    CHECK(record.judged_plan().changes_after_lock() == 1);
    CHECK(record.judged_plan().late_changes_person() == (by == WantedBy::Person ? 1 : 0));
    CHECK(record.judged_plan().late_changes_council() == (by == WantedBy::Council ? 1 : 0));
  }
}

TEST_CASE("what is called off after it was to begin stays what it was, and both are said") {
  for (const WantedBy by : {WantedBy::Office, WantedBy::Person}) {
    Visit missed;
    missed.callOff("2026-11-23T12:00:00", by);
    auto record = missed.record();
    CHECK(record.punctuality() == v1::PUNCTUALITY_MISSED);
    CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_SINCE);
    CHECK(record.judged_plan().changes_after_lock() == 1);
    Visit late;
    late.arrive("2026-11-23T09:20:00");
    late.callOff("2026-11-23T12:00:00", by);
    record = late.record();
    CHECK(record.punctuality() == v1::PUNCTUALITY_LATE);
    CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_SINCE);
    CHECK(record.late_ms() == 50 * 60'000);
    Visit punctual;
    punctual.arrive("2026-11-23T08:10:00");
    punctual.callOff("2026-11-23T12:00:00", by);
    CHECK(punctual.record().punctuality() == v1::PUNCTUALITY_ON_TIME);
  }
}

TEST_CASE("what the council calls off is not counted, however late it says so") {
  Visit missed;
  missed.callOff("2026-11-23T12:00:00", WantedBy::Council);
  auto record = missed.record();
  CHECK(record.punctuality() == v1::PUNCTUALITY_NOT_COUNTED);
  CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_BY_COUNCIL);
  CHECK(record.judged_plan().late_changes_council() == 1);
  Visit attended;
  attended.arrive("2026-11-23T09:20:00");
  attended.callOff("2026-11-23T12:00:00", WantedBy::Council);
  record = attended.record();
  CHECK(record.punctuality() == v1::PUNCTUALITY_CANCELLED_ATTENDED);
  // Called on again, it is judged as it was planned.
  attended.set(visits::VisitState::Planned, "2026-11-23T13:00:00", WantedBy::Council);
  CHECK(attended.record().punctuality() == v1::PUNCTUALITY_LATE);
}

TEST_CASE("a visit that is called on again before it is to begin is judged as planned") {
  Visit visit;
  visit.callOff("2026-11-22T12:00:00", WantedBy::Person);
  visit.set(visits::VisitState::Planned, "2026-11-22T13:00:00", WantedBy::Person);
  const auto record = visit.record();
  CHECK(record.punctuality() == v1::PUNCTUALITY_MISSED);
  CHECK(record.judged_plan().late_changes_person() == 2);
}

TEST_CASE("a visit that was called off and is called on afterwards is not missed by that") {
  Visit visit;
  visit.callOff("2026-11-21T12:00:00");
  visit.set(visits::VisitState::Planned, "2026-11-23T12:00:00");
  CHECK(visit.record().punctuality() == v1::PUNCTUALITY_NOT_COUNTED);
}

TEST_CASE("a carer who came although it was called off in time is told so") {
  for (const WantedBy by : {WantedBy::Person, WantedBy::Council}) {
    Visit visit;
    visit.callOff("2026-11-23T07:00:00", by);
    visit.arrive("2026-11-23T08:10:00");
    CHECK(visit.record().punctuality() == v1::PUNCTUALITY_CANCELLED_ATTENDED);
  }
}

TEST_CASE("what its provider called off after the lock and attended all the same was attended") {
  Visit visit;
  visit.callOff("2026-11-23T07:00:00");
  visit.arrive("2026-11-23T08:10:00");
  const auto record = visit.record();
  CHECK(record.punctuality() == v1::PUNCTUALITY_ON_TIME);
  CHECK(record.judged_plan().called_off() == roster::v1::CALLED_OFF_BY_PROVIDER);
}

}  // namespace
}  // namespace doorstep::records
