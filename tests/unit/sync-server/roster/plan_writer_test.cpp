// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_writer.h"

#include <catch2/catch.hpp>

#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3'600'000;

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
  REQUIRE(office.storage
              ->write([&](sqlite::Database& database) -> Status {
                DOORSTEP_ASSIGN(
                    commit, reassignVisit(database, office.provider, cara.visits.begin()->first, 1,
                                          CarerId(), office.clock.wallUnixMs()));
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
