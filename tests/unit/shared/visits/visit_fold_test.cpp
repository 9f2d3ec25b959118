// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/visit_fold.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace doorstep;
using namespace doorstep::visits;

namespace {

constexpr CarerId kAnna{1};
constexpr CarerId kBen{2};
constexpr DeviceId kPhone{11};
constexpr DeviceId kTablet{12};

RecordedEvent event(std::uint64_t number, Fact fact, std::int64_t wallUnixMs,
                    DeviceId device = kPhone, CarerId carer = kAnna) {
  return {device, carer, 1, {number, VisitId{5}, number * 10, wallUnixMs, std::move(fact)}};
}

Amended withdraw(std::uint64_t number) { return {number, AmendReason::WrongTap, Withdrawn{}}; }
Amended correct(std::uint64_t number, std::int64_t unixMs) {
  return {number, AmendReason::ForgotToRecord, CorrectedTime{unixMs}};
}
TaskRecorded task(std::uint32_t number, TaskOutcome outcome) {
  return {number, outcome,
          outcome == TaskOutcome::Done ? NotDoneReason::Unspecified : NotDoneReason::Refused,
          Independence::Prompted};
}

Attendance ofAnna(const std::vector<RecordedEvent>& events) { return foldVisit(events).at(kAnna); }

}  // namespace

TEST_CASE("a visit's first check-in and last check-out count") {
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 100), event(2, CheckedIn{}, 200),
                                  event(3, CheckedOut{}, 300), event(4, CheckedOut{}, 400)});
  CHECK(anna.checkIn->eventNumber == 1);
  CHECK(anna.checkOut->eventNumber == 4);
  CHECK(anna.events == 4);
  CHECK_FALSE(anna.amended);
}

TEST_CASE("two carers at a visit are two streams") {
  const auto both =
      foldVisit(std::vector{event(1, CheckedIn{}, 100), event(1, CheckedIn{}, 190, kTablet, kBen)});
  REQUIRE(both.size() == 2);
  CHECK(both.at(kAnna).checkIn->wallUnixMs == 100);
  CHECK(both.at(kBen).checkIn->wallUnixMs == 190);
}

TEST_CASE(
    "a carer with two devices has one attendance, ordered by the clocks between the devices") {
  const Attendance anna =
      ofAnna({event(9, CheckedIn{}, 200), event(1, CheckedIn{}, 150, kTablet),
              event(2, CheckedOut{}, 500, kTablet), event(10, CheckedOut{}, 400)});
  CHECK(anna.checkIn->device == kTablet);
  CHECK(anna.checkOut->device == kTablet);
}

TEST_CASE("within a device the number is the order, whatever its wall clock did") {
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 9'000), event(2, CheckedIn{}, 100)});
  CHECK(anna.checkIn->eventNumber == 1);
}

TEST_CASE("a withdrawn check-in leaves the next one in force") {
  const Attendance anna =
      ofAnna({event(1, CheckedIn{}, 100), event(2, withdraw(1), 110), event(3, CheckedIn{}, 200)});
  CHECK(anna.checkIn->eventNumber == 3);
  CHECK(anna.amended);
  CHECK(anna.events == 3);
}

TEST_CASE("a corrected time stands beside the time of the tap") {
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 900), event(2, correct(1, 500), 950)});
  CHECK(anna.checkIn->wallUnixMs == 900);
  CHECK(anna.checkIn->correctedUnixMs == 500);
  CHECK(anna.checkIn->statedUnixMs() == 500);
}

TEST_CASE("the newest amendment of an event wins, and an amendment can be withdrawn") {
  std::vector<RecordedEvent> events{event(1, CheckedIn{}, 900), event(2, correct(1, 500), 950),
                                    event(3, correct(1, 600), 960)};
  CHECK(ofAnna(events).checkIn->statedUnixMs() == 600);
  events.push_back(event(4, withdraw(3), 970));
  CHECK(ofAnna(events).checkIn->statedUnixMs() == 500);
  events.push_back(event(5, withdraw(2), 980));
  CHECK(ofAnna(events).checkIn->statedUnixMs() == 900);
}

TEST_CASE("the newest record of a task counts, and an amendment keeps its event's place") {
  std::vector<RecordedEvent> events{event(1, task(7, TaskOutcome::Done), 100),
                                    event(2, task(7, TaskOutcome::NotDone), 200)};
  CHECK(ofAnna(events).tasks.at(7).record.outcome == TaskOutcome::NotDone);
  events.push_back(
      event(3, Amended{1, AmendReason::WrongTap, task(8, TaskOutcome::PartlyDone)}, 300));
  const Attendance anna = ofAnna(events);
  CHECK(anna.tasks.at(7).eventNumber == 2);
  CHECK(anna.tasks.at(8).record.outcome == TaskOutcome::PartlyDone);
}

