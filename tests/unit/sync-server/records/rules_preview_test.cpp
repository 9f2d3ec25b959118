// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rules_preview.h"

#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::records {
namespace {

using namespace measures;

constexpr std::int64_t kStartMs = 1'795'000'000'000;

// Half an hour, begun so many minutes after its plan.
VisitFacts visit(const std::string& id, std::int64_t lateMin) {
  VisitFacts facts;
  facts.provider = "P";
  facts.contractId = "K";
  facts.visitId = id;
  facts.person = id;
  facts.carersRequired = 1;
  facts.final = Plan{kStartMs, kStartMs, kStartMs + 30 * kMinuteMs};
  facts.locked = facts.final;
  facts.exportedMs = kStartMs + 600 * kMinuteMs;
  SlotFacts slot;
  slot.number = 1;
  slot.start.rawMs = slot.start.ruledMs = kStartMs + lateMin * kMinuteMs;
  slot.end.rawMs = slot.end.ruledMs = *slot.start.ruledMs + 30 * kMinuteMs;
  facts.slots.push_back(slot);
  return facts;
}

RuleBook book(std::int64_t lateToleranceMin) {
  Rules rules;
  rules.lateToleranceMin = lateToleranceMin;
  RuleBook book;
  book.add("K", {1, 0, {}, rules});
  return book;
}

RulesChange change(const RuleBook& before, const RuleBook& after) {
  const DayNumber day = localTime(kStartMs).day;
  return {before, after, day, day};
}

const RulesPreview::Measure& measure(const std::vector<RulesPreview::Measure>& all,
                                     const std::string& id) {
  for (const auto& each : all)
    if (each.id == id)
      return each;
  FAIL("no measure " << id);
  return all.front();
}

TEST_CASE("a preview has each measure under both rules and the visits that change class") {
  const RulesChange wider = change(book(15), book(30));
  RulesPreview preview(wider);
  const auto first = preview.add({visit("a", 5), visit("b", 20)});
  const auto second = preview.add({visit("c", 25), visit("d", 50)});
  CHECK(preview.visits() == 4);
  CHECK(preview.visitsChanged() == 2);
  const auto measures = preview.measures();
  const auto& onTime = measure(measures, "punctuality.on_time_of_attended");
  CHECK(onTime.before == Figure{1, 4});
  CHECK(onTime.after == Figure{3, 4});
  CHECK(measure(measures, "punctuality.late_p90").before == Figure{50 * kMinuteMs, kMinuteMs});
  REQUIRE(first.size() == 2);
  CHECK(first[0].classes.first == first[0].classes.second);
  CHECK(first[1].visit == 1);
  CHECK(first[1].classes.first.punctuality == measures::Punctuality::Late);
  CHECK(first[1].classes.second.punctuality == measures::Punctuality::OnTime);
  // Late that stays late, on time that stays on time, and late that is on time then.
  CHECK(preview.classes().size() == 3);
  CHECK(preview.classes().at(first[1].classes) == 2);
  CHECK(preview.classes().at(second[1].classes) == 1);
}

TEST_CASE("the same rules change nothing") {
  const RulesChange none = change(book(15), book(15));
  RulesPreview preview(none);
  preview.add({visit("a", 5), visit("b", 20)});
  CHECK(preview.visitsChanged() == 0);
  for (const auto& each : preview.measures()) {
    INFO(each.id);
    CHECK(each.before == each.after);
  }
}

TEST_CASE("visits that no rules judged before are counted as changed") {
  const RulesChange first = change(RuleBook(), book(15));
  RulesPreview preview(first);
  const auto found = preview.add({visit("a", 5)});
  REQUIRE(found.size() == 1);
  CHECK(preview.visitsChanged() == 1);
  CHECK(found[0].classes.first.exclusion == Exclusion::NoRules);
  CHECK(found[0].classes.second.exclusion == Exclusion::None);
}

TEST_CASE("no visits are figures without a value") {
  const RulesChange wider = change(book(15), book(30));
  RulesPreview preview(wider);
  CHECK(preview.visits() == 0);
  const auto measures = preview.measures();
  CHECK(measure(measures, "missed.rate").before == Figure{0, 0});
}

TEST_CASE("a visit of another day matters to a bill of the days and is none of them") {
  Rules weekly;
  weekly.roundingStage = RoundingStage::Week;
  weekly.roundingUnitMin = 60;
  weekly.roundingMode = RoundingMode::Up;
  RuleBook after;
  after.add("K", {2, 0, {}, weekly});
  const RulesChange byWeek = change(book(15), after);
  RulesPreview preview(byWeek);
  VisitFacts yesterday = visit("b", 0);
  for (auto* plan : {&*yesterday.final, &*yesterday.locked})
    *plan = {plan->startMs - kDayMs, plan->latestStartMs - kDayMs, plan->endMs - kDayMs};
  for (EndFacts* end : {&yesterday.slots[0].start, &yesterday.slots[0].end})
    end->rawMs = end->ruledMs = *end->ruledMs - kDayMs;
  VisitFacts today = visit("a", 0);
  yesterday.person = today.person;
  const auto found = preview.add({today, yesterday});
  REQUIRE(found.size() == 1);
  CHECK(preview.visits() == 1);
  // The hour of the week stands at its first visit, which is of another day.
  const auto minutes = measure(preview.measures(), "billable.minutes");
  CHECK(minutes.before.numerator == 30 * kMinuteMs);
  CHECK(minutes.after.numerator == 0);
}

TEST_CASE("a visit that a draft puts on another day is looked at on either") {
  Rules late;
  late.serviceDayStartMin = 11 * 60 + 30;  // the visit begins at 11:06
  RuleBook after;
  after.add("K", {2, 0, {}, late});
  const DayNumber day = localTime(kStartMs).day;
  const RulesChange moved{book(15), after, day - 1, day - 1};
  RulesPreview preview(moved);
  CHECK(preview.add({visit("a", 0)}).size() == 1);
  const auto measures = preview.measures();
  CHECK(measure(measures, "missed.rate").before == Figure{0, 0});
  CHECK(measure(measures, "missed.rate").after == Figure{0, 1});
}

}  // namespace
}  // namespace doorstep::records
