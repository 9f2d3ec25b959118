// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/recomputation.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/shared/visits/measures/random_visits.h"

using namespace doorstep;
using namespace doorstep::measures;
using namespace doorstep::support;

namespace {

std::map<std::string, Figure> byId(const GroupFigures& group) {
  std::map<std::string, Figure> figures;
  for (const NamedFigure& named : group.figures)
    figures[named.id] = named.figure;
  return figures;
}

// Figures of everything, with no dimension.
struct Whole {
  explicit Whole(const MeasureInput& input) : recomputation(input, query) {
    group = recomputation.figuresOf(recomputation.groups().begin()->second);
    figures = byId(group);
  }

  MeasureQuery query;
  Recomputation recomputation;
  GroupFigures group;
  std::map<std::string, Figure> figures;
};

MeasureInput randomInput() {
  MeasureInput input;
  input.visits = randomVisits();
  input.rules = randomRules();
  return input;
}

bool atMost(const Figure& a, const Figure& b) {
  return a.denominator == 0 || b.denominator == 0 ||
         a.numerator * b.denominator <= b.numerator * a.denominator;
}

// Measures whose numerators and denominators are sums over visits or billing units.
bool isAdditive(const Measure& measure) {
  return (measure.ofVisit && measure.denominator == 0) || measure.id == "billable.minutes" ||
         measure.id == "waterfall.planned" || measure.id == "billable.rounding_drift";
}

}  // namespace

TEST_CASE("every visit is reported or excluded once, and every reported one has one outcome") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const Whole whole(input);
    const Counts& counts = whole.group.counts;
    std::int64_t excluded = 0;
    for (std::size_t i = 1; i < kExclusions.size(); ++i)
      excluded += counts.excluded[i];
    std::int64_t outcomes = 0;
    for (const auto outcome : {VisitClass::AttendedFull, VisitClass::AttendedPart,
                               VisitClass::Missed, VisitClass::NoEntry})
      outcomes += counts.reportedAs[static_cast<std::size_t>(outcome)];
    RC_ASSERT(counts.inFile == static_cast<std::int64_t>(input.visits.size()));
    RC_ASSERT(counts.inFile == counts.reported() + excluded);
    RC_ASSERT(counts.reported() == outcomes);
  }));
}

TEST_CASE("punctualities part attended visits, and causes missed ones") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const auto figures = Whole(input).figures;
    Wide parts = 0;
    for (const char* id : {"punctuality.on_time_of_attended", "punctuality.early_rate",
                           "punctuality.late_rate", "punctuality.not_together_rate"})
      parts += figures.at(id).numerator;
    RC_ASSERT(parts == figures.at("punctuality.late_rate").denominator);
    Wide causes = 0;
    for (std::size_t i = 1; i < kCauses.size(); ++i)
      causes += figures.at("missed.cause." + std::string(kCauses[i])).numerator;
    RC_ASSERT(causes == figures.at("missed.rate").numerator);
  }));
}

TEST_CASE("capped is at most uncapped, and of planned at most of attended") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const auto figures = Whole(input).figures;
    RC_ASSERT(
        atMost(figures.at("delivered.percent_capped"), figures.at("delivered.percent_uncapped")));
    RC_ASSERT(atMost(figures.at("punctuality.on_time_of_planned"),
                     figures.at("punctuality.on_time_of_attended")));
  }));
}

TEST_CASE("a wider tolerance never lowers punctuality and moves no visit") {
  CHECK(rc::check([] {
    MeasureInput narrow;
    narrow.visits = randomVisits();
    Rules rules = randomRuleSet();
    narrow.rules = always(rules);
    MeasureInput wide = narrow;
    rules.earlyToleranceMin += *rc::gen::inRange(0, 30);
    rules.lateToleranceMin += *rc::gen::inRange(0, 30);
    rules.timeCriticalToleranceMin += *rc::gen::inRange(0, 30);
    wide.rules = always(rules);
    const Whole before(narrow);
    const Whole after(wide);
    const char* onTime = "punctuality.on_time_of_attended";
    RC_ASSERT(before.figures.at(onTime).numerator <= after.figures.at(onTime).numerator);
    RC_ASSERT(before.group.counts.reportedAs == after.group.counts.reportedAs);
  }));
}

TEST_CASE("counts, sums and billable minutes add up over any grouping") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const Whole whole(input);
    MeasureQuery query;
    for (const Dimension& dimension : dimensions())
      if (*rc::gen::inRange(0, 4) == 0)
        query.by.push_back(&dimension);
    const Recomputation parted(input, query);
    std::map<std::string, Figure> sums;
    std::int64_t visits = 0;
    for (const auto& [key, group] : parted.groups()) {
      const GroupFigures part = parted.figuresOf(group);
      visits += part.counts.inFile;
      for (const NamedFigure& named : part.figures) {
        sums[named.id].numerator += named.figure.numerator;
        sums[named.id].denominator += named.figure.denominator;
      }
    }
    RC_ASSERT(visits == whole.group.counts.inFile);
    for (const Measure& measure : measureTable()) {
      const std::string id(measure.id);
      if (!isAdditive(measure) || !whole.figures.count(id) || input.visits.empty())
        continue;
      RC_ASSERT(sums[id].numerator == whole.figures.at(id).numerator);
      if (measure.ofVisit)
        RC_ASSERT(sums[id].denominator == whole.figures.at(id).denominator);
    }
  }));
}

