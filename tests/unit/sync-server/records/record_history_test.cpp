// SPDX-License-Identifier: Apache-2.0
// What is changed afterwards (plan, lot, contract, rules) moves no record that has happened to
// another class, figure or council.
#include <catch2/catch.hpp>
#include <string>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/records/files/csv_export.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/visit_lock.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

struct ChangedMorning {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "n1", "north");
  crypto::SecretKey key{};
  VisitId visit;

  ChangedMorning() { visit = add({ann}); }
  VisitId add(std::vector<CarerId> carers) {
    ProviderDay::PlannedCare care{.person = person, .carers = std::move(carers)};
    care.from = "2026-11-23T08:00:00";
    care.to = "2026-11-23T08:30:00";
    return day.addVisit(provider, care);
  }
  std::vector<v1::VisitRecord> list(const identity::AccountCaller& caller,
                                    const v1::RecordFilter& filter = {}) {
    const auto page = listRecords({day.storage().read(), caller, day.now(), key},
                                  readFilter(filter).value(), {}, 100);
    REQUIRE(page.ok());
    return {page->response.records().begin(), page->response.records().end()};
  }
  std::vector<v1::VisitRecord> list() { return list(day.supervisor(provider)); }
  std::vector<v1::VisitRecord> ofDay(const std::string& at) {
    v1::RecordFilter filter;
    filter.set_first_day(at);
    filter.set_last_day(at);
    return list(day.supervisor(provider), filter);
  }
  void arriveLate() {
    day.checkIn(ann, visit, "2026-11-23T09:20:00");
    day.send(ann, "2026-11-23T09:21:00");
  }
  void moveTo(std::int64_t laterMs, visits::WantedBy wantedBy = visits::WantedBy::Office) {
    day.change(
        provider, visit,
        [&](visits::PlannedVisit& plan) {
          plan.windowStartUnixMs += laterMs;
          plan.windowEndUnixMs += laterMs;
        },
        wantedBy);
  }
  void write(const std::function<Status(sql::Database&)>& job) {
    REQUIRE(day.storage().write(job).ok());
  }
  void decide(const office::OfficeLog::Job& job) { REQUIRE(day.decide(job).ok()); }
};

