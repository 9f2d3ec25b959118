// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_history.h"

#include <catch2/catch.hpp>

#include "sync-server/office/rota_office.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

std::vector<PlanVersion> versionsOf(OfficeFixture& office, std::uint64_t before = 0,
                                    std::uint32_t limit = 100) {
  auto found = planVersions(office.database(), office.provider, before, limit);
  REQUIRE(found.ok());
  return *found;
}

TEST_CASE("an import writes down when, by whom and from which files the version was made") {
  OfficeFixture office;
  const std::vector<PlanFile> files = {{"carers.csv", 9, "aa"}, {"visits.csv", 7, ""}};
  roster::FaultList faults;
  const Rota rota = readText(twoCarers(), faults);
  const auto import = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    ImportTarget target{office.provider, office.council};
    target.files = files;
    DOORSTEP_TRY(importRota(database, rota, target, office.clock, office.ids, act, faults));
    return kDone;
  };
  REQUIRE(office.decide(import, AccountId(5)).ok());
  const auto versions = versionsOf(office);
  REQUIRE(versions.size() == 1);
  CHECK(versions[0].version == 1);
  CHECK(versions[0].madeUnixMs == office.clock.wallUnixMs());
  CHECK(versions[0].account == AccountId(5));
  CHECK(versions[0].reason == PlanReason::Import);
  CHECK(versions[0].visitsNew == rota.visits.size());
  CHECK(versions[0].files == files);
}

TEST_CASE("a reassignment is a version with its account, and an import of the same is none") {
  OfficeFixture office;
  office.import(twoCarers());
  office.import(twoCarers());
  auto row = office.database().prepare("SELECT visit_id FROM visit WHERE ref = 't'");
  REQUIRE(row->step().ok());
  const VisitId visit(row->columnId(0));
  row->reset();
  const auto reassign = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_TRY(reassignVisit(database, office.provider, visit, 1, CarerId(), act));
    return kDone;
  };
  REQUIRE(office.decide(reassign, AccountId(9)).ok());
  const auto versions = versionsOf(office);
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].version == 2);
  CHECK(versions[0].reason == PlanReason::Reassignment);
  CHECK(versions[0].account == AccountId(9));
  CHECK(versions[0].visitsChanged == 1);
  CHECK(versions[1].account == AccountId());
  CHECK(versionsOf(office, 2).size() == 1);
  CHECK(versionsOf(office, 0, 1).size() == 1);
}

TEST_CASE("an import that is taken back leaves no version") {
  OfficeFixture office;
  roster::FaultList faults;
  const Rota rota = readText(twoCarers(), faults);
  const ImportTarget target{office.provider, office.council};
  REQUIRE(
      office::importRota(
          office.unlogged->office(), {}, rota,
          {.target = [&](sql::Database&) { return Result<ImportTarget>(target); }, .dryRun = true},
          office.clock, office.ids, faults)
          .ok());
  CHECK(versionsOf(office).empty());
}

TEST_CASE("an import is asked to stop before its first visit is written, and then leaves nothing") {
  OfficeFixture office;
  roster::FaultList faults;
  const Rota rota = readText(twoCarers(), faults);
  const ImportTarget target{office.provider, office.council};
  int asked = 0;
  std::uint64_t written = 0;
  const auto stopped = office::importRota(
      office.unlogged->office(), {}, rota,
      {.target = [&](sql::Database&) { return Result<ImportTarget>(target); },
       .progress = [&](std::uint64_t done, std::uint64_t) { written = done; },
       .mayGoOn = [&]() -> Status {
         ++asked;
         return Error{ErrorCode::Unavailable, "SERVER_STOPPING", "the server is stopping"};
       }},
      office.clock, office.ids, faults);
  CHECK(stopped.error().reason == "SERVER_STOPPING");
  CHECK(asked == 1);
  CHECK(written == 0);
  CHECK(versionsOf(office).empty());
}

TEST_CASE("of a version that nobody wrote down it is said that it is not known") {
  PlanVersion version;
  version.version = 3;
  const auto message = toProto(version, {{AccountId(7), "Olu"}});
  CHECK_FALSE(message.has_made_unix_ms());
  CHECK(message.account_name().empty());
  CHECK(message.reason() == v1::PLAN_REASON_UNSPECIFIED);
  version.account = AccountId(7);
  CHECK(toProto(version, {{AccountId(7), "Olu"}}).account_name() == "Olu");
}

}  // namespace
}  // namespace doorstep::roster
