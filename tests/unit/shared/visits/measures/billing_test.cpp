// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/billing.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "shared/visits/measures/classification.h"
#include "tests/unit/shared/visits/measures/random_visits.h"

using namespace doorstep;
using namespace doorstep::measures;
using namespace doorstep::support;

namespace {

Wide billedUnder(const std::vector<VisitFacts>& visits, const Rules& rules) {
  const RuleBook book = always(rules);
  const auto classified = classify(visits, book);
  Wide sum = 0;
  for (const BillingUnit& unit : bill(classified))
    sum += unit.billableMs;
  return sum;
}

}  // namespace

TEST_CASE("nearest moves a sum by half a step at most, up and down by less than one") {
  CHECK(rc::check([](std::uint32_t ms, std::uint16_t step) {
    const Wide unit = Wide{step} + 1;
    for (const auto half : {RoundingHalf::Up, RoundingHalf::Down, RoundingHalf::Even}) {
      const Wide nearest = rounded(ms, unit, RoundingMode::Nearest, half);
      RC_ASSERT(nearest % unit == 0);
      RC_ASSERT((nearest - Wide{ms}) * 2 <= unit);
      RC_ASSERT((Wide{ms} - nearest) * 2 <= unit);
    }
    const Wide up = rounded(ms, unit, RoundingMode::Up, RoundingHalf::Up);
    const Wide down = rounded(ms, unit, RoundingMode::Down, RoundingHalf::Up);
    RC_ASSERT(up >= ms);
    RC_ASSERT(up - Wide{ms} < unit);
    RC_ASSERT(down <= ms);
    RC_ASSERT(Wide{ms} - down < unit);
  }));
}

TEST_CASE("without rounding a cap bills less the tighter it is") {
  CHECK(rc::check([] {
    const auto visits = randomVisits();
    Rules rules = randomRuleSet();
    rules.roundingUnitMin = 0;
    rules.roundingStage = RoundingStage::Visit;
    const auto billed = [&](DeliveredCap cap) {
      rules.deliveredCap = cap;
      return billedUnder(visits, rules);
    };
    RC_ASSERT(billed(DeliveredCap::Planned) <= billed(DeliveredCap::PlannedPlus));
    RC_ASSERT(billed(DeliveredCap::PlannedPlus) <= billed(DeliveredCap::None));
    RC_ASSERT(billed(DeliveredCap::WeeklyPool) <= billed(DeliveredCap::None));
  }));
}

TEST_CASE("a unit of fifteen digits rounds without overflow") {
  const Wide unit = Wide{999'999'999'999'999} * kMinuteMs;
  CHECK(rounded(1, unit, RoundingMode::Up, RoundingHalf::Up) == unit);
  CHECK(rounded(unit - 1, unit, RoundingMode::Nearest, RoundingHalf::Up) == unit);
}

TEST_CASE("minutes between two bands are billed as they are") {
  const std::vector<Band> bands{{10, 20, 15}, {30, 40, 35}};
  CHECK(banded(9, bands) == 0);
  CHECK(banded(10, bands) == 15);
  CHECK(banded(25, bands) == 25);
  CHECK(banded(41, bands) == 41);
  CHECK(banded(5, {}) == 5);
}

TEST_CASE("a month is billed as one also where the calendar's text begins") {
  VisitFacts visit;
  visit.visitId = "v";
  visit.funders = {{"council", 10'000}};
  // Its service day is the last of the year before the first.
  const std::int64_t startMs = *parseUtc("0001-01-01T01:00:00.000Z");
  visit.locked = Plan{startMs, startMs, startMs + 30 * kMinuteMs};
  visit.exportedMs = startMs + kDayMs;
  SlotFacts slot;
  slot.start.rawMs = slot.start.ruledMs = startMs;
  slot.end.rawMs = slot.end.ruledMs = startMs + 30 * kMinuteMs;
  visit.slots = {slot};
  Rules rules;
  rules.roundingStage = RoundingStage::Month;
  RuleBook book;
  book.add("*", {1, *parseDay("0001-01-01"), std::nullopt, rules});
  const std::vector<VisitFacts> visits{visit};
  const auto classified = classify(visits, book);
  CHECK(dayText(classified.front().day) == "0000-12-31");
  const auto units = bill(classified);
  REQUIRE(units.size() == 1);
  CHECK(units.front().billableMs == 30 * kMinuteMs);
}
