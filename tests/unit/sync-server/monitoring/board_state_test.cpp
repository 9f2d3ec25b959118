// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_state.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {
namespace {

const std::int64_t kEight = londonToUnixMs("2026-11-23T08:00:00").value();

std::int64_t at(std::int64_t minutesAfterEight) { return kEight + minutesAfterEight * kMinuteMs; }

// May start 08:00 to 08:30, takes 30 minutes; tolerance 15.
visits::PlannedVisit plannedVisit(std::uint32_t carers = 1) {
  visits::PlannedVisit visit;
  visit.id = VisitId(7);
  visit.windowStartUnixMs = at(0);
  visit.windowEndUnixMs = at(30);
  visit.durationMin = 30;
  visit.carersRequired = carers;
  return visit;
}

struct Vector {
  const char* what;
  std::vector<SlotKnowledge> slots;
  std::int64_t nowMin;
  BoardState state;
  std::int32_t lateMin;
};

SlotKnowledge nobodyYet(std::int64_t heardMin) {
  return {.assigned = true, .phoneHeardUnixMs = at(heardMin)};
}
SlotKnowledge started(std::int64_t startMin) {
  return {.assigned = true, .startUnixMs = at(startMin), .phoneHeardUnixMs = at(startMin)};
}
SlotKnowledge left(std::int64_t startMin, std::int64_t endMin) {
  return {.assigned = true,
          .startUnixMs = at(startMin),
          .endUnixMs = at(endMin),
          .phoneHeardUnixMs = at(endMin)};
}
SlotKnowledge neverHeard() { return {.assigned = true}; }

TEST_CASE("a board's state follows what is known, minute by minute") {
  const std::vector<Vector> vectors = {
      {"before the window", {nobodyYet(-2)}, -1, BoardState::Upcoming, -1},
      {"the window opens", {nobodyYet(0)}, 0, BoardState::Due, -1},
      {"the last moment within the tolerance", {nobodyYet(44)}, 45, BoardState::Due, -1},
      {"after the tolerance with a live phone", {nobodyYet(44)}, 46, BoardState::Late, 16},
      {"the last moment before a phone is silent", {nobodyYet(40)}, 55, BoardState::Late, 25},
      {"after the tolerance with a silent phone",
       {nobodyYet(40)},
       56,
       BoardState::OverdueSilent,
       26},
      {"a phone that was never heard", {neverHeard()}, 46, BoardState::OverdueSilent, 16},
      {"nobody was assigned, so no phone is silent", {SlotKnowledge{}}, 46, BoardState::Late, 16},
      {"planned end and tolerance are over", {nobodyYet(75)}, 76, BoardState::MissedSuspected, 46},
      {"a silent phone does not hide a missed visit",
       {neverHeard()},
       76,
       BoardState::MissedSuspected,
       46},
      {"a check-in", {started(10)}, 20, BoardState::InProgress, -20},
      {"a check-in that was late", {started(50)}, 51, BoardState::InProgress, 20},
      {"planned length and grace are not over", {started(10)}, 55, BoardState::InProgress, -20},
      {"planned length and grace are over", {started(10)}, 56, BoardState::Overrunning, -20},
      {"left", {left(10, 40)}, 300, BoardState::Done, -20},
      {"only a check-out is known",
       {{.assigned = true, .endUnixMs = at(40)}},
       41,
       BoardState::Done,
       -1},
      {"nobody opened", {{.assigned = true, .noEntryUnixMs = at(12)}}, 13, BoardState::NoEntry, -1},
      {"in after all",
       {{.assigned = true, .startUnixMs = at(20), .noEntryUnixMs = at(12)}},
       21,
       BoardState::InProgress,
       -10},
      {"one of two, the other has ten minutes",
       {started(5), nobodyYet(14)},
       15,
       BoardState::InProgress,
       -25},
      {"one of two, the other did not come",
       {started(5), nobodyYet(15)},
       16,
       BoardState::AloneOfTwo,
       -25},
      {"one of two came early: the ten minutes begin with the window",
       {started(-20), nobodyYet(9)},
       10,
       BoardState::InProgress,
       -50},
      {"one of two came after the tolerance: the other is overdue",
       {started(50), nobodyYet(50)},
       51,
       BoardState::AloneOfTwo,
       21},
      {"one of two left and the other never came",
       {left(5, 35), nobodyYet(40)},
       50,
       BoardState::AloneOfTwo,
       20},
      {"both are there", {started(5), started(6)}, 16, BoardState::InProgress, -24},
      {"one of both has left", {left(5, 35), started(6)}, 40, BoardState::InProgress, -24},
      {"both have left", {left(5, 35), left(6, 36)}, 40, BoardState::Done, -24},
  };
  for (const Vector& vector : vectors) {
    INFO(vector.what);
    const auto visit = plannedVisit(static_cast<std::uint32_t>(vector.slots.size()));
    const auto judged = judgeBoardState(visit, {vector.slots}, {}, at(vector.nowMin));
    CHECK(static_cast<int>(judged.state) == static_cast<int>(vector.state));
    CHECK(judged.lateMin == vector.lateMin);
  }
}

TEST_CASE("a cancelled visit at which nobody was needs nobody") {
  auto visit = plannedVisit();
  visit.state = visits::VisitState::Cancelled;
  const std::vector slots = {nobodyYet(100)};
  const auto judged = judgeBoardState(visit, {slots}, {}, at(200));
  CHECK(judged.state == BoardState::Cancelled);
  CHECK(judged.attention == 0);
  CHECK(judged.nextChangeUnixMs == kNever);
}

TEST_CASE("a carer at a cancelled visit is a problem until she has left, and is never forgotten") {
  auto visit = plannedVisit();
  visit.state = visits::VisitState::Cancelled;
  const std::vector<SlotKnowledge> there = {started(10)};
  const std::vector<SlotKnowledge> gone = {left(10, 40)};
  const std::vector<SlotKnowledge> atTheDoor = {{.assigned = true, .noEntryUnixMs = at(12)}};
  const auto in = judgeBoardState(visit, {there}, {}, at(30));
  CHECK(in.state == BoardState::CancelledAttended);
  CHECK(in.attention > judgeBoardState(visit, {there}, {}, at(20)).attention);
  CHECK(in.attention > 10);
  const auto out = judgeBoardState(visit, {gone}, {}, at(50));
  CHECK(out.state == BoardState::CancelledAttended);
  CHECK(out.attention == 0);
  CHECK(out.nextChangeUnixMs == kNever);
  CHECK(judgeBoardState(visit, {atTheDoor}, {}, at(50)).state == BoardState::CancelledAttended);
}

TEST_CASE("a time-critical visit is late after its own tolerance") {
  auto visit = plannedVisit();
  visit.timeCritical = true;
  measures::Rules rules;
  rules.timeCriticalToleranceMin = 5;
  const std::vector slots = {nobodyYet(36)};
  CHECK(judgeBoardState(visit, {slots}, rules, at(35)).state == BoardState::Due);
  CHECK(judgeBoardState(visit, {slots}, rules, at(35) + 1).state == BoardState::Late);
}

std::uint32_t attention(const visits::PlannedVisit& visit, const SlotKnowledge& slot,
                        std::int64_t nowMin, std::uint32_t announcedMin = 0,
                        bool criticalTask = false) {
  const std::vector<SlotKnowledge> slots(visit.carersRequired, slot);
  return judgeBoardState(visit, {slots, announcedMin, criticalTask}, {}, at(nowMin)).attention;
}

TEST_CASE("what needs a supervisor more comes first") {
  const auto plain = plannedVisit();
  auto critical = plannedVisit();
  critical.timeCritical = true;
  const auto two = plannedVisit(2);
  const auto live = nobodyYet(55);

  SECTION("every problem is above every calm visit") {
    CHECK(attention(plain, neverHeard(), 46) > attention(critical, nobodyYet(10), 10));
    CHECK(attention(plain, started(0), 46) > attention(plain, started(10), 20));
  }
  SECTION("calm visits: due, in progress, upcoming, done") {
    CHECK(attention(plain, nobodyYet(1), 1) > attention(plain, started(1), 2));
    CHECK(attention(plain, started(1), 2) > attention(plain, nobodyYet(-10), -9));
    CHECK(attention(plain, nobodyYet(-10), -9) > attention(plain, left(1, 2), 3));
  }
  SECTION("risk") {
    CHECK(attention(critical, live, 56) > attention(plain, live, 56));
    CHECK(attention(two, live, 56) > attention(plain, live, 56));
  }
  SECTION("minutes") { CHECK(attention(plain, nobodyYet(59), 60) > attention(plain, live, 56)); }
  SECTION("a silent phone counts less at first, and as much after an hour") {
    auto longVisit = plannedVisit();
    longVisit.durationMin = 240;
    CHECK(attention(longVisit, neverHeard(), 50) < attention(longVisit, nobodyYet(49), 50));
    CHECK(attention(longVisit, neverHeard(), 91) == attention(longVisit, nobodyYet(90), 91));
  }
  SECTION("an announced delay counts less until it has passed") {
    CHECK(attention(plain, live, 56, 40) < attention(plain, live, 56));
    CHECK(attention(plain, live, 56, 20) == attention(plain, live, 56));
  }
  SECTION("a missed visit comes before a late one, a closed door before both") {
    const auto missed = attention(plain, nobodyYet(75), 76);
    CHECK(missed > attention(plain, nobodyYet(74), 75));
    CHECK(attention(plain, {.assigned = true, .noEntryUnixMs = at(30)}, 76) >= missed);
  }
  SECTION("a critical task that was not done lifts a visit that is over") {
    CHECK(attention(plain, left(1, 2), 3, 0, true) > attention(critical, nobodyYet(1), 1));
  }
}

TEST_CASE("a problem stops getting more urgent, so that its row comes to rest") {
  const std::vector slots = {neverHeard()};
  const auto early = judgeBoardState(plannedVisit(), {slots}, {}, at(30 + kProblemMinutesMax));
  const auto late = judgeBoardState(plannedVisit(), {slots}, {}, at(3'000));
  CHECK(early == late);
  CHECK(late.nextChangeUnixMs == kNever);
  CHECK(late.lateMin == kProblemMinutesMax);
}

TEST_CASE("a judgement holds until the moment that it names") {
  std::mt19937 random(20'261'123);
  const auto number = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  const auto moment = [&] { return at(0) + number(-60 * kMinuteMs, 200 * kMinuteMs); };
  int transitions = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto visit = plannedVisit(static_cast<std::uint32_t>(number(1, 3)));
    visit.timeCritical = number(0, 1) == 1;
    visit.durationMin = static_cast<std::uint32_t>(number(1, 90));
    std::vector<SlotKnowledge> slots(visit.carersRequired);
    const std::int64_t now = moment();
    for (SlotKnowledge& slot : slots) {
      slot.assigned = number(0, 3) != 0;
      if (number(0, 2) == 0)
        slot.startUnixMs = std::min(now, moment());
      if (slot.startUnixMs && number(0, 2) == 0)
        slot.endUnixMs = now;
      if (number(0, 5) == 0)
        slot.noEntryUnixMs = std::min(now, moment());
      if (number(0, 3) != 0)
        slot.phoneHeardUnixMs = now - number(0, 30 * kMinuteMs);
    }
    visit.state = number(0, 9) == 0 ? visits::VisitState::Cancelled : visits::VisitState::Planned;
    const VisitKnowledge known{slots, static_cast<std::uint32_t>(number(0, 40)), number(0, 4) == 0};
    const BoardJudgement judged = judgeBoardState(visit, known, {}, now);
    REQUIRE(judged.nextChangeUnixMs > now);
    const std::int64_t until =
        judged.nextChangeUnixMs == kNever ? now + 1'000'000'000 : judged.nextChangeUnixMs;
    transitions += judged.nextChangeUnixMs == kNever ? 0 : 1;
    for (const std::int64_t before : {until - 1, now + (until - now) / 2, number(now, until - 1)}) {
      BoardJudgement later = judgeBoardState(visit, known, {}, before);
      INFO("round " << round);
      REQUIRE(later == judged);
    }
  }
  CHECK(transitions > 5'000);
}

}  // namespace
}  // namespace doorstep::monitoring
