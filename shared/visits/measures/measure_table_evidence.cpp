// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

constexpr std::string_view kNoEvidence = "A8";

bool isElectronic(const EndFacts& end, const Rules& rules) {
  return end.rawMs && (rules.electronicMethods & bit(end.method)) != 0 &&
         (rules.electronicGrades & bit(end.grade)) != 0;
}

bool isManual(const EndFacts& end) {
  if (!end.rawMs)
    return end.adjustedMs.has_value();
  return end.method == Method::Manual || end.method == Method::None ||
         end.method == Method::Unstated;
}

int electronicEnds(Visit v, Slot slot) {
  return (isElectronic(slot.facts->start, *v.rules) ? 1 : 0) +
         (isElectronic(slot.facts->end, *v.rules) ? 1 : 0);
}

template <int least>
void electronic(Visit v, Figure& f) {
  eachAttended(v, [&](Slot slot) { share(f, true, electronicEnds(v, slot) >= least); });
}

template <Grade grade>
void graded(Visit v, Figure& f) {
  eachEnd(v, [&](const EndFacts& end) { share(f, true, end.grade == grade); });
}

// The length that the record itself gives, as far as a length is believed.
std::optional<std::int64_t> ruledLengthMs(Visit v, Slot slot) {
  const auto& start = slot.facts->start.ruledMs;
  const auto& end = slot.facts->end.ruledMs;
  if (!start || !end || *end < *start || *end - *start > minutesMs(v.rules->maxVisitMin))
    return std::nullopt;
  return *end - *start;
}

void editGain(Visit v, Figure& f) {
  eachKnownLength(v, [&](Slot slot, std::int64_t lengthMs) {
    const auto ruled = slot.adjusted() ? ruledLengthMs(v, slot) : std::nullopt;
    if (ruled)
      f.numerator += lengthMs - *ruled;
  });
}

void editMoved(Visit v, Figure& f) {
  eachAttended(v, [&](Slot slot) {
    for (const EndFacts* end : {&slot.facts->start, &slot.facts->end})
      if (end->adjustedMs && end->ruledMs)
        f.numerator += std::max(*end->adjustedMs - *end->ruledMs, *end->ruledMs - *end->adjustedMs);
  });
}

void editLate(Visit v, Figure& f) {
  eachAttended(v, [&](Slot slot) {
    const std::int64_t overMs = slot.endMs.value_or(*slot.startMs);
    share(f, slot.adjusted(),
          slot.facts->adjustedAtMs &&
              *slot.facts->adjustedAtMs - overMs > Wide{v.rules->lateEditH} * kHourMs);
  });
}

std::vector<Measure> recordMeasures() {
  return {
      perVisit("edits.rate",
               [](Visit v, Figure& f) {
                 eachAttended(v, [&](Slot slot) { share(f, true, slot.adjusted()); });
               }),
      perVisit("edits.gain", editGain, kMinuteMs),
      perVisit("edits.moved", editMoved, kMinuteMs),
      perVisit("edits.late", editLate),
      perVisit("edits.no_evidence",
               [](Visit v, Figure& f) {
                 eachAttended(v, [&](Slot slot) {
                   const std::string& action = slot.facts->adjustAction;
                   share(f, slot.adjusted(), action.empty() || action == kNoEvidence);
                 });
               }),
      perSpread("sync.lag_p50", Spread::SyncLag, 50),
      perSpread("sync.lag_p90", Spread::SyncLag, 90),
      perSpread("sync.lag_p99", Spread::SyncLag, 99),
      perVisit("sync.over_limit",
               [](Visit v, Figure& f) {
                 eachEnd(v, [&](const EndFacts& end) {
                   share(f, end.receivedMs.has_value(),
                         end.receivedMs &&
                             *end.receivedMs - *end.ruledMs > minutesMs(v.rules->syncLagLimitMin));
                 });
               }),
      perSpread("clock.skew_p50", Spread::ClockSkew, 50),
      perSpread("clock.skew_p99", Spread::ClockSkew, 99),
      perVisit("clock.corrected_rate",
               [](Visit v, Figure& f) {
                 eachEnd(v, [&](const EndFacts& end) {
                   share(f, end.timeClass == TimeClass::A, *end.rawMs != *end.ruledMs);
                 });
               }),
  };
}

}  // namespace

std::vector<Measure> evidenceMeasures() {
  std::vector<Measure> measures{
      perVisit("evidence.electronic_both", electronic<2>),
      perVisit("evidence.electronic_any", electronic<1>),
      perVisit("evidence.electronic_by_rule",
               [](Visit v, Figure& f) {
                 v.rules->electronicRequires == ElectronicRequires::Both ? electronic<2>(v, f)
                                                                         : electronic<1>(v, f);
               }),
      perVisit("evidence.manual",
               [](Visit v, Figure& f) {
                 eachAttended(v, [&](Slot slot) {
                   share(f, true, isManual(slot.facts->start) || isManual(slot.facts->end));
                 });
               }),
      perVisit("evidence.grade.A", graded<Grade::A>),
      perVisit("evidence.grade.B", graded<Grade::B>),
      perVisit("evidence.grade.C", graded<Grade::C>),
      perVisit("evidence.grade.D", graded<Grade::D>),
      perVisit("evidence.grade.E", graded<Grade::E>),
      perVisit("evidence.anchored",
               [](Visit v, Figure& f) {
                 eachEnd(v, [&](const EndFacts& end) {
                   share(f, true, end.timeClass == TimeClass::A);
                 });
               }),
  };
  const std::vector<Measure> records = recordMeasures();
  measures.insert(measures.end(), records.begin(), records.end());
  return measures;
}

}  // namespace doorstep::measures
