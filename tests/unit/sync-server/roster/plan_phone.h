// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/wire/plan_codec.h"
#include "sync-server/roster/plan_pull.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {

using support::OfficeFixture;
using support::RotaText;

// A phone's processing of a pull: applies changes in order, keeps the cursor, compares the hash.
struct PhoneCopy {
  CarerId carer;
  std::uint64_t cursor = 0;
  std::uint64_t planVersion = 0;
  std::map<VisitId, visits::PlannedVisit> visits;
  std::map<PersonId, visits::Person> people;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> objects;  // as received
  int pages = 0;
  int resets = 0;
  int changes = 0;

  void apply(const doorstep::roster::v1::PlanChanges& page) {
    ++pages;
    if (page.reset()) {
      ++resets;
      visits.clear();
      people.clear();
      objects.clear();
    }
    for (const auto& change : page.changes()) {
      ++changes;
      const auto& object = change.object();
      if (object.kind() == wire::kVisitKind) {
        const auto visit = wire::decodeVisit(VisitId(object.id()), object.bytes()).value();
        REQUIRE(people.contains(visit.person));
        visits.insert_or_assign(visit.id, visit);
      } else if (object.kind() == wire::kPersonKind) {
        const auto person = wire::decodePerson(PersonId(object.id()), object.bytes()).value();
        people.insert_or_assign(person.id, person);
      } else if (change.removed().kind() == wire::kVisitKind) {
        visits.erase(VisitId(change.removed().id()));
      } else {
        people.erase(PersonId(change.removed().id()));
      }
      if (change.has_object())
        objects[{object.kind(), object.id()}] = object.bytes();
      else
        objects.erase({change.removed().kind(), change.removed().id()});
    }
    cursor = page.next_cursor();
    planVersion = page.plan_version();
    if (page.has_more())
      return;
    wire::ScopeHash hash;
    for (const auto& [key, bytes] : objects)
      hash.add(key.first, key.second, bytes);
    REQUIRE(page.scope_count() == hash.count());
    REQUIRE(page.scope_hash() == hash.bytes());
  }
};

inline void pull(OfficeFixture& office, PhoneCopy& phone, const PullLimits& limits = {}) {
  while (true) {
    const auto page = pullChanges(office.database(), {office.provider, phone.carer}, phone.cursor,
                                  office.clock.wallUnixMs(), limits);
    REQUIRE(page.ok());
    if (!*page)
      return;
    phone.apply(**page);
    if (!(*page)->has_more())
      return;
  }
}

inline std::string visitRow(const std::string& ref, const std::string& person,
                            const std::string& carer, const std::string& day,
                            const std::string& time = "08:00") {
  return ref + "," + person + ",1,1," + carer + ",morning," + day + "T" + time + ":00," + day +
         "T23:00:00,30,,,\n";
}

inline RotaText twoCarers() {
  RotaText text;
  text.people += "p1,Ann,,,north\np2,Bob,,,north\np3,Cid,,,north\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits += visitRow("y", "p1", "c1", "2026-11-22") + visitRow("t", "p1", "c1", "2026-11-23") +
                 visitRow("u", "p2", "c2", "2026-11-23") + visitRow("f", "p3", "c1", "2026-12-07") +
                 visitRow("g", "p2", "c1", "2026-12-08") + visitRow("b", "p2", "c1", "2026-11-21");
  return text;
}

inline std::set<std::string> refs(const PhoneCopy& phone) {
  std::set<std::string> found;
  for (const auto& [id, visit] : phone.visits)
    found.insert(visit.ref);
  return found;
}

inline std::set<std::string> names(const PhoneCopy& phone) {
  std::set<std::string> found;
  for (const auto& [id, person] : phone.people)
    found.insert(person.name);
  return found;
}

}  // namespace doorstep::roster
