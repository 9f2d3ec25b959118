// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_pull.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/scope_days.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

TEST_CASE(
    "the first pull gives the carer's visits from yesterday to 14 days ahead and their people") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  CHECK(refs(phone) == std::set<std::string>{"f", "t", "y"});
  CHECK(names(phone) == std::set<std::string>{"Ann", "Cid"});
  CHECK(phone.planVersion == 1);
}

TEST_CASE("nothing new is answered with nothing") {
  OfficeFixture office;
  const auto summary = office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  const auto again = pullChanges(office.database(), {office.provider, phone.carer}, phone.cursor,
                                 office.clock.wallUnixMs());
  REQUIRE(again.ok());
  CHECK_FALSE(again->has_value());
  CHECK(nothingToPull(phone.cursor, summary.commit.newestChange, office.clock.wallUnixMs()));
  CHECK(phone.cursor == hintCursor(summary.commit.newestChange, office.clock.wallUnixMs()));
}

TEST_CASE("a reassigned visit leaves one phone, with its person, and reaches the other") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy cara{office.carer("c1")};
  PhoneCopy dan{office.carer("c2")};
  pull(office, cara);
  pull(office, dan);
  const int before = cara.changes;
  REQUIRE(office
              .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                for (const auto& [id, visit] : cara.visits)
                  if (visit.ref == "f")
                    DOORSTEP_TRY(reassignVisit(database, office.provider, id, 1, dan.carer, act));
                return kDone;
              })
              .ok());
  pull(office, cara);
  pull(office, dan);
  CHECK(refs(cara) == std::set<std::string>{"t", "y"});
  CHECK(names(cara) == std::set<std::string>{"Ann"});
  CHECK(cara.changes - before == 2);
  CHECK(refs(dan) == std::set<std::string>{"f", "u"});
  CHECK(cara.planVersion == 2);
}

TEST_CASE("a day that passes moves one day out of the scope and one in") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  office.clock.set("2026-11-24T00:00:00");
  pull(office, phone);
  CHECK(refs(phone) == std::set<std::string>{"f", "g", "t"});
  office.clock.set("2026-11-25T00:00:00");
  pull(office, phone);
  CHECK(refs(phone) == std::set<std::string>{"f", "g"});
  CHECK(names(phone) == std::set<std::string>{"Bob", "Cid"});
  CHECK(phone.resets == 1);  // the first pull
}

TEST_CASE("a phone that was away for a year is brought up to date without a reset") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  office.clock.set("2027-11-23T06:00:00");
  RotaText later;
  later.people = twoCarers().people;
  later.carers = twoCarers().carers;
  later.visits += visitRow("z", "p3", "c1", "2027-11-24");
  office.import(later);
  pull(office, phone);
  CHECK(refs(phone) == std::set<std::string>{"z"});
  CHECK(names(phone) == std::set<std::string>{"Cid"});
  CHECK(phone.resets == 1);
}

TEST_CASE("a cancelled visit stays on the phone, marked") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  RotaText text = twoCarers();
  const auto row = visitRow("t", "p1", "c1", "2026-11-23");
  text.visits.erase(text.visits.find(row), row.size());
  office.import(text);
  pull(office, phone);
  for (const auto& [id, visit] : phone.visits)
    CHECK((visit.state == visits::VisitState::Cancelled) == (visit.ref == "t"));
}

TEST_CASE("a change of a person reaches the carers who see that person, and nobody else") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy cara{office.carer("c1")};
  PhoneCopy dan{office.carer("c2")};
  pull(office, cara);
  pull(office, dan);
  RotaText text = twoCarers();
  text.people.replace(text.people.find("Ann"), 3, "Eve");
  office.import(text);
  const int dansChanges = dan.changes;
  pull(office, cara);
  pull(office, dan);
  CHECK(names(cara) == std::set<std::string>{"Cid", "Eve"});
  CHECK(dan.changes == dansChanges);
}

TEST_CASE("a cursor of a future that was lost is answered from the start") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  phone.cursor = hintCursor(1'000'000, office.clock.wallUnixMs());
  pull(office, phone);
  CHECK(phone.resets == 2);
  CHECK(refs(phone) == std::set<std::string>{"f", "t", "y"});
}

