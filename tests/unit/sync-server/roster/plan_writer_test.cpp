// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_writer.h"

#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/roster_store.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

// Changes the plan of one carer, by a visit that is hers and then nobody's in turn.
struct ChangingOffice : OfficeFixture {
  ChangingOffice() {
    import(twoCarers());
    cara = carer("c1");
  }
  // Each a commit with one change of hers.
  void change(std::size_t times) {
    REQUIRE(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
              for (std::size_t i = 0; i < times; ++i) {
                hers = !hers;
                DOORSTEP_TRY(
                    reassignVisit(database, provider, visit(), 1, hers ? cara : CarerId(), act));
              }
              return kDone;
            }).ok());
  }
  VisitId visit() {
    auto row = database().prepare("SELECT visit_id FROM visit WHERE ref = 't'");
    REQUIRE(row->step().ok());
    return VisitId(row->columnId(0));
  }
  std::size_t kept() {
    auto rows = database().prepare("SELECT count(*) FROM plan_change WHERE carer_id = ?");
    REQUIRE(rows->bindId(0, cara.value).step().ok());
    return static_cast<std::size_t>(rows->columnInt(0));
  }

  CarerId cara;
  bool hers = true;
};

TEST_CASE("the feed of a carer is bounded, and a phone that is further behind is given all anew") {
  ChangingOffice office;
  PhoneCopy near{office.cara};
  PhoneCopy far{office.cara};
  pull(office, near);
  pull(office, far);
  office.change(kChangesPerCarerMax);
  CHECK(office.kept() == kChangesPerCarerMax);
  pull(office, near);
  office.change(kChangesPerCarerMax);
  pull(office, near);
  CHECK(near.resets == 1);  // the first pull of a phone
  pull(office, far);
  CHECK(far.resets == 2);
  CHECK(refs(far) == refs(near));
  office.change(1);
  pull(office, far);
  CHECK(far.resets == 2);
  CHECK(refs(far) != refs(near));
  CHECK(office.kept() == kChangesPerCarerMax);
}

TEST_CASE("what is too much of an old feed goes in steps, twice what each commit adds") {
  ChangingOffice office;
  REQUIRE(office.database()
              .execute("WITH RECURSIVE old(change) AS (SELECT 101 UNION ALL SELECT change + 1 "
                       "FROM old WHERE change < 2100) INSERT INTO plan_change SELECT provider_id, "
                       "carer_id, old.change, 1, 1, 1, 1 FROM carer, old WHERE carer.ref = 'c1'")
              .ok());
  REQUIRE(office.database().execute("UPDATE provider SET newest_change = 2100").ok());
  const std::size_t before = office.kept();
  office.change(10);
  CHECK(office.kept() == before - 10);
  office.change(before);
  CHECK(office.kept() == kChangesPerCarerMax);
}

TEST_CASE("a phone holds its scope until something of its own carer changes, or the day does") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy cara{office.carer("c1")};
  PhoneCopy dan{office.carer("c2")};
  const auto holds = [&](const PhoneCopy& phone) {
    const auto held = holdsScope(office.database(), {office.provider, phone.carer}, phone.cursor,
                                 office.clock.wallUnixMs());
    REQUIRE(held.ok());
    return *held;
  };
  CHECK_FALSE(holds(cara));
  pull(office, cara);
  pull(office, dan);
  CHECK(holds(cara));
  PlanCommit commit;
  REQUIRE(office
              .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                DOORSTEP_ASSIGN(
                    commit, reassignVisit(database, office.provider, cara.visits.begin()->first, 1,
                                          CarerId(), act));
                return kDone;
              })
              .ok());
  CHECK(commit.carers == std::vector<CarerId>{cara.carer});
  CHECK(commit.changeBefore + 1 == commit.newestChange);
  CHECK_FALSE(holds(cara));
  CHECK(holds(dan));
  office.clock.advance(kDayMs);
  CHECK_FALSE(holds(dan));
  PhoneCopy restored{dan.carer, hintCursor(commit.newestChange + 1, office.clock.wallUnixMs())};
  CHECK_FALSE(holds(restored));
}

}  // namespace
}  // namespace doorstep::roster
