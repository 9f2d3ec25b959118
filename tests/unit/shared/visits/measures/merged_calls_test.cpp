// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/merged_calls.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "shared/visits/measures/classification.h"
#include "tests/unit/shared/visits/measures/random_visits.h"

using namespace doorstep;
using namespace doorstep::measures;
using namespace doorstep::support;

namespace {

constexpr std::int64_t kNoonMs = 1'780'315'200'000;  // 2026-06-01T12:00Z

// A call planned for half an hour, with a stay of some minutes.
VisitFacts call(int number, std::int64_t planMin, std::int64_t cameMin, std::int64_t stayedMin) {
  VisitFacts visit;
  visit.provider = "A";
  visit.visitId = "v" + std::to_string(1000 + number);
  visit.contractId = "K1";
  visit.person = "p1";
  visit.exportedMs = kNoonMs + 100 * kDayMs;
  const std::int64_t planMs = kNoonMs + planMin * kMinuteMs;
  visit.locked = Plan{planMs, planMs, planMs + 30 * kMinuteMs};
  SlotFacts slot;
  slot.carer = "c1";
  slot.start.rawMs = slot.start.ruledMs = kNoonMs + cameMin * kMinuteMs;
  slot.end.rawMs = slot.end.ruledMs = kNoonMs + (cameMin + stayedMin) * kMinuteMs;
  visit.slots.push_back(slot);
  return visit;
}

Rules merging() {
  Rules rules;
  rules.missedRules = bit(MissedRule::Merged);
  rules.minCountableVisitMin = 0;
  return rules;
}

std::vector<bool> mergedAway(const std::vector<VisitFacts>& visits) {
  const RuleBook book = always(merging());
  std::vector<bool> merged;
  for (const ClassifiedVisit& visit : classify(visits, book))
    merged.push_back(visit.cause == Cause::Merged);
  return merged;
}

}  // namespace

TEST_CASE("one stay satisfies one plan: the nearest to its start") {
  CHECK(mergedAway({call(1, -240, -10, 10), call(2, 0, 0, 20)}) == std::vector{true, false});
  CHECK(mergedAway({call(1, -90, -45, 20), call(2, 0, -25, 20)}) == std::vector{false, true});
}

TEST_CASE("calls that are planned less than an hour apart are satisfied together") {
  CHECK(mergedAway({call(1, 0, 0, 30), call(2, 30, 30, 30), call(3, 89, 60, 30)}) ==
        std::vector{false, false, false});
}

TEST_CASE("a stay that another call made longer is joined again") {
  // The third call comes long after the end of the second, but within the first's.
  CHECK(mergedAway({call(1, 0, 0, 300), call(2, 120, 10, 5), call(3, 240, 290, 20)}) ==
        std::vector{false, true, true});
}

TEST_CASE("a call that was merged away leaves a stay that still satisfies some plan") {
  CHECK(rc::check([] {
    auto visits = randomVisits();
    for (VisitFacts& visit : visits)
      for (SlotFacts& slot : visit.slots)
        slot.carer = "c1";
    const RuleBook book = always(merging());
    const auto classified = classify(visits, book);
    for (const ClassifiedVisit& visit : classified) {
      if (visit.cause != Cause::Merged)
        continue;
      RC_ASSERT(std::any_of(classified.begin(), classified.end(), [&](const ClassifiedVisit& v) {
        return v.isAttended() && v.person == visit.person && v.basisDay == visit.basisDay;
      }));
    }
  }));
}

TEST_CASE("a day of a hundred thousand calls costs no square of them") {
  std::vector<VisitFacts> visits;
  for (int i = 0; i < 100'000; ++i)
    visits.push_back(call(i, i % 300, i * 7, 1));
  const auto merged = mergedAway(visits);
  CHECK(std::count(merged.begin(), merged.end(), true) == 0);
}
