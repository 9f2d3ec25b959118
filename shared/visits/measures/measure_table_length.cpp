// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

constexpr std::int64_t kQuarterHourMs = 15 * kMinuteMs;
constexpr std::string_view kAskedToLeave = "P3";

bool isShort(Visit v, std::int64_t lengthMs) {
  const Rules& rules = *v.rules;
  return Wide{100} * lengthMs < Wide{rules.shortRatioPct} * v.planMs() ||
         (rules.shortByMin > 0 && v.planMs() - lengthMs >= minutesMs(rules.shortByMin));
}

bool isReasonForShort(Visit v, Slot slot) {
  const auto& reasons = v.rules->shortExemptReasons;
  return std::find(reasons.begin(), reasons.end(), slot.facts->reason) != reasons.end();
}

// Of so much planned.
template <class Add>
void ofPlanned(Visit v, Figure& f, Add&& add) {
  eachKnownLength(v, [&](Slot, std::int64_t lengthMs) {
    f.numerator += add(lengthMs);
    f.denominator += v.planMs();
  });
}

bool isShortByNice(Visit v, std::int64_t lengthMs) {
  return lengthMs < minutesMs(v.rules->niceShortMin);
}

// Regulated Services (Wales) 2017, section 8: half an hour, or a condition for less is met.
bool compliesWithWales(Visit v, Slot slot, std::int64_t lengthMs) {
  if (!isShortByNice(v, lengthMs) || slot.facts->reason == kAskedToLeave)
    return true;
  const ShortVisitBasis basis = v.facts->shortVisitBasis;
  if (v.facts->arrangedBy != ArrangedBy::Council)
    return basis != ShortVisitBasis::Unstated;
  return slot.facts->priorVisitMs &&
         (basis == ShortVisitBasis::SafeAndWell || basis == ShortVisitBasis::TasksCompletable);
}

void overPlannedSlots(Visit v, Figure& f, bool capped) {
  if (!v.reported())
    return;
  f.denominator += Wide{v.planMs()} * static_cast<int>(v.slots.size());
  eachKnownLength(v, [&](Slot, std::int64_t lengthMs) {
    f.numerator += capped ? std::min(lengthMs, v.planMs()) : lengthMs;
  });
}

std::vector<Measure> niceMeasures() {
  return {
      perVisit("qs123.4a_planned",
               [](Visit v, Figure& f) {
                 share(f, v.reported(), v.basis && !isShortByNice(v, v.planMs()));
               }),
      perVisit("qs123.4b_planned",
               [](Visit v, Figure& f) {
                 share(f, v.reported() && isShortByNice(v, v.planMs()), v.facts->shortVisitAgreed);
               }),
      perVisit("qs123.4a_actual",
               [](Visit v, Figure& f) {
                 eachKnownLength(v, [&](Slot, std::int64_t lengthMs) {
                   share(f, true, !isShortByNice(v, lengthMs));
                 });
               }),
      perVisit("qs123.4b_actual",
               [](Visit v, Figure& f) {
                 eachKnownLength(v, [&](Slot, std::int64_t lengthMs) {
                   share(f, isShortByNice(v, lengthMs), v.facts->shortVisitAgreed);
                 });
               }),
      perVisit("wales.s8",
               [](Visit v, Figure& f) {
                 eachKnownLength(v, [&](Slot slot, std::int64_t lengthMs) {
                   share(f, true, compliesWithWales(v, slot, lengthMs));
                 });
               }),
  };
}

}  // namespace

std::vector<Measure> lengthMeasures() {
  std::vector<Measure> measures{
      perVisit("length.clip_rate",
               [](Visit v, Figure& f) {
                 ofPlanned(v, f, [&](std::int64_t lengthMs) {
                   return std::max<std::int64_t>(0, v.planMs() - lengthMs);
                 });
               }),
      perVisit("length.over_rate",
               [](Visit v, Figure& f) {
                 ofPlanned(v, f, [&](std::int64_t lengthMs) {
                   return std::max<std::int64_t>(0, lengthMs - v.planMs());
                 });
               }),
      perVisit("length.short",
               [](Visit v, Figure& f) {
                 eachKnownLength(
                     v, [&](Slot, std::int64_t lengthMs) { share(f, true, isShort(v, lengthMs)); });
               }),
      perVisit("length.short_fault",
               [](Visit v, Figure& f) {
                 eachKnownLength(v, [&](Slot slot, std::int64_t lengthMs) {
                   share(f, true, isShort(v, lengthMs) && !isReasonForShort(v, slot));
                 });
               }),
      perVisit("length.under_15",
               [](Visit v, Figure& f) {
                 eachKnownLength(v, [&](Slot, std::int64_t lengthMs) {
                   share(f, true, lengthMs < kQuarterHourMs);
                 });
               }),
      perVisit("delivered.percent_capped",
               [](Visit v, Figure& f) { overPlannedSlots(v, f, true); }),
      perVisit("delivered.percent_uncapped",
               [](Visit v, Figure& f) { overPlannedSlots(v, f, false); }),
  };
  const std::vector<Measure> nice = niceMeasures();
  measures.insert(measures.end(), nice.begin(), nice.end());
  return measures;
}

}  // namespace doorstep::measures