TEST_CASE("a cursor that no server gave out is answered from the start, whatever its bits say") {
  OfficeFixture office;
  office.import(twoCarers());
  const std::int64_t now = office.clock.wallUnixMs();
  std::vector<std::uint64_t> madeUp = {1, 2, UINT64_MAX, UINT64_MAX - 1, INT64_MAX};
  for (int bit = 0; bit < 64; ++bit)
    madeUp.push_back(1ULL << bit);
  for (int bit = 0; bit < 64; ++bit)
    madeUp.push_back(hintCursor(1, now) ^ (1ULL << bit));
  int answeredFromTheStart = 0;
  for (const std::uint64_t cursor : madeUp) {
    INFO("cursor " << cursor);
    PhoneCopy phone{office.carer("c1")};
    phone.cursor = cursor;
    const PullScope scope{office.provider, phone.carer};
    CHECK(holdsScope(office.database(), scope, cursor, now).ok());
    CHECK(heldPlanVersion(office.database(), office.provider, phone.carer, cursor).ok());
    const auto page = pullChanges(office.database(), scope, cursor, now);
    REQUIRE(page.ok());
    // Some of them look like a cursor of this server: such a phone lies about itself alone, and the
    // scope's hash tells it so.
    if (!page->has_value() || !(*page)->reset())
      continue;
    ++answeredFromTheStart;
    pull(office, phone);
    CHECK(refs(phone) == std::set<std::string>{"f", "t", "y"});
  }
  CHECK(answeredFromTheStart > 100);
}

TEST_CASE("small pages give the same scope as one, and end") {
  OfficeFixture office;
  RotaText text = twoCarers();
  for (int day = 10; day < 30; ++day)
    for (int i = 0; i < 6; ++i)
      text.visits +=
          visitRow("d" + std::to_string(day) + "-" + std::to_string(i),
                   "p" + std::to_string(i % 3 + 1), "c1", "2026-11-" + std::to_string(day));
  office.import(text);
  PhoneCopy whole{office.carer("c1")};
  PhoneCopy paged{office.carer("c1")};
  pull(office, whole);
  pull(office, paged, {.changesMax = 3, .bytesMax = 1 << 20});
  CHECK(paged.pages > 5);
  CHECK(paged.visits == whole.visits);
  CHECK(paged.people == whole.people);
  CHECK(paged.cursor == whole.cursor);
}

// Random plans, reassignments and days against two phones that pull now and then with small pages;
// each last page's hash is checked against what the phone holds, and the scope against the plan
// itself.
TEST_CASE(
    "whatever the office does and whenever a phone pulls, it holds its scope and nothing else") {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    OfficeFixture office;
    support::SeededIds random(seed);
    RotaText names;
    for (int i = 1; i <= 5; ++i)
      names.people += "p" + std::to_string(i) + ",Person " + std::to_string(i) + ",,,north\n";
    names.carers += "c1,Cara\nc2,Dan\n";
    office.import(names);
    PhoneCopy phones[] = {{office.carer("c1")}, {office.carer("c2")}};
    for (int step = 0; step < 60; ++step) {
      INFO("seed " << seed << " step " << step);
      const std::int64_t now = office.clock.wallUnixMs();
      const auto pick = random.below(10);
      if (pick < 4) {
        RotaText text = names;
        if (random.below(2) == 0)
          text.people.replace(text.people.find("Person 1"), 8,
                              random.below(2) == 0 ? "Renamed" : "Person 1");
        for (int i = 0; i < 8; ++i) {
          const std::int64_t day =
              londonDayNumber(now) - 3 + static_cast<std::int64_t>(random.below(22));
          text.visits +=
              visitRow("r" + std::to_string(random.below(1000) * 10 + static_cast<unsigned>(i)),
                       "p" + std::to_string(random.below(5) + 1),
                       random.below(5) == 0 ? "" : "c" + std::to_string(random.below(2) + 1),
                       londonDay(londonDayBeginUnixMs(day)));
        }
        office.import(text);
      } else if (pick < 6) {
        const auto all = visitsInWindow(office.database(), office.provider, now - 3 * kDayMs,
                                        now + 20 * kDayMs, {}, 200);
        if (!all->empty()) {
          const auto& visit = (*all)[random.below(all->size())];
          const CarerId carer = random.below(4) == 0 ? CarerId() : phones[random.below(2)].carer;
          (void)office
              .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                DOORSTEP_TRY(reassignVisit(database, office.provider, visit.id, 1, carer, act));
                return kDone;
              })
              .ok();
        }
      } else if (pick < 7) {
        office.clock.advance(static_cast<std::int64_t>(random.below(4)) * kDayMs);
      } else {
        pull(office, phones[random.below(2)],
             {.changesMax = 1 + random.below(6), .bytesMax = 1 << 20});
      }
    }
    for (PhoneCopy& phone : phones) {
      pull(office, phone, {.changesMax = 2, .bytesMax = 1 << 20});
      const std::int64_t first =
          londonDayBeginUnixMs(londonDayNumber(office.clock.wallUnixMs()) - kScopeDaysBack);
      const std::int64_t end =
          londonDayBeginUnixMs(londonDayNumber(office.clock.wallUnixMs()) + kScopeDaysAhead + 1);
      std::map<VisitId, visits::PlannedVisit> scope;
      const auto planned =
          visitsInWindow(office.database(), office.provider, first, end, {}, 10'000);
      for (const auto& visit : *planned)
        if (visit.slots[0].carer == phone.carer)
          scope.emplace(visit.id, visit);
      CHECK(phone.visits == scope);
      CHECK(phone.resets == 1);
    }
  }
}