TEST_CASE("days of a period and the days around it add up") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const Whole whole(input);
    const DayNumber last = *parseDay("2026-03-29") + *rc::gen::inRange(0, 3);
    MeasureQuery before;
    before.to = last;
    MeasureQuery after;
    after.from = last + 1;
    Wide billable = 0;
    std::int64_t visits = 0;
    for (const MeasureQuery* query : {&before, &after}) {
      const Recomputation part(input, *query);
      const GroupFigures group = part.figuresOf(part.groups().begin()->second);
      visits += group.counts.inFile;
      billable += byId(group).at("billable.minutes").numerator;
    }
    RC_ASSERT(visits == whole.group.counts.inFile);
    RC_ASSERT(billable == whole.figures.at("billable.minutes").numerator);
  }));
}

TEST_CASE("the order of visits changes nothing") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    MeasureInput turned;
    turned.visits = input.visits;
    turned.rules = input.rules;
    std::reverse(turned.visits.begin(), turned.visits.end());
    const std::size_t middle = turned.visits.size() / 2;
    std::rotate(turned.visits.begin(), turned.visits.begin() + static_cast<std::ptrdiff_t>(middle),
                turned.visits.end());
    RC_ASSERT(Whole(input).figures == Whole(turned).figures);
  }));
}

TEST_CASE("a person's day is classified alone as in the whole file") {
  CHECK(rc::check([] {
    const MeasureInput input = randomInput();
    const auto all = classify(input.visits, input.rules);
    for (const ClassifiedVisit& visit : all) {
      std::vector<VisitFacts> own;
      for (const ClassifiedVisit& other : all)
        if (&other == &visit ||
            (other.person == visit.person && visit.person >= 0 && other.basisDay == visit.basisDay))
          own.push_back(*other.facts);
      const auto alone = classify(own, input.rules);
      const auto found = std::find_if(alone.begin(), alone.end(), [&](const ClassifiedVisit& v) {
        return v.facts->visitId == visit.facts->visitId;
      });
      RC_ASSERT(found != alone.end());
      RC_ASSERT(found->visitClass == visit.visitClass);
      RC_ASSERT(found->cause == visit.cause);
      RC_ASSERT(found->punctuality == visit.punctuality);
      RC_ASSERT(found->exclusion == visit.exclusion);
    }
  }));
}

namespace {

// Orders, invoices and a care plan for the people of the visits.
void addFiles(MeasureInput& input) {
  input.packages.emplace();
  input.invoices.emplace();
  input.people.emplace();
  std::set<std::pair<std::string, std::string>> seen;
  for (const VisitFacts& visit : input.visits) {
    if (!seen.insert({visit.contractId, visit.person}).second)
      continue;
    WeekMinutes week;
    week.contractId = visit.contractId;
    week.person = visit.person;
    week.weekStart = *parseDay("2026-03-23");
    week.minutes = *rc::gen::inRange(0, 600);
    for (int i = 0; i < 3; ++i, week.weekStart += 7)
      input.packages->push_back(week);
    input.invoices->push_back(week);
    PersonFacts person;
    person.contractId = visit.contractId;
    person.person = visit.person;
    person.serviceStart = *parseDay("2026-01-01");
    person.prioritiesInPlan = *rc::gen::arbitrary<bool>();
    input.people->push_back(person);
  }
}

// What of an input is about every third person, and the rest.
MeasureInput partOf(const MeasureInput& input, std::size_t part, std::size_t parts) {
  const auto isOf = [&](const auto& row) {
    return std::hash<std::string>()(row.contractId + "/" + row.person) % parts == part;
  };
  MeasureInput chosen;
  chosen.rules = input.rules;
  std::copy_if(input.visits.begin(), input.visits.end(), std::back_inserter(chosen.visits), isOf);
  const auto copy = [&](const auto& from, auto& to) {
    if (from)
      std::copy_if(from->begin(), from->end(), std::back_inserter(to.emplace()), isOf);
  };
  copy(input.packages, chosen.packages);
  copy(input.invoices, chosen.invoices);
  copy(input.people, chosen.people);
  return chosen;
}

}  // namespace

TEST_CASE("the sums of different people's visits add up to every figure of all") {
  CHECK(rc::check([] {
    MeasureInput input = randomInput();
    if (*rc::gen::arbitrary<bool>())
      addFiles(input);
    // What a review is due on is the newest export of all.
    for (VisitFacts& visit : input.visits)
      visit.exportedMs = input.visits.front().exportedMs;
    MeasureQuery query;
    if (*rc::gen::arbitrary<bool>())
      query.from = *parseDay("2026-03-29") + *rc::gen::inRange(0, 2);
    GroupSums sums;
    for (std::size_t part = 0; part < 3; ++part) {
      const MeasureInput own = partOf(input, part, 3);
      const Recomputation recomputation(own, query);
      add(recomputation.sumsOf(recomputation.groups().begin()->second), sums);
    }
    const GroupFigures together = figuresOf(sums);
    const Recomputation whole(input, query);
    const GroupFigures group = whole.figuresOf(whole.groups().begin()->second);
    RC_ASSERT(byId(together) == byId(group));
    RC_ASSERT(together.counts.excluded == group.counts.excluded);
    RC_ASSERT(together.counts.flags == group.counts.flags);
    RC_ASSERT(together.counts.slotsAttended == group.counts.slotsAttended);
    RC_ASSERT(together.counts.inFile == group.counts.inFile);
  }));
}
