// SPDX-License-Identifier: Apache-2.0
// Rotas that would cancel much of the plan, and visits that a rota itself calls cancelled.
#include <catch2/catch.hpp>
#include <string>

#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/rota_import.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::OfficeFixture;
using support::RotaText;

// Visits first to last, at 08:00 and every quarter of an hour of the day.
RotaText rotaOf(int first, int last, const std::string& day = "2026-11-24") {
  RotaText text;
  text.people += "p1,Ann,,,north\n";
  text.carers += "c1,Cara\n";
  for (int i = first; i <= last; ++i) {
    const std::string hour = std::to_string(10 + i / 4);
    const std::string start = day + "T" + hour + ":" + std::to_string(i % 4) + "0:00";
    text.visits += "v" + std::to_string(i) + ",p1,1,1,c1,tea," + start + "," + start + ",15,,,\n";
  }
  return text;
}

// As an office does it, who must confirm what cancels much.
Result<ImportSummary> importAsking(OfficeFixture& office, const RotaText& text, FaultList& faults) {
  const Rota rota = support::readText(text, faults);
  REQUIRE(faults.empty());
  ImportSummary summary;
  DOORSTEP_TRY(office.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(summary, importRota(database, rota, {office.provider, office.council, {}, true},
                                        office.clock, office.ids, act, faults));
    return kDone;
  }));
  return summary;
}

std::size_t plannedVisits(OfficeFixture& office) {
  const auto all = visitsInWindow(office.database(), office.provider, 0, INT64_MAX, {}, 1000);
  REQUIRE(all.ok());
  return static_cast<std::size_t>(std::count_if(all->begin(), all->end(), [](const auto& visit) {
    return visit.state == visits::VisitState::Planned;
  }));
}

TEST_CASE("a rota that leaves out more than a fifth of its days needs a word of confirmation") {
  OfficeFixture office;
  office.import(rotaOf(1, 20));
  FaultList faults;
  CHECK_FALSE(importAsking(office, rotaOf(1, 15), faults).ok());
  REQUIRE(faults.listed().size() == 1);
  CHECK(faults.listed()[0].reason == "CANCELS_MANY");
  CHECK(faults.listed()[0].text.find(
            "leaves out 5 of 20 visits that are planned from 2026-11-24") != std::string::npos);
  CHECK(plannedVisits(office) == 20);
  const auto confirmed = office.import(rotaOf(1, 15));
  CHECK(confirmed.visitsCancelled == 5);
  CHECK(confirmed.notes.listed().at(0).reason == "CANCELS_MANY");
  CHECK(plannedVisits(office) == 15);
}

TEST_CASE("a fifth of the visits, and two of a small rota, are cancelled without a word") {
  OfficeFixture office;
  office.import(rotaOf(1, 20));
  FaultList faults;
  CHECK(importAsking(office, rotaOf(1, 16), faults)->visitsCancelled == 4);
  OfficeFixture small;
  small.import(rotaOf(1, 3));
  const auto summary = importAsking(small, rotaOf(1, 1), faults);
  REQUIRE(summary.ok());
  CHECK(summary->visitsCancelled == 2);
  CHECK(summary->notes.listed().at(0).reason == "CANCELS_MANY");
}

TEST_CASE("refs that a spreadsheet rewrote cancel nothing without a word") {
  OfficeFixture office;
  office.import(rotaOf(1, 9));
  RotaText renamed = rotaOf(1, 9);
  for (std::size_t at = 0; (at = renamed.visits.find("\nv", at)) != std::string::npos; ++at)
    renamed.visits.replace(at, 2, "\nV");
  FaultList faults;
  CHECK_FALSE(importAsking(office, renamed, faults).ok());
  CHECK(faults.listed().at(0).text.find("9 visits are new") != std::string::npos);
}

TEST_CASE("what is still to come counts by itself, days of which the rota is silent do not") {
  OfficeFixture office("2026-11-24T14:05:00");
  office.import(rotaOf(1, 20));  // visits 17 to 20 are to come
  RotaText other = rotaOf(1, 20, "2026-11-26");
  for (std::size_t at = 0; (at = other.visits.find("\nv", at)) != std::string::npos; ++at)
    other.visits.replace(at, 2, "\nw");
  FaultList faults;
  CHECK(importAsking(office, other, faults)->visitsCancelled == 0);
  CHECK_FALSE(importAsking(office, rotaOf(1, 17), faults).ok());
  CHECK(faults.listed().at(0).reason == "CANCELS_MANY");
}

TEST_CASE("a visit that the rota itself calls cancelled is cancelled, and is none left out") {
  OfficeFixture office;
  office.import(rotaOf(1, 4));
  RotaText text = rotaOf(1, 4);
  text.visits.insert(text.visits.find('\n'), ",cancelled_by,cancelled_at");
  for (const char* ref : {"v1,", "v2,", "v3,"}) {
    const std::size_t end = text.visits.find('\n', text.visits.find(ref));
    text.visits.insert(end, ",Person,2026-11-23T18:00");
  }
  FaultList faults;
  const auto summary = importAsking(office, text, faults);
  REQUIRE(summary.ok());
  CHECK(summary->visitsCancelled == 3);
  CHECK(summary->notes.empty());
  CHECK(plannedVisits(office) == 1);
  CHECK(office.import(text).visitsCancelled == 0);
  CHECK(office.import(rotaOf(1, 4)).visitsChanged == 3);  // planned again
}

TEST_CASE("who cancelled a visit and when belong together and are checked") {
  const auto faultOf = [](const std::string& by, const std::string& at) {
    RotaText text = rotaOf(1, 1);
    text.visits.insert(text.visits.find('\n'), ",cancelled_by,cancelled_at");
    text.visits.insert(text.visits.size() - 1, "," + by + "," + at);
    FaultList faults;
    support::readText(text, faults);
    return faults.empty() ? "" : faults.listed()[0].column + " " + faults.listed()[0].reason;
  };
  CHECK(faultOf("", "").empty());
  CHECK(faultOf("council", "2026-11-23T18:00").empty());
  CHECK(faultOf("her sister", "2026-11-23T18:00") == "cancelled_by NOT_IN_LIST");
  CHECK(faultOf("person", "") == "cancelled_at EMPTY");
  CHECK(faultOf("", "2026-11-23T18:00") == "cancelled_by EMPTY");
  CHECK(faultOf("person", "soon") == "cancelled_at TIME_FORMAT");
}

TEST_CASE("who called a visit off wanted it, unless the file says that somebody else did") {
  const auto wantedBy = [](const std::string& cancelledBy, const std::string& changedBy) {
    RotaText text;
    text.people += "p1,Ann,,,\n";
    text.carers += "c1,Cara\n";
    text.visits.insert(text.visits.find('\n'), ",cancelled_by,cancelled_at,changed_by");
    text.visits += "a,p1,1,1,c1,tea,2026-11-24T08:00:00,2026-11-24T09:00:00,30,,,," + cancelledBy +
                   ",2026-11-23T18:00," + changedBy + "\n";
    FaultList faults;
    const Rota rota = readText(text, faults);
    REQUIRE(rota.visits.size() == 1);
    return rota.visits[0].changedBy;
  };
  CHECK(wantedBy("person", "") == visits::WantedBy::Person);
  CHECK(wantedBy("council", "") == visits::WantedBy::Council);
  CHECK(wantedBy("provider", "") == visits::WantedBy::Office);
  CHECK(wantedBy("provider", "person") == visits::WantedBy::Person);
  CHECK(wantedBy("person", "office") == visits::WantedBy::Office);
}

}  // namespace
}  // namespace doorstep::roster