TEST_CASE("a late visit stays late when its window is moved afterwards") {
  ChangedMorning morning;
  morning.arriveLate();
  morning.moveTo(kHourMs);
  const auto records = morning.list();
  REQUIRE(records.size() == 1);
  CHECK(records[0].punctuality() == v1::PUNCTUALITY_LATE);
  CHECK(records[0].late_ms() == 50 * 60'000);
  const auto& plan = records[0].judged_plan();
  CHECK(plan.locked());
  CHECK_FALSE(plan.planned_afterwards());
  CHECK(plan.locked_unix_ms() == ProviderDay::ms("2026-11-22T08:00:00"));
  CHECK(plan.window_start_unix_ms() == ProviderDay::ms("2026-11-23T08:00:00"));
  CHECK(records[0].window_start_unix_ms() == ProviderDay::ms("2026-11-23T09:00:00"));
  CHECK(plan.newest().plan_version() > plan.publication().plan_version());
  CHECK(plan.newest().made_unix_ms() == morning.day.now());
  CHECK(plan.changes_after_lock() == 1);
  CHECK(plan.late_changes_office() == 1);
}

TEST_CASE("late changes are told by who wanted them") {
  ChangedMorning morning;
  morning.moveTo(kHourMs, visits::WantedBy::Person);
  morning.moveTo(kHourMs, visits::WantedBy::Council);
  const auto plan = morning.list().at(0).judged_plan();
  CHECK(plan.changes_after_lock() == 2);
  CHECK(plan.late_changes_office() == 0);
  CHECK(plan.late_changes_person() == 1);
  CHECK(plan.late_changes_council() == 1);
}

TEST_CASE("a visit that is moved to another day afterwards stays in the figures of its day") {
  ChangedMorning morning;
  morning.arriveLate();
  morning.moveTo(24 * kHourMs);
  CHECK(morning.ofDay("2026-11-23").size() == 1);
  CHECK(morning.ofDay("2026-11-24").empty());
}

TEST_CASE("a visit that is moved to another day before its lock is a visit of that day") {
  ChangedMorning morning;
  morning.day.setNow("2026-11-20T12:00:00");
  morning.moveTo(24 * kHourMs);
  morning.day.setNow("2026-11-24T12:00:00");
  CHECK(morning.ofDay("2026-11-23").empty());
  REQUIRE(morning.ofDay("2026-11-24").size() == 1);
  CHECK(morning.ofDay("2026-11-24")[0].judged_plan().changes_after_lock() == 0);
}

TEST_CASE("a visit that is planned after its latest start is unplanned, and counted as that") {
  ChangedMorning morning;
  morning.day.publishAt("2026-11-23T11:00:00");
  morning.visit = morning.add({morning.ann});
  morning.arriveLate();
  const auto records = morning.list();
  REQUIRE(records.size() == 2);
  CHECK(records[1].punctuality() == v1::PUNCTUALITY_UNPLANNED);
  CHECK(records[1].late_ms() == 0);
  CHECK(records[1].judged_plan().planned_afterwards());
  const auto totals =
      readTotals({morning.day.storage().read(), morning.day.supervisor(morning.provider),
                  morning.day.now(), morning.key},
                 {});
  CHECK(totals->totals().unplanned() == 1);
  CHECK(totals->totals().missed() == 1);
  CHECK(totals->lateness().empty());
}

TEST_CASE("a carer who is taken off a visit afterwards is missed all the same") {
  ChangedMorning morning;
  morning.visit = morning.add({morning.ann, morning.bea});
  morning.arriveLate();
  morning.day.change(morning.provider, morning.visit, [](visits::PlannedVisit& plan) {
    plan.slots.pop_back();
    plan.carersRequired = 1;
  });
  const auto records = morning.list();
  REQUIRE(records.size() == 3);
  CHECK(records[2].punctuality() == v1::PUNCTUALITY_MISSED);
  CHECK(records[2].judged_plan().changes_after_lock() == 1);
}

TEST_CASE("giving a slot to another carer afterwards judges no other attendance") {
  ChangedMorning morning;
  morning.arriveLate();
  morning.day.checkIn(morning.bea, morning.visit, "2026-11-23T08:05:00");
  morning.day.send(morning.bea, "2026-11-23T09:30:00");
  REQUIRE(morning.list().at(0).punctuality() == v1::PUNCTUALITY_LATE);
  morning.day.change(morning.provider, morning.visit,
                     [&](visits::PlannedVisit& plan) { plan.slots.front().carer = morning.bea; });
  CHECK(morning.list().at(0).punctuality() == v1::PUNCTUALITY_LATE);
  morning.day.change(morning.provider, morning.visit, [&](visits::PlannedVisit& plan) {
    plan.slots.push_back({2, morning.ann, "Ann"});
    plan.carersRequired = 2;
  });
  CHECK(morning.list().size() == 1);
}

TEST_CASE("a person's move to another lot leaves the visits of before with their council") {
  ChangedMorning morning;
  morning.day.addProvider("Dales Care", "City", {"south"});
  morning.arriveLate();
  morning.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, morning.provider, act,
                                                           roster::PlanReason::Import));
    DOORSTEP_TRY(roster::putPersonTerms(database, morning.provider, morning.person,
                                        {londonDayNumber(morning.day.now()) + 1, "south", "", ""}));
    DOORSTEP_TRY(writer.finish());
    return kDone;
  });
  ProviderDay::PlannedCare care{.person = morning.person, .carers = {morning.ann}};
  care.from = "2026-11-24T08:00:00";
  care.to = "2026-11-24T08:30:00";
  const VisitId next = morning.day.addVisit(morning.provider, care);
  const auto county = morning.list(morning.day.officer("County"));
  const auto city = morning.list(morning.day.officer("City"));
  REQUIRE(county.size() == 1);
  CHECK(county[0].visit_id() == morning.visit.value);
  CHECK(county[0].lot() == "north");
  REQUIRE(city.size() == 1);
  CHECK(city[0].visit_id() == next.value);
  CHECK(city[0].lot() == "south");
  const auto proofs = [&](const std::string& council, VisitId visit) {
    return readVisitProofs({morning.day.storage().read(), morning.day.officer(council),
                            morning.day.now(), morning.key},
                           morning.day.log(), morning.provider, visit)
        .ok();
  };
  CHECK(proofs("County", morning.visit));
  CHECK_FALSE(proofs("City", morning.visit));
  CHECK_FALSE(proofs("County", next));
  // Moved afterwards to a day of the other lot, the visit is still of its own day.
  morning.moveTo(24 * kHourMs);
  CHECK(morning.list(morning.day.officer("County")).size() == 1);
  CHECK(proofs("County", morning.visit));
  CHECK_FALSE(proofs("City", morning.visit));
}

