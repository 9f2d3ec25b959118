// SPDX-License-Identifier: Apache-2.0
// What is commissioned reaches records and files, from its day on and not before.
#include <catch2/catch.hpp>
#include <sstream>

#include "shared/core/local_time.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measure_files/week_files.h"
#include "shared/visits/measures/recomputation.h"
#include "sync-server/commissioning/commissioned_import.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/files/packages_csv.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// A person with a visit of an hour on Monday 23 November 2026, and another one on Tuesday.
struct Orders {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};

  Orders() {
    for (const std::string on : {"2026-11-23", "2026-11-24"}) {
      ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
      care.from = on + "T08:00:00";
      care.to = on + "T08:30:00";
      care.durationMin = 60;
      care.ref = on;
      const VisitId visit = day.addVisit(provider, care);
      day.checkIn(ann, visit, on + "T08:00:00");
      day.checkOut(ann, visit, on + "T08:30:00");
      day.send(ann, on + "T09:00:00");
    }
    day.setNow("2026-11-22T12:00:00");
  }
  void put(const std::string& columns, const std::string& row) {
    std::istringstream packages("person_ref,service_kind,week_minutes,from" + columns + "\np1," +
                                row + "\n");
    roster::FaultList faults;
    const auto files = commissioning::readCommissioned({nullptr, nullptr, &packages}, faults);
    const Status done =
        day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          DOORSTEP_TRY(commissioning::importCommissioned(database, provider, files, day.clock(),
                                                         day.ids(), act, faults));
          return kDone;
        });
    for (const auto& fault : faults.listed())
      INFO(fault.text);
    REQUIRE(faults.empty());
    REQUIRE(done.ok());
  }
  // Of both days, in order.
  std::vector<measures::VisitFacts> exported() {
    day.setNow("2026-11-24T20:00:00");
    day.judge();
    const auto lease = day.storage().read();
    const auto piece = exportPiece({lease, officer, day.now(), key}, {}, {});
    REQUIRE(piece.ok());
    auto read = measure_files::readVisits(measure_files::asTextFile("visits.csv", piece->text));
    REQUIRE(read.ok());
    REQUIRE(read->visits.size() == 2);
    if (read->visits.front().visitId != "2026-11-23")
      std::swap(read->visits.front(), read->visits.back());
    return std::move(read->visits);
  }
  std::vector<measures::WeekMinutes> packages() {
    const auto lease = day.storage().read();
    const auto contracts = roster::contracts(lease);
    Pseudonyms pseudonyms(key);
    std::string file = packagesHeader();
    const std::int64_t monday = londonDayNumber(ProviderDay::ms("2026-11-23T12:00:00"));
    REQUIRE(packagesCsv(lease, contracts->front(), {monday, monday + 6}, pseudonyms,
                        [&](const std::string& lines) -> Status {
                          file += lines;
                          return kDone;
                        })
                .ok());
    auto read = measure_files::readPackages(measure_files::asTextFile("packages.csv", file));
    INFO((read.ok() ? std::string() : read.error().text));
    REQUIRE(read.ok());
    return *std::move(read);
  }
};

TEST_CASE("a package holds for the visits of its days, and not for those before") {
  Orders orders;
  orders.day.judge();
  orders.put(",model,purchase,arranged_by,patch,short_visit_agreed,short_visit_basis",
             "reablement,420,2026-11-24,personal_budget,spot,health,Hills,yes,agreed_terms");
  const auto visits = orders.exported();
  CHECK(visits[0].serviceKind == measures::ServiceKind::Day);
  CHECK(visits[0].patch.empty());
  CHECK(visits[1].serviceKind == measures::ServiceKind::Reablement);
  CHECK(visits[1].model == measures::CareModel::PersonalBudget);
  CHECK(visits[1].purchase == measures::Purchase::Spot);
  CHECK(visits[1].arrangedBy == measures::ArrangedBy::Health);
  CHECK(visits[1].patch == "Hills");
  CHECK(visits[1].shortVisitAgreed);
}

TEST_CASE("a correction judges visits of days that had begun again, and those alone") {
  Orders orders;
  orders.exported();  // judged without a package
  orders.day.setNow("2026-11-24T21:00:00");
  orders.put(",suspended_reason,suspended_from,suspended_until,correction_reason",
             "day,420,2026-11-23,hospital,2026-11-24,2026-11-25,The hospital told us late");
  const auto visits = orders.exported();
  CHECK(visits[0].suspension == measures::Suspension::No);
  CHECK(visits[1].suspension == measures::Suspension::Hospital);
}

TEST_CASE("what was rebuilt is what was judged step by step") {
  Orders orders;
  orders.put(",patch", "reablement,420,2026-11-24,Hills");
  orders.exported();
  const std::string stepByStep = orders.day.derivedRows();
  orders.day.rebuild(1);
  orders.exported();
  CHECK(orders.day.derivedRows() == stepByStep);
}

TEST_CASE("packages.csv is read by whoever recomputes, and names people as visits.csv does") {
  Orders orders;
  orders.put("", "day,600,2026-11-23");
  const auto visits = orders.exported();
  const auto packages = orders.packages();
  REQUIRE(packages.size() == 1);
  CHECK(packages.front().minutes == 600);
  CHECK(packages.front().person == visits.front().person);
  CHECK(packages.front().provider == visits.front().provider);
  CHECK(packages.front().contractId == visits.front().contractId);
  measures::MeasureInput input;
  input.visits = visits;
  input.packages = packages;
  input.rules.add("*", {1, 0, {}, {}});
  const measures::MeasureQuery query;
  const measures::Recomputation all(input, query);
  const auto figures = all.figuresOf(all.groups().begin()->second);
  for (const measures::NamedFigure& each : figures.figures) {
    if (each.id == "delivered.of_commissioned_capped") {
      // Two visits of half an hour each.
      CHECK(each.figure == measures::Figure{60 * 60'000, 600 * 60'000});
      return;
    }
  }
  FAIL("no such figure");
}

}  // namespace
}  // namespace doorstep::records
