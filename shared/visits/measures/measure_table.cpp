// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_table.h"

#include <algorithm>

#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

using Values = std::vector<std::int64_t>;

constexpr std::int64_t kSpreadSecondMs = kSecondMs;

void lateness(Visit v, Values& values) {
  if (v.attended() && v.startMs)
    values.push_back(std::max<std::int64_t>(0, *v.startMs - v.basis->latestStartMs));
}

void detectionLag(Visit v, Values& values) {
  if (!v.missed())
    return;
  std::optional<std::int64_t> raised;
  for (Slot slot : v.slots)
    if (slot.facts->missedAlertRaisedMs)
      raised = std::min(raised.value_or(*slot.facts->missedAlertRaisedMs),
                        *slot.facts->missedAlertRaisedMs);
  if (raised)
    values.push_back(*raised - v.basis->startMs);
}

void carersGap(Visit v, Values& values) {
  if (v.doubleHanded() && v.visitClass == VisitClass::AttendedFull)
    values.push_back(v.gapMs);
}

void alertAck(Visit v, Values& values) {
  eachReported(v, [&](Slot slot) {
    if (slot.facts->lateAlertRaisedMs && slot.facts->lateAlertAckedMs)
      values.push_back(*slot.facts->lateAlertAckedMs - *slot.facts->lateAlertRaisedMs);
  });
}

void syncLag(Visit v, Values& values) {
  eachEnd(v, [&](const EndFacts& end) {
    if (end.receivedMs)
      values.push_back(std::max<std::int64_t>(0, *end.receivedMs - *end.ruledMs));
  });
}

void clockSkew(Visit v, Values& values) {
  eachEnd(v, [&](const EndFacts& end) {
    if (end.timeClass == TimeClass::A)
      values.push_back(std::max(*end.rawMs - *end.ruledMs, *end.ruledMs - *end.rawMs));
  });
}

// What is no share, by how its id begins.
constexpr std::array<std::pair<std::string_view, Unit>, 9> kUnits{{
    {"punctuality.late_mean", Unit::Minutes},
    {"double_handed.wait_mean", Unit::Minutes},
    {"edits.gain", Unit::Minutes},
    {"edits.moved", Unit::Minutes},
    {"billable.", Unit::Minutes},
    {"reablement.week_minutes.", Unit::Minutes},
    {"waterfall.", Unit::Minutes},
    {"continuity.carers_mean", Unit::Carers},
    {"plan.late_changes.", Unit::Changes},
}};

}  // namespace

const std::array<SpreadEntry, kSpreads>& spreadTable() {
  static const std::array<SpreadEntry, kSpreads> table{{
      {lateness, kMinuteMs},
      {detectionLag, kMinuteMs},
      {carersGap, kMinuteMs},
      {alertAck, kMinuteMs},
      {syncLag, kMinuteMs},
      {clockSkew, kSpreadSecondMs},
  }};
  return table;
}

std::span<const Measure> measureTable() {
  static const std::vector<Measure> table = [] {
    std::vector<Measure> all;
    for (const auto& part :
         {punctualityMeasures(), attendanceMeasures(), lengthMeasures(), evidenceMeasures(),
          careMeasures(), peopleMeasures(), minutesMeasures()})
      all.insert(all.end(), part.begin(), part.end());
    std::sort(all.begin(), all.end(),
              [](const Measure& a, const Measure& b) { return a.id < b.id; });
    return all;
  }();
  return table;
}

const Measure* findMeasure(std::string_view id) {
  const auto table = measureTable();
  const auto found = std::lower_bound(
      table.begin(), table.end(), id,
      [](const Measure& measure, std::string_view asked) { return measure.id < asked; });
  return found != table.end() && found->id == id ? &*found : nullptr;
}

Unit unitOf(const Measure& measure) {
  if (measure.isQuantile())
    return measure.spread == Spread::ClockSkew ? Unit::Seconds : Unit::Minutes;
  for (const auto& [prefix, unit] : kUnits) {
    if (measure.id.substr(0, prefix.size()) == prefix)
      return unit;
  }
  return Unit::Share;
}

Figure quantile(std::span<const std::int64_t> values, int percent, std::int64_t unitMs) {
  if (values.empty())
    return {};
  const std::size_t rank = (static_cast<std::size_t>(percent) * values.size() + 99) / 100;
  return {values[rank - 1], unitMs};
}

}  // namespace doorstep::measures
