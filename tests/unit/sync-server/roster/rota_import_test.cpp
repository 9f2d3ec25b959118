// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota_import.h"
#include "sync-server/roster/known_visits.h"

#include <catch2/catch.hpp>
#include <string>

#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/roster_store.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::OfficeFixture;
using support::RotaText;

RotaText smallRota() {
  RotaText text;
  text.people += "p1,Ann Example,52.6369,-1.1398,north\np2,Bob Example,,,south\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits +=
      "v1,p1,1,1,c1,morning,2026-11-23T07:30:00,2026-11-23T08:30:00,30,,,\n"
      "v2,p2,1,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,45,v1,60,\n"
      "v2,p2,2,2,,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,45,v1,60,\n";
  return text;
}

std::vector<visits::PlannedVisit> allVisits(OfficeFixture& office) {
  auto found = visitsInWindow(office.database(), office.provider, 0, INT64_MAX, {}, 1000);
  REQUIRE(found.ok());
  return std::move(found).value();
}

visits::PlannedVisit visitByRef(OfficeFixture& office, const std::string& ref) {
  for (const auto& visit : allVisits(office))
    if (visit.ref == ref)
      return visit;
  FAIL("no visit " << ref);
  return {};
}

TEST_CASE("a rota becomes the plan, with ids, colleagues and tasks") {
  OfficeFixture office;
  const auto summary = office.import(smallRota());
  CHECK(summary.visitsNew == 2);
  CHECK(summary.commit.planVersion == 1);
  const auto v1 = visitByRef(office, "v1");
  const auto v2 = visitByRef(office, "v2");
  CHECK(v2.afterVisit == v1.id);
  REQUIRE(v2.slots.size() == 2);
  CHECK(v2.slots[0] == visits::CarerSlot{1, office.carer("c1"), "Cara"});
  CHECK(v2.slots[1] == visits::CarerSlot{2, {}, ""});
  CHECK_FALSE(v1.tasks.empty());
  CHECK(v1.planVersion == 1);
  const auto ann = person(office.database(), office.provider, v1.person);
  REQUIRE(ann.ok());
  CHECK(ann->name == "Ann Example");
  CHECK(ann->latitudeDeg == 52.6369);
}

TEST_CASE("the same rota again makes no plan version") {
  OfficeFixture office;
  const auto first = office.import(smallRota());
  const auto again = office.import(smallRota());
  CHECK(again.commit.planVersion == first.commit.planVersion);
  CHECK(again.commit.newestChange == first.commit.newestChange);
  CHECK(again.visitsNew + again.visitsChanged + again.visitsCancelled == 0);
}

TEST_CASE("a changed visit gets a version and the old one is kept") {
  OfficeFixture office;
  office.import(smallRota());
  RotaText moved = smallRota();
  moved.visits.replace(moved.visits.find("T07:30:00"), 9, "T07:45:00");
  const auto summary = office.import(moved);
  CHECK(summary.visitsChanged == 1);
  CHECK(summary.commit.planVersion == 2);
  const auto versions =
      visitVersions(office.database(), office.provider, visitByRef(office, "v1").id);
  REQUIRE(versions.ok());
  REQUIRE(versions->size() == 2);
  CHECK((*versions)[0].windowStartUnixMs == londonToUnixMs("2026-11-23T07:30:00").value());
  CHECK((*versions)[1].windowStartUnixMs == londonToUnixMs("2026-11-23T07:45:00").value());
  CHECK(visitByRef(office, "v2").planVersion == 1);
}

TEST_CASE("a visit that is missing from a day of the rota is cancelled, other days stay") {
  OfficeFixture office;
  RotaText text = smallRota();
  text.visits += "v3,p1,1,1,c2,morning,2026-11-24T07:30:00,2026-11-24T08:30:00,30,,,\n";
  text.visits += "v4,p1,1,1,c2,tea,2026-11-23T16:00:00,2026-11-23T16:30:00,30,,,\n";
  office.import(text);
  const auto summary = office.import(smallRota());  // knows the 23rd only
  CHECK(summary.visitsCancelled == 1);
  CHECK(visitByRef(office, "v4").state == visits::VisitState::Cancelled);
  CHECK(visitByRef(office, "v3").state == visits::VisitState::Planned);
  CHECK(office.import(smallRota()).visitsCancelled == 0);

  office.import(text);
  CHECK(visitByRef(office, "v4").state == visits::VisitState::Planned);
}

TEST_CASE("a carer's new name reaches the visits of the rota") {
  OfficeFixture office;
  office.import(smallRota());
  RotaText renamed = smallRota();
  renamed.carers = "carer_ref,name\nc1,Carla\nc2,Dan\n";
  CHECK(office.import(renamed).visitsChanged == 2);
  CHECK(visitByRef(office, "v1").slots[0].carerName == "Carla");
}

TEST_CASE("a lot without a contract is a fault, and nothing is imported") {
  OfficeFixture office;
  RotaText text = smallRota();
  text.contracts = "contract_ref,council,lot,late_tolerance_min\nk1,Leicestershire,north,20\n";
  FaultList faults;
  const auto done = office.tryImport(text, faults);
  REQUIRE_FALSE(done.ok());
  REQUIRE(faults.listed().size() == 1);
  CHECK(faults.listed()[0].file == "people.csv");
  CHECK(faults.listed()[0].line == 3);
  CHECK(faults.listed()[0].reason == "LOT_WITHOUT_CONTRACT");
  CHECK(allVisits(office).empty());
  CHECK(contracts(office.database())->empty());
}

