// SPDX-License-Identifier: Apache-2.0
// What the office decided besides plan and rules is in a bundle, and rows follow from it.
#include "shared/evidence/checkpoint.h"
#include "sync-server/projections/touched_visits.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/unit/tools/verify/office_day.h"

namespace doorstep::verify {
namespace {

TEST_CASE("what is commissioned, adjusted and was done the day before follows from the bundle") {
  OfficeDay office;
  office.write();
  const Verdict verdict = office.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.follow == 7);
  CHECK(verdict.unproved == std::map<std::string, std::uint64_t>{{"plan_first_published_utc", 7}});
  // One row each of package and lot, however many visits rest on them.
  const std::string rows = office.read("commissioned.jsonl");
  CHECK(std::count(rows.begin(), rows.end(), '\n') == 2);
  const std::string row = office.line("visits.csv", ",v2,");
  for (const char* value : {",Hills,rural,reablement,personal_budget,spot,health,",
                            ",2026-11-23T09:05:00.000Z,2026-11-23T09:35:00.000Z,C7,A3,supervisor,",
                            ",true,agreed_terms,"})
    CHECK(row.find(value) != std::string::npos);
  // Ann's first start of the day has the one of the day before.
  CHECK(office.line("visits.csv", ",v1,").find("2026-11-22T08:03:00.000Z") != std::string::npos);
  CHECK(office.files("priors").size() == 1);
}

TEST_CASE("an earlier start is shown alone, and an adjustment without its note") {
  OfficeDay office;
  office.write();
  std::string all = office.read("evidence.jsonl");
  for (const char* folder : {"entries", "decisions", "priors"}) {
    for (const std::string& name : office.files(folder)) {
      const auto proof = evidence::parseTlogProof(office.read(name));
      REQUIRE(proof.ok());
      all += proof->extra;
    }
  }
  CHECK(all.find("of the day before") == std::string::npos);
  CHECK(all.find("daughter") == std::string::npos);
  CHECK(all.find("she said so") == std::string::npos);
  CHECK(all.find("a mistake") == std::string::npos);
}

TEST_CASE("a pause and a package that ended are proved as the rows that they are") {
  OfficeDay office;
  office.put("", "suspended_reason,suspended_from,suspended_until,correction_reason",
             "reablement,300,2026-11-23,hospital,2026-11-23,2026-11-30,told late");
  office.write();
  const Verdict verdict = office.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.follow == 7);
  CHECK(office.line("visits.csv", ",v1,").find(",hospital,") != std::string::npos);
}

TEST_CASE("a decision whose note an earlier release wrote into it is not shown") {
  OfficeDay office;
  adjustments::Adjustment row{.provider = office.provider,
                              .visit = office.visit("v6"),
                              .slot = 1,
                              .revision = 1,
                              .kind = adjustments::AdjustmentKind::Explained,
                              .reason = "C7",
                              .note = "he fell",
                              .byRole = "supervisor",
                              .madeUnixMs = office.day.now()};
  office.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    act.say(office.provider, visits::OfficeReason::Adjustment, adjustments::factWithoutNote(row),
            row.note);
    DOORSTEP_TRY(projections::touchVisit(database, row.provider, row.visit));
    return adjustments::addAdjustment(database, row);
  });
  office.write();
  const Verdict verdict = office.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.unproved.at("reason") == 1);
  CHECK(office.read("evidence.jsonl").find("NOTE_IN_DECISION") != std::string::npos);
}

TEST_CASE("an earlier visit that the council may not see is not shown, and said to be unproved") {
  OfficeDay office;
  const PersonId moved = office.day.addPerson(office.provider, "p7", "elsewhere");
  ProviderDay::PlannedCare care{.person = moved, .carers = {office.carers[0]}};
  care.from = care.to = "2026-11-21T08:00:00";
  const VisitId before = office.day.addVisit(office.provider, care);
  office.day.checkIn(office.carers[0], before, "2026-11-21T08:00:00");
  office.day.send(office.carers[0], "2026-11-23T15:00:00");
  care.from = care.to = "2026-11-23T16:00:00";
  care.ref = "v16";
  const VisitId now = office.day.addVisit(office.provider, care);
  office.day.checkIn(office.carers[0], now, "2026-11-23T16:00:00");
  office.day.send(office.carers[0], "2026-11-23T16:05:00");
  // Until the 23rd she was in a lot of no contract.
  office.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, office.provider, act,
                                                           roster::PlanReason::Import));
    const std::int64_t from = measures::parseDay("2026-11-23").value();
    DOORSTEP_TRY(roster::putPersonTerms(database, office.provider, moved,
                                        {from, "north", "", "", "she moved"}));
    DOORSTEP_TRY(writer.finish());
    return kDone;
  });
  office.write();
  const Verdict verdict = office.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.unproved.at("prior_visit_utc") == 1);
  CHECK(office.read("evidence.jsonl").find("PRIOR_NOT_SEEN") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::verify
