// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/contract_rules.h"

#include <catch2/catch.hpp>

#include "shared/core/local_time.h"

using namespace doorstep;
using namespace doorstep::visits;

namespace {

std::int64_t at(const char* local) { return londonToUnixMs(local).value(); }

// 08:00 to 08:30, half an hour long.
PlannedVisit morning() {
  PlannedVisit visit;
  visit.windowStartUnixMs = at("2026-11-23T08:00");
  visit.windowEndUnixMs = at("2026-11-23T08:30");
  visit.durationMin = 30;
  return visit;
}

measures::Rules halfHour() {
  measures::Rules rules;
  rules.lateToleranceMin = 30;
  rules.earlyToleranceMin = 30;
  rules.timeCriticalToleranceMin = 5;
  return rules;
}

SlotJudgement started(const char* local, const PlannedVisit& visit = morning()) {
  return judgeSlot(visit, {at(local), false}, halfHour(), at("2026-11-23T12:00"));
}

Punctuality unstartedAt(std::int64_t nowUnixMs) {
  return judgeSlot(morning(), {}, halfHour(), nowUnixMs).punctuality;
}

}  // namespace

TEST_CASE("a start at the last moment of the tolerance is on time") {
  CHECK(started("2026-11-23T09:00:00").punctuality == Punctuality::OnTime);
  CHECK(started("2026-11-23T07:30:00").punctuality == Punctuality::OnTime);
}

TEST_CASE("a second after the tolerance is late, and nothing is rounded first") {
  const SlotJudgement late = started("2026-11-23T09:00:01");
  CHECK(late.punctuality == Punctuality::Late);
  CHECK(late.lateMs == (30 * 60 + 1) * 1000);
  const std::int64_t end = morning().windowEndUnixMs;
  CHECK(judgeSlot(morning(), {end + 30 * 60'000 + 1, false}, halfHour(), end).punctuality ==
        Punctuality::Late);
}

TEST_CASE("a second before the tolerance is early") {
  const SlotJudgement early = started("2026-11-23T07:29:59");
  CHECK(early.punctuality == Punctuality::Early);
  CHECK(early.lateMs == 0);
}

TEST_CASE("lateness counts from the window's end even when it is tolerated") {
  CHECK(started("2026-11-23T08:45:00").lateMs == 15 * 60'000);
  CHECK(started("2026-11-23T08:30:00").lateMs == 0);
}

TEST_CASE("a time-critical visit has its own tolerance on both sides") {
  PlannedVisit visit = morning();
  visit.timeCritical = true;
  CHECK(started("2026-11-23T08:35:00", visit).punctuality == Punctuality::OnTime);
  CHECK(started("2026-11-23T08:35:01", visit).punctuality == Punctuality::Late);
  CHECK(started("2026-11-23T07:54:59", visit).punctuality == Punctuality::Early);
}

TEST_CASE(
    "a visit that nobody started is open until its latest planned end and the grace have passed") {
  // Latest planned end 09:00, missed after another 60 minutes.
  CHECK(unstartedAt(at("2026-11-23T08:59")) == Punctuality::Open);
  CHECK(unstartedAt(at("2026-11-23T10:00:00")) == Punctuality::Open);
  CHECK(unstartedAt(at("2026-11-23T10:00:00") + 1) == Punctuality::Missed);
}

TEST_CASE("a carer who could not go in has not missed the visit") {
  const SlotFacts facts{std::nullopt, true};
  CHECK(judgeSlot(morning(), facts, halfHour(), at("2026-11-24T08:00")).punctuality ==
        Punctuality::NoEntry);
  const SlotFacts cameBack{at("2026-11-23T08:40"), true};
  CHECK(judgeSlot(morning(), cameBack, halfHour(), at("2026-11-24T08:00")).punctuality ==
        Punctuality::OnTime);
}

TEST_CASE("a cancelled visit is not counted whatever was recorded") {
  PlannedVisit visit = morning();
  visit.state = VisitState::Cancelled;
  CHECK(judgeSlot(visit, {}, halfHour(), at("2026-11-24T08:00")).punctuality ==
        Punctuality::NotCounted);
  CHECK(started("2026-11-23T11:00:00", visit).punctuality == Punctuality::CancelledAttended);
  CHECK(started("2026-11-23T11:00:00", visit).lateMs == 0);
}

TEST_CASE("an on-time check-in that arrives late proves that the visit was on time") {
  CHECK(judgeSlot(morning(), {at("2026-11-23T08:02"), false}, halfHour(), at("2026-11-23T11:40"))
            .punctuality == Punctuality::OnTime);
}

TEST_CASE("a night visit over the change of the clocks is judged by time that passed") {
  PlannedVisit night;
  night.windowStartUnixMs = at("2026-03-29T00:45");
  night.windowEndUnixMs = at("2026-03-29T00:45");
  night.durationMin = 30;
  measures::Rules rules;
  rules.lateToleranceMin = 30;
  // 02:15 summer time is half an hour after 00:45 winter time.
  const SlotJudgement judged =
      judgeSlot(night, {at("2026-03-29T02:15"), false}, rules, at("2026-03-29T12:00"));
  CHECK(judged.lateMs == 30 * 60'000);
  CHECK(judged.punctuality == Punctuality::OnTime);
}