TEST_CASE("a lot that passes to another council leaves the visits of before with the first") {
  ChangedMorning morning;
  morning.arriveLate();
  morning.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    roster::ContractTerms terms;
    terms.ref = "next";
    DOORSTEP_ASSIGN(terms.council, roster::ensureCouncil(database, "City", morning.day.clock(),
                                                         morning.day.ids()));
    terms.provider = morning.provider;
    terms.lots = {"north"};
    terms.starts["north"] = {londonDayNumber(morning.day.now()) + 1, "lead"};
    DOORSTEP_TRY(
        roster::ensureContract(database, terms, morning.day.clock(), morning.day.ids(), act));
    return kDone;
  });
  CHECK(morning.list(morning.day.officer("County")).size() == 1);
  CHECK(morning.list(morning.day.officer("City")).empty());
}

TEST_CASE("the plans of a database of before have no time, and judge as they did") {
  ChangedMorning morning;
  morning.write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(
        auto all, database.prepare("UPDATE plan_version SET made_unix_ms = NULL, account_id = 0"));
    DOORSTEP_TRY(all.run());
    return roster::fillLocks(database);
  });
  morning.arriveLate();
  const auto record = morning.list().at(0);
  CHECK(record.punctuality() == v1::PUNCTUALITY_LATE);
  CHECK(record.judged_plan().locked());
  CHECK_FALSE(record.judged_plan().publication().has_made_unix_ms());
  CHECK_FALSE(record.judged_plan().has_first_published_unix_ms());
}

TEST_CASE("the file says which plan judged a record, by the names of the measures") {
  ChangedMorning morning;
  morning.arriveLate();
  morning.moveTo(kHourMs, visits::WantedBy::Person);
  const auto piece =
      exportPiece({morning.day.storage().read(), morning.day.supervisor(morning.provider),
                   morning.day.now(), morning.key},
                  {}, {});
  REQUIRE(piece.ok());
  CHECK(piece->text.find(",critical_not_done,tier,provider_role,funder_split,commissioned_start,"
                         "commissioned_start_latest,commissioned_end,locked_plan_start,"
                         "locked_plan_start_latest,locked_plan_end,plan_first_published_utc,"
                         "plan_locked_utc,locked_plan_version,final_plan_version,"
                         "plan_changes_after_lock,late_changes_office,late_changes_person,"
                         "late_changes_council,exported_utc,") != std::string::npos);
  CHECK(piece->text.find(",,,,,,,2026-11-23T08:00:00.000Z,2026-11-23T08:30:00.000Z,"
                         "2026-11-23T09:00:00.000Z,2026-01-01T00:00:00.000Z,"
                         "2026-11-22T08:00:00.000Z,") != std::string::npos);
  CHECK(piece->text.find(",1,0,1,0,2026-") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::records