TEST_CASE("a replacement that does not fit what it replaces changes nothing") {
  const Attendance anna =
      ofAnna({event(1, task(7, TaskOutcome::Done), 100), event(2, correct(1, 50), 110),
              event(3, CheckedIn{}, 120),
              event(4, Amended{3, AmendReason::WrongTap, NoteAdded{"x"}}, 130)});
  CHECK(anna.tasks.at(7).record.outcome == TaskOutcome::Done);
  CHECK(anna.checkIn->statedUnixMs() == 120);
  CHECK(anna.notes.empty());
}

TEST_CASE("an amendment cannot reach another device's events or a later one") {
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 100), event(5, withdraw(1), 110, kTablet),
                                  event(2, withdraw(3), 120), event(3, CheckedOut{}, 130)});
  CHECK(anna.checkIn.has_value());
  CHECK(anna.checkOut.has_value());
}

TEST_CASE("notes come in the order of their recording and are replaced in place") {
  const Attendance anna =
      ofAnna({event(1, NoteAdded{"first"}, 100), event(2, NoteAdded{"second"}, 110),
              event(3, Amended{1, AmendReason::WrongTap, NoteAdded{"first, rather"}}, 120)});
  REQUIRE(anna.notes.size() == 2);
  CHECK(anna.notes[0].text == "first, rather");
  CHECK(anna.notes[1].text == "second");
}

TEST_CASE("an unknown kind of fact is counted and changes nothing else") {
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 100), event(2, UnknownFact{}, 110)});
  CHECK(anna.events == 2);
  CHECK(anna.checkIn->eventNumber == 1);
}

TEST_CASE("no entry and the newest announced delay are kept") {
  const Attendance anna = ofAnna({event(1, RunningLate{10}, 100), event(2, RunningLate{25}, 110),
                                  event(3, NoEntry{NoEntryReason::NoReply, std::nullopt}, 120)});
  CHECK(anna.announcedDelayMin == 25);
  CHECK(anna.noEntry->noEntryReason == NoEntryReason::NoReply);
}

namespace {

std::vector<RecordedEvent> drawEvents() {
  std::vector<RecordedEvent> events;
  for (const DeviceId device : {kPhone, kTablet}) {
    const auto count = *rc::gen::inRange<std::uint64_t>(0, 9);
    for (std::uint64_t number = 1; number <= count; ++number) {
      const auto wallUnixMs = *rc::gen::inRange<std::int64_t>(0, 20);
      const auto target = *rc::gen::inRange<std::uint64_t>(1, 9);
      const std::vector<Fact> facts{
          CheckedIn{},       CheckedOut{},     task(1, TaskOutcome::Done),
          NoteAdded{"note"}, withdraw(target), correct(target, wallUnixMs),
          RunningLate{5},    NoEntry{},        UnknownFact{}};
      events.push_back(event(number, *rc::gen::elementOf(facts), wallUnixMs, device));
    }
  }
  return events;
}

}  // namespace

TEST_CASE("the result does not depend on the order of arrival, nor on what arrives twice") {
  const bool held = rc::check([] {
    const std::vector<RecordedEvent> events = drawEvents();
    std::vector<RecordedEvent> mixed = events;
    for (std::size_t i = mixed.size(); i > 1; --i)
      std::swap(mixed[i - 1], mixed[*rc::gen::inRange<std::size_t>(0, i)]);
    if (!mixed.empty())
      mixed.push_back(mixed.front());
    RC_ASSERT(foldVisit(mixed) == foldVisit(events));
  });
  CHECK(held);
}

TEST_CASE("an amendment of a later release withdraws nothing and is counted") {
  const Amended unknown{1, AmendReason::Other, UnknownReplacement{"later"}};
  const Attendance anna = ofAnna({event(1, CheckedIn{}, 100), event(2, unknown, 110)});
  REQUIRE(anna.checkIn);
  CHECK(anna.checkIn->eventNumber == 1);
  CHECK(anna.amended);
  CHECK(anna.newerAppEvents == 1);

  // What it replaced is still what an older amendment made of it.
  const Attendance corrected =
      ofAnna({event(1, CheckedIn{}, 100), event(2, correct(1, 50), 110), event(3, unknown, 120)});
  CHECK(corrected.checkIn->statedUnixMs() == 50);
  CHECK(corrected.newerAppEvents == 1);
}

TEST_CASE("a fact or an amendment of a later release that is withdrawn is not counted") {
  const Amended unknown{1, AmendReason::Other, UnknownReplacement{"later"}};
  CHECK(ofAnna({event(1, UnknownFact{}, 100)}).newerAppEvents == 1);
  CHECK(ofAnna({event(1, UnknownFact{}, 100), event(2, withdraw(1), 110)}).newerAppEvents == 0);
  const Attendance anna =
      ofAnna({event(1, CheckedIn{}, 100), event(2, unknown, 110), event(3, withdraw(2), 120)});
  CHECK(anna.newerAppEvents == 0);
  CHECK(anna.checkIn);
}
