// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/group_sums.h"

#include <algorithm>
#include <utility>

#include "shared/core/check.h"

namespace doorstep::measures {
namespace {

void countFlags(const ClassifiedVisit& visit, Counts& counts) {
  const auto add = [&](Flag flag, bool set) {
    counts.flags[static_cast<std::size_t>(flag)] += set ? 1 : 0;
  };
  add(Flag::AttendedThoughCancelled, visit.attendedThoughCancelled);
  add(Flag::BasisFallback, visit.basisFallback);
  add(Flag::CancelledAfterStart, visit.cancelledAfterStart);
  add(Flag::PersonUnknown, visit.facts->person.empty());
  add(Flag::PlannedAfterStart, visit.plannedAfterStart);
  add(Flag::RuleAmbiguous, visit.ruleAmbiguous);
  for (const ClassifiedSlot& slot : visit.slots) {
    add(Flag::CarerUnknown, visit.attended() && slot.attended() && slot.facts->carer.empty());
    add(Flag::EndBeforeStart, slot.endBeforeStart);
    add(Flag::EndWithoutStart, slot.endWithoutStart);
    add(Flag::NoEnd, slot.noEnd);
    add(Flag::TooLong, slot.tooLong);
  }
}

template <typename Numbers>
void addEach(const Numbers& more, Numbers& sums) {
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] += more[i];
}

void addCounts(const Counts& more, Counts& sums) {
  addEach(more.excluded, sums.excluded);
  addEach(more.reportedAs, sums.reportedAs);
  addEach(more.flags, sums.flags);
  sums.inFile += more.inFile;
  sums.slotsReported += more.slotsReported;
  sums.slotsAttended += more.slotsAttended;
  sums.lengthsUnknown += more.lengthsUnknown;
}

bool needsSpreads(const std::vector<bool>& wanted) {
  const auto table = measureTable();
  for (std::size_t i = 0; i < table.size(); ++i)
    if (wanted[i] && table[i].isQuantile())
      return true;
  return false;
}

}  // namespace

std::int64_t Counts::reported() const { return excluded[0]; }

Counts countVisits(const Group& group) {
  Counts counts;
  for (const ClassifiedVisit* visit : group.visits) {
    ++counts.inFile;
    ++counts.excluded[static_cast<std::size_t>(visit->exclusion)];
    if (visit->lookedAt())
      countFlags(*visit, counts);
    if (!visit->reported())
      continue;
    ++counts.reportedAs[static_cast<std::size_t>(visit->visitClass)];
    counts.slotsReported += static_cast<std::int64_t>(visit->slots.size());
    for (const ClassifiedSlot& slot : visit->slots) {
      if (!visit->isAttended() || !slot.attended())
        continue;
      ++counts.slotsAttended;
      counts.lengthsUnknown += slot.lengthMs ? 0 : 1;
    }
  }
  return counts;
}

GroupSums sumGroup(const Group& group, const GroupTotals& totals, std::vector<bool> wanted) {
  const auto table = measureTable();
  DOORSTEP_CHECK(wanted.size() == table.size());
  GroupSums sums;
  sums.counts = countVisits(group);
  sums.totals = totals;
  sums.ofVisits.resize(table.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    if (wanted[i] && table[i].ofVisit)
      for (const ClassifiedVisit* visit : group.visits)
        table[i].ofVisit(*visit, sums.ofVisits[i]);
  if (needsSpreads(wanted))
    for (std::size_t i = 0; i < kSpreads; ++i)
      for (const ClassifiedVisit* visit : group.visits)
        spreadTable()[i].ofVisit(*visit, sums.spreads[i]);
  sums.wanted = std::move(wanted);
  return sums;
}

void add(const GroupSums& more, GroupSums& sums) {
  if (sums.wanted.empty()) {
    sums.wanted = more.wanted;
    sums.ofVisits.resize(more.ofVisits.size());
  }
  DOORSTEP_CHECK(sums.wanted == more.wanted);
  for (std::size_t i = 0; i < sums.ofVisits.size(); ++i) {
    sums.ofVisits[i].numerator += more.ofVisits[i].numerator;
    sums.ofVisits[i].denominator += more.ofVisits[i].denominator;
  }
  addCounts(more.counts, sums.counts);
  addTotals(more.totals, sums.totals);
  for (std::size_t i = 0; i < kSpreads; ++i)
    sums.spreads[i].insert(sums.spreads[i].end(), more.spreads[i].begin(), more.spreads[i].end());
}

GroupFigures figuresOf(GroupSums& sums) {
  GroupFigures result;
  result.counts = sums.counts;
  for (auto& values : sums.spreads)
    std::sort(values.begin(), values.end());
  const auto table = measureTable();
  for (std::size_t i = 0; i < sums.wanted.size(); ++i) {
    if (!sums.wanted[i])
      continue;
    const Measure& measure = table[i];
    Figure figure;
    if (measure.ofVisit) {
      figure = sums.ofVisits[i];
      if (measure.denominator != 0)
        figure.denominator = measure.denominator;
    } else if (measure.ofGroup) {
      figure = measure.ofGroup(sums.totals);
    } else {
      const auto spread = static_cast<std::size_t>(measure.spread);
      figure = quantile(sums.spreads[spread], measure.percent, spreadTable()[spread].unitMs);
    }
    result.figures.push_back({std::string(measure.id), figure});
  }
  for (const auto& [funder, ms] : sums.totals.fundedMs)
    result.figures.push_back({std::string(kRechargePrefix) + funder, {ms, kFundedPerMinute}});
  std::sort(result.figures.begin(), result.figures.end(),
            [](const NamedFigure& a, const NamedFigure& b) { return a.id < b.id; });
  return result;
}

}  // namespace doorstep::measures
