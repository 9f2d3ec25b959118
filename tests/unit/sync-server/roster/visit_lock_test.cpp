// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/visit_lock.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "shared/core/durations.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

VisitId visitOf(OfficeFixture& office, const std::string& ref) {
  auto row = office.database().prepare("SELECT visit_id FROM visit WHERE ref = ?");
  REQUIRE(row->bindText(0, ref).step().value());
  return VisitId(row->columnId(0));
}

// What lockPlan reads: every version.
struct History {
  std::vector<visits::PlannedVisit> visits;
  std::vector<visits::PublishedPlan> plans;
};

History historyOf(OfficeFixture& office, VisitId visit) {
  auto rows = office.database().prepare(R"sql(
SELECT visit, wanted_by, made_unix_ms FROM visit_version JOIN plan_version
  USING (provider_id, plan_version) WHERE visit_id = ? ORDER BY plan_version)sql");
  rows->bindId(0, visit.value);
  History history;
  while (rows->step().value()) {
    history.visits.push_back(wire::decodeVisit(visit, rows->columnBlob(0)).value());
    history.plans.push_back(publishedPlan(history.visits.back(),
                                          static_cast<visits::WantedBy>(rows->columnInt(1)),
                                          rows->columnInt(2)));
  }
  return history;
}

void checkAgainstHistory(OfficeFixture& office, VisitId visit) {
  const History history = historyOf(office, visit);
  for (std::int64_t hours = -72; hours <= 72; ++hours) {
    const std::int64_t now = office.clock.wallUnixMs() + hours * kHourMs;
    const visits::PlanLock expected = visits::lockPlan(history.plans, now);
    const auto judged = judgedVisit(office.database(), office.provider, visit, now);
    REQUIRE(judged.ok());
    const JudgedPlan& plan = judged->plan;
    CHECK(plan.lock.locked == expected.locked);
    CHECK(plan.lock.lockedUnixMs == expected.lockedUnixMs);
    CHECK(plan.lock.changesAfter == expected.changesAfter);
    CHECK(plan.lock.calledOff == expected.calledOff);
    const visits::PlannedVisit& judging = history.visits[expected.judging];
    CHECK(plan.publication.version == judging.planVersion);
    CHECK(plan.publication.madeUnixMs == history.plans[expected.judging].publishedUnixMs);
    CHECK(plan.plan.windowStartUnixMs == judging.windowStartUnixMs);
    CHECK(plan.standingSlots == history.visits[expected.standing].slots);
    CHECK(plan.newest.version == history.visits.back().planVersion);
    CHECK(judged->visit == history.visits.back());
    CHECK(plan.firstPublishedUnixMs == history.plans.front().publishedUnixMs);
  }
}

// All that is kept of locks, as text.
std::string keptLocks(OfficeFixture& office) {
  auto rows = office.database().prepare(std::string("SELECT plan_version, anchor_unix_ms, ") +
                                        kLockColumns + " FROM visit ORDER BY visit_id");
  std::string text;
  while (rows->step().value()) {
    for (int column = 0; column < kLockColumnCount + 2; ++column)
      text += (rows->columnIsNull(column) ? "-" : std::to_string(rows->columnInt(column))) + " ";
    text += "\n";
  }
  return text;
}

void forgetLocks(OfficeFixture& office) {
  REQUIRE(office.database()
              .execute("UPDATE visit SET judging_version = NULL, standing_version = NULL, "
                       "lock_unix_ms = NULL, latest_start_unix_ms = NULL, first_made_unix_ms = "
                       "NULL, last_made_unix_ms = NULL, changes_after = NULL, changes_office = "
                       "NULL, changes_person = NULL, changes_council = NULL, standing_called = "
                       "NULL, newest_called = NULL")
              .ok());
}

RotaText oneVisit(const std::string& day, const std::string& carers = "c1") {
  RotaText text = twoCarers();
  text.visits = RotaText().visits + visitRow("t", "p1", carers, day);
  return text;
}

// A day's visits in versions from long before until after it.
void writeVersions(OfficeFixture& office) {
  office.import(oneVisit("2026-11-27"));
  office.clock.advance(30 * kHourMs);
  office.import(oneVisit("2026-11-26"));
  office.clock.advance(20 * kHourMs);
  const VisitId visit = visitOf(office, "t");
  for (const char* ref : {"c2", "c1", "c2"}) {
    office.clock.advance(13 * kHourMs);
    const CarerId carer = office.carer(ref);
    REQUIRE(office
                .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                  DOORSTEP_TRY(reassignVisit(database, office.provider, visit, 1, carer, act));
                  return kDone;
                })
                .ok());
  }
  office.clock.advance(-3 * kHourMs);  // the server's clock is set back
  office.import(oneVisit("2026-11-27"));
  office.clock.advance(2 * kHourMs);
  office.import(oneVisit("2026-11-26"));
}

TEST_CASE("what is kept with a visit judges as all of its versions do, at any time") {
  OfficeFixture office;
  writeVersions(office);
  const VisitId visit = visitOf(office, "t");
  REQUIRE(historyOf(office, visit).plans.size() == 7);
  checkAgainstHistory(office, visit);
}

TEST_CASE("a database of before is given what is kept with each visit, and goes on from there") {
  OfficeFixture office;
  writeVersions(office);
  const std::string before = keptLocks(office);
  forgetLocks(office);
  REQUIRE(keptLocks(office) != before);
  REQUIRE(fillLocks(office.database()).ok());
  CHECK(keptLocks(office) == before);
  office.clock.advance(kHourMs);
  office.import(oneVisit("2026-11-28"));
  checkAgainstHistory(office, visitOf(office, "t"));
}

TEST_CASE("what is kept is made of any number of visits, some at a time") {
  OfficeFixture office;
  RotaText text;
  text.carers += "c1,Cara\n";
  for (std::size_t i = 0; i <= kVisitsFilledAtOnce; ++i) {
    const std::string person = "p" + std::to_string(i);
    text.people += person + ",Ann,,,\n";
    text.visits += visitRow("v" + std::to_string(i), person, "", "2026-11-25");
  }
  office.import(text);
  const std::string before = keptLocks(office);
  forgetLocks(office);
  REQUIRE(fillLocks(office.database()).ok());
  CHECK(keptLocks(office) == before);
}

TEST_CASE("a version that cannot be read costs its own visit alone") {
  OfficeFixture office;
  office.import(twoCarers());
  auto damage = office.database().prepare("UPDATE visit_version SET visit = ? WHERE visit_id = ?");
  damage->bindBlob(0, "\xff\xff").bindId(1, visitOf(office, "t").value);
  REQUIRE(damage->run().ok());
  forgetLocks(office);
  REQUIRE(fillLocks(office.database()).ok());
  const auto judged = [&](const char* ref) {
    return judgedVisit(office.database(), office.provider, visitOf(office, ref),
                       office.clock.wallUnixMs());
  };
  CHECK(judged("t").error().reason == "PLAN_DAMAGED");
  CHECK(judged("u").ok());
  CHECK(judgedVisit(office.database(), office.provider, VisitId(5), 0).error().reason ==
        "VISIT_UNKNOWN");
}

}  // namespace
}  // namespace doorstep::roster