TEST_CASE("contracts.csv makes contracts with their lots and rules") {
  OfficeFixture office;
  RotaText text = smallRota();
  text.contracts =
      "contract_ref,council,lot,late_tolerance_min,missed_after_min\n"
      "k1,Leicestershire,north,20,\nk1,Leicestershire,west,20,\nk2,Rutland,south,,90\n";
  office.import(text);
  const auto made = contractsOfProvider(office.database(), office.provider);
  REQUIRE(made.ok());
  REQUIRE(made->size() == 2);
  CHECK((*made)[0].lots == std::vector<std::string>{"north", "west"});
  CHECK((*made)[0].rules.at(0).rules.lateToleranceMin == 20);
  CHECK((*made)[1].councilName == "Rutland");
  CHECK((*made)[1].rules.at(0).rules.missedAfterMin == 90);
}

TEST_CASE("other rules of a contract become its next version from tomorrow on") {
  OfficeFixture office;
  RotaText text = smallRota();
  const std::string contract =
      "contract_ref,council,lot,late_tolerance_min\nk1,Leicestershire,north,20\n"
      "k1,Leicestershire,south,20\n";
  text.contracts = contract;
  office.import(text);
  office.clock.set("2026-12-01T09:00:00");
  text.contracts =
      "contract_ref,council,lot,late_tolerance_min\nk1,Leicestershire,north,5\n"
      "k1,Leicestershire,south,5\n";
  office.import(text);
  office.import(text);
  const auto made = contractsOfProvider(office.database(), office.provider);
  REQUIRE(made.ok());
  const Contract& k1 = made->at(0);
  REQUIRE(k1.rules.size() == 2);
  CHECK(rulesAt(k1, londonToUnixMs("2026-12-01T23:59:59").value()).rules.lateToleranceMin == 20);
  CHECK(rulesAt(k1, londonToUnixMs("2026-12-02T00:00:00").value()).rules.lateToleranceMin == 5);
  CHECK(rulesAt(k1, londonToUnixMs("2026-12-02T00:00:00").value()).number == 2);
}

TEST_CASE("a slot is given to another carer as a version of its own") {
  OfficeFixture office;
  office.import(smallRota());
  const auto v2 = visitByRef(office, "v2");
  const auto reassign = [&](std::uint32_t slot, CarerId carer) {
    Result<PlanCommit> commit = Error{};
    const auto done =
        office.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          commit = reassignVisit(database, office.provider, v2.id, slot, carer, act);
          if (!commit.ok())
            return commit.error();
          return kDone;
        });
    (void)done.ok();
    return commit;
  };
  const auto given = reassign(2, office.carer("c2"));
  REQUIRE(given.ok());
  CHECK(given->planVersion == 2);
  CHECK(visitByRef(office, "v2").slots[1] == visits::CarerSlot{2, office.carer("c2"), "Dan"});

  CHECK(reassign(2, office.carer("c2"))->planVersion == 2);
  CHECK(reassign(2, office.carer("c1")).error().reason == "SAME_CARER_TWICE");
  CHECK(reassign(3, office.carer("c1")).error().reason == "SLOT_UNKNOWN");
  CHECK(reassign(1, CarerId(7)).error().reason == "CARER_UNKNOWN");
  CHECK(reassign(1, CarerId())->planVersion == 3);
  CHECK(visitByRef(office, "v2").slots[0] == visits::CarerSlot{1, {}, ""});
}

TEST_CASE("a visit of another provider is not known") {
  OfficeFixture office;
  office.import(smallRota());
  const VisitId v1 = visitByRef(office, "v1").id;
  KnownVisits known(office.database());
  CHECK(*known.knows(office.provider, v1));
  CHECK(*known.knows(office.provider, v1));
  CHECK_FALSE(*known.knows(ProviderId(1), v1));
  CHECK_FALSE(*known.knows(office.provider, VisitId(1)));
  CHECK_FALSE(*known.knows(office.provider, VisitId()));
}

TEST_CASE("lists of visits go on after a cursor without a gap or a repeat") {
  OfficeFixture office;
  RotaText text = smallRota();
  for (int i = 0; i < 25; ++i)
    text.visits += "w" + std::to_string(i) + ",p1,1,1,c2,tea,2026-11-23T1" + std::to_string(i % 3) +
                   ":00:00,2026-11-23T18:00:00,30,,,\n";
  office.import(text);
  std::vector<VisitId> paged;
  VisitCursor after;
  while (true) {
    const auto page = visitsInWindow(office.database(), office.provider, 0, INT64_MAX, after, 4);
    REQUIRE(page.ok());
    if (page->empty())
      break;
    for (const auto& visit : *page)
      paged.push_back(visit.id);
    after = {page->back().windowStartUnixMs, page->back().id};
  }
  std::vector<VisitId> whole;
  for (const auto& visit : allVisits(office))
    whole.push_back(visit.id);
  CHECK(whole.size() == 27);
  CHECK(paged == whole);
}

TEST_CASE("whoever keeps a copy of the plan reads only what is newer") {
  OfficeFixture office;
  office.import(smallRota());
  RotaText moved = smallRota();
  moved.visits.replace(moved.visits.find("T07:30:00"), 9, "T07:45:00");
  office.import(moved);
  const auto newer = visitsChangedAfter(office.database(), office.provider, 1, {}, 100);
  REQUIRE(newer.ok());
  REQUIRE(newer->size() == 1);
  CHECK((*newer)[0].ref == "v1");
  const auto all = visitsChangedAfter(office.database(), office.provider, 0, {}, 1);
  REQUIRE(all->size() == 1);
  const auto rest = visitsChangedAfter(office.database(), office.provider, (*all)[0].planVersion,
                                       (*all)[0].id, 10);
  CHECK(rest->size() == 1);
}

}  // namespace
}  // namespace doorstep::roster
