// SPDX-License-Identifier: Apache-2.0
// How many events of one visit count, and what a visit with more of them costs.
#include <catch2/catch.hpp>

#include "shared/visits/limits.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::projections {
namespace {

using support::ProviderDay;

struct CrowdedHome {
  ProviderDay day{{.quarantineToo = true}};
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId visit = addVisit();
  VisitId other = addVisit();

  VisitId addVisit() {
    return day.addVisit(provider, {.person = person,
                                   .carers = {ann, bea},
                                   .from = "2026-11-23T08:00:00",
                                   .to = "2026-11-23T08:30:00"});
  }
  // One entry of so many amendments.
  void amend(CarerId carer, std::uint64_t number, std::size_t events) {
    for (std::size_t i = 0; i < events; ++i)
      day.record(carer, visit,
                 visits::Amended{number, visits::AmendReason::WrongTap,
                                 visits::CorrectedTime{ProviderDay::ms("2026-11-23T08:03:00")}},
                 "2026-11-23T08:40:00");
    day.send(carer, "2026-11-23T08:41:00");
  }
  std::vector<std::string> quarantine() {
    std::vector<std::string> reasons;
    for (const auto& entry : day.log().quarantinedEntries(provider, UINT64_MAX, 100).value())
      reasons.push_back(entry.quarantineReason);
    return reasons;
  }
  std::vector<AttendanceRecord> records(VisitId of) {
    const auto lease = day.storage().read();
    return AttendanceReader::open(lease).value().ofVisit(provider, of).value();
  }
};

TEST_CASE("one device's events about a visit count up to its share, and nobody else pays") {
  CrowdedHome home;
  const std::uint64_t in =
      home.day.record(home.ann, home.visit, visits::CheckedIn{}, "2026-11-23T08:02:00");
  home.day.send(home.ann, "2026-11-23T08:03:00");
  home.amend(home.ann, in, 255);
  home.amend(home.ann, in, visits::kEventsPerVisitOfDeviceMax - 256);
  CHECK(home.quarantine().empty());
  home.amend(home.ann, in, 1);
  CHECK(home.quarantine() == std::vector<std::string>{"VISIT_QUOTA"});

  home.day.checkIn(home.bea, home.visit, "2026-11-23T08:05:00");
  home.day.send(home.bea, "2026-11-23T08:06:00");
  home.day.checkIn(home.ann, home.other, "2026-11-23T09:05:00");
  home.day.send(home.ann, "2026-11-23T09:06:00");
  CHECK(home.quarantine().size() == 1);
  CHECK(home.records(home.visit).size() == 2);
  CHECK(home.records(home.other).size() == 1);
  const std::string rows = home.day.derivedRows();
  home.day.rebuild(7);
  CHECK(home.day.derivedRows() == rows);
}

TEST_CASE("an entry that also speaks of a full visit is set aside whole, and the next one counts") {
  CrowdedHome home;
  const std::uint64_t in =
      home.day.record(home.ann, home.visit, visits::CheckedIn{}, "2026-11-23T08:02:00");
  home.day.send(home.ann, "2026-11-23T08:03:00");
  home.amend(home.ann, in, 256);
  home.amend(home.ann, in, visits::kEventsPerVisitOfDeviceMax - 257);
  home.day.checkIn(home.ann, home.other, "2026-11-23T08:39:00");
  home.amend(home.ann, in, 1);
  CHECK(home.quarantine() == std::vector<std::string>{"VISIT_QUOTA"});
  CHECK(home.records(home.other).empty());
  home.day.checkIn(home.ann, home.other, "2026-11-23T09:06:00");
  home.day.send(home.ann, "2026-11-23T09:07:00");
  CHECK(home.records(home.other).size() == 1);
}

}  // namespace
}  // namespace doorstep::projections
