// SPDX-License-Identifier: Apache-2.0
// Lots and terms that were said wrongly and are corrected for days that have begun.
#include <catch2/catch.hpp>

#include "shared/core/local_time.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// The county has the lot north, the city south; a visit of the 23rd to somebody in the north.
struct Corrected {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "n1", "north");
  crypto::SecretKey key{};
  const std::int64_t visitDay = londonDayNumber(ProviderDay::ms("2026-11-23T12:00:00"));

  Corrected() {
    day.addProvider("Dales Care", "City", {"south"});
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
    care.from = care.to = "2026-11-23T08:00:00";
    day.addVisit(provider, care);
    day.setNow("2026-11-24T12:00:00");
  }
  // In a plan version of its own.
  void decide(const office::OfficeLog::Job& job) {
    REQUIRE(day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                 DOORSTEP_ASSIGN(auto writer,
                                 roster::PlanWriter::begin(database, provider, act,
                                                           roster::PlanReason::Import));
                 DOORSTEP_TRY(job(database, act));
                 DOORSTEP_TRY(writer.finish());
                 return kDone;
               })
                .ok());
  }
  Reading reading(const identity::AccountCaller& caller) {
    lease.emplace(day.storage().read());
    return {*lease, caller, day.now(), key};
  }
  std::vector<v1::VisitRecord> list(const std::string& council) {
    const auto page = listRecords(reading(day.officer(council)), {}, {}, 10);
    REQUIRE(page.ok());
    return {page->response.records().begin(), page->response.records().end()};
  }
  std::uint64_t correctedOf(const std::string& council) {
    return readTotals(reading(day.officer(council)), {})->totals().terms_corrected();
  }
  std::optional<decltype(std::declval<storage::Storage&>().read())> lease;
};

TEST_CASE("figures follow the correction of a person's lot, which says what was so before") {
  Corrected corrected;
  REQUIRE(corrected.list("County").size() == 1);
  CHECK_FALSE(corrected.list("County")[0].has_terms_correction());
  corrected.decide([&](sql::Database& database, event_log::OfficeAct&) {
    return roster::putPersonTerms(
        database, corrected.provider, corrected.person,
        {corrected.visitDay - 2, "south", "T2", "", "typed wrongly on Friday"});
  });
  CHECK(corrected.list("County").empty());
  const auto records = corrected.list("City");
  REQUIRE(records.size() == 1);
  CHECK(records[0].lot() == "south");
  CHECK(records[0].tier() == "T2");
  const auto& correction = records[0].terms_correction();
  CHECK(correction.reason() == "typed wrongly on Friday");
  CHECK(correction.made_unix_ms() == corrected.day.now());
  REQUIRE(correction.before_size() == 1);
  CHECK(correction.before(0).lot() == "north");
  CHECK(correction.before(0).made_unix_ms() == ProviderDay::ms("2026-01-01T00:00:00"));
  CHECK(correction.before(0).replaced_unix_ms() == corrected.day.now());
  CHECK(corrected.correctedOf("City") == 1);
  CHECK(corrected.correctedOf("County") == 0);
}

TEST_CASE("a correction since always keeps the row that it replaces, with from when until when") {
  Corrected corrected;
  corrected.decide([&](sql::Database& database, event_log::OfficeAct&) {
    return roster::putPersonTerms(database, corrected.provider, corrected.person,
                                  {roster::kFromAlways, "south", "", "", "never was in the north"});
  });
  const auto records = corrected.list("City");
  REQUIRE(records.size() == 1);
  REQUIRE(records[0].terms_correction().before_size() == 1);
  const auto& before = records[0].terms_correction().before(0);
  CHECK(before.lot() == "north");
  CHECK(before.from_day().empty());
  CHECK(before.made_unix_ms() == ProviderDay::ms("2026-01-01T00:00:00"));
  CHECK(before.replaced_unix_ms() == corrected.day.now());
}

TEST_CASE("a lot whose contract was said wrongly goes to the other council with its past visits") {
  Corrected corrected;
  corrected.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    roster::ContractTerms terms;
    terms.ref = "Dales Care for City";
    DOORSTEP_ASSIGN(terms.council, roster::ensureCouncil(database, "City", corrected.day.clock(),
                                                         corrected.day.ids()));
    terms.provider = corrected.provider;
    terms.lots = {"north"};
    terms.starts["north"] = {corrected.visitDay - 1, "lead", "the boundary was read wrongly"};
    DOORSTEP_TRY(
        roster::ensureContract(database, terms, corrected.day.clock(), corrected.day.ids(), act));
    return kDone;
  });
  CHECK(corrected.list("County").empty());
  const auto records = corrected.list("City");
  REQUIRE(records.size() == 1);
  CHECK(records[0].terms_correction().reason() == "the boundary was read wrongly");
  CHECK(corrected.correctedOf("City") == 1);
}

}  // namespace
}  // namespace doorstep::records
