// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules_preview.h"

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

Status goOn() { return kDone; }

const RulesPreview::Measure& measure(const RulesPreview& preview, const std::string& id) {
  for (const auto& each : preview.measures)
    if (each.id == id)
      return each;
  FAIL("no measure " << id);
  return preview.measures.front();
}

TEST_CASE("a preview has each measure under both rules and the visits that change class") {
  const auto preview = previewRules({visit("a", 5), visit("b", 20), visit("c", 25), visit("d", 50)},
                                    book(15), book(30), 10, goOn);
  REQUIRE(preview.ok());
  CHECK(preview->visits == 4);
  const auto& onTime = measure(*preview, "punctuality.on_time_of_attended");
  CHECK(onTime.before == Figure{1, 4});
  CHECK(onTime.after == Figure{3, 4});
  CHECK(preview->visitsChanged == 2);
  REQUIRE(preview->changed.size() == 2);
  CHECK(preview->changed[0].visit == 1);
  CHECK(preview->changed[1].visit == 2);
  CHECK(preview->changed[0].before.punctuality == measures::Punctuality::Late);
  CHECK(preview->changed[0].after.punctuality == measures::Punctuality::OnTime);
  REQUIRE(preview->classChanges.size() == 1);
  CHECK(preview->classChanges.begin()->second == 2);
}

TEST_CASE("the same rules change nothing") {
  const auto preview = previewRules({visit("a", 5), visit("b", 20)}, book(15), book(15), 10, goOn);
  REQUIRE(preview.ok());
  CHECK(preview->visitsChanged == 0);
  for (const auto& each : preview->measures) {
    INFO(each.id);
    CHECK(each.before == each.after);
  }
}

TEST_CASE("more changes than are shown are counted") {
  const auto preview =
      previewRules({visit("a", 20), visit("b", 21), visit("c", 22)}, book(15), book(30), 2, goOn);
  REQUIRE(preview.ok());
  CHECK(preview->visitsChanged == 3);
  CHECK(preview->changed.size() == 2);
}

TEST_CASE("visits that no rules judged before are counted as changed") {
  const auto preview = previewRules({visit("a", 5)}, RuleBook(), book(15), 2, goOn);
  REQUIRE(preview.ok());
  REQUIRE(preview->changed.size() == 1);
  CHECK(preview->changed[0].before.exclusion == Exclusion::NoRules);
  CHECK(preview->changed[0].after.exclusion == Exclusion::None);
}

TEST_CASE("no visits are no figures and no fault") {
  const auto preview = previewRules({}, book(15), book(30), 2, goOn);
  REQUIRE(preview.ok());
  CHECK(preview->visits == 0);
  CHECK(preview->visitsChanged == 0);
}

TEST_CASE("a preview ends when nobody waits for it") {
  int asked = 0;
  const auto preview = previewRules({visit("a", 5)}, book(15), book(30), 2, [&]() -> Status {
    if (++asked < 2)
      return kDone;
    return Error{ErrorCode::Cancelled, "CLIENT_LEFT", "nobody waits"};
  });
  REQUIRE_FALSE(preview.ok());
  CHECK(preview.error().reason == "CLIENT_LEFT");
}

}  // namespace
}  // namespace doorstep::records