// To the bytes of each row that read finds, under the id that it finds them with.
void appendToEach(sql::Database& database, const char* read, const char* write,
                  std::string_view more) {
  std::map<std::uint64_t, std::string> found;
  auto row = database.prepare(read);
  while (row->step().value())
    found.emplace(row->columnId(0), row->columnBlob(1));
  REQUIRE_FALSE(found.empty());
  auto update = database.prepare(write);
  for (const auto& [id, bytes] : found)
    REQUIRE(update->bindBlob(0, bytes + std::string(more)).bindId(1, id).run().ok());
}

TEST_CASE("what was published is sent as it was published, whatever this release would write") {
  OfficeFixture office;
  office.import(twoCarers());
  // Field 1,000: a release in between published more than this one knows.
  appendToEach(office.database(), "SELECT person_id, object FROM person",
               "UPDATE person SET object = ? WHERE person_id = ?", "\xc2\x3e\x03new");
  appendToEach(office.database(), "SELECT visit_id, visit FROM visit_version",
               "UPDATE visit_version SET visit = ? WHERE visit_id = ?", "\xc2\x3e\x03new");
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  REQUIRE(phone.objects.size() == 5);
  for (const auto& [key, bytes] : phone.objects)
    CHECK(bytes.substr(bytes.size() - 3) == "new");
  // A day passes: of what stayed nothing is sent again.
  const int before = phone.changes;
  office.clock.set("2026-11-24T00:00:00");
  pull(office, phone);
  CHECK(phone.resets == 1);
  CHECK(phone.changes - before < 5);
}

TEST_CASE("a person of before the bytes were kept is sent as encoded from the columns") {
  OfficeFixture office;
  office.import(twoCarers());
  PhoneCopy phone{office.carer("c1")};
  pull(office, phone);
  REQUIRE(office.database().execute("UPDATE person SET object = NULL").ok());
  PhoneCopy other{office.carer("c1")};
  pull(office, other);
  CHECK(other.objects == phone.objects);
}

TEST_CASE("a visit version that cannot be read is a damaged plan, told as such") {
  OfficeFixture office;
  office.import(twoCarers());
  auto damage = office.database().prepare("UPDATE visit_version SET visit = ?");
  REQUIRE(damage->bindBlob(0, "\xff\xff").run().ok());
  const auto visits = visitsChangedAfter(office.database(), office.provider, 0, {}, 10);
  REQUIRE_FALSE(visits.ok());
  CHECK(visits.error().reason == "PLAN_DAMAGED");
}

}  // namespace
}  // namespace doorstep::roster
