// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

// Of an attended visit, counts of `part` among counts of `of`.
void amongAttended(Visit v, Figure& f, std::int64_t part, Wide of) {
  if (!v.attended())
    return;
  f.numerator += part;
  f.denominator += of;
}

template <std::int64_t Independence::*which>
void independenceShare(Visit v, Figure& f) {
  const Independence& tasks = v.facts->independence;
  amongAttended(v, f, tasks.*which,
                Wide{tasks.self} + tasks.prompted + tasks.assisted + tasks.full);
}

// Doses count over missed visits too.
template <std::int64_t Doses::*which, std::int64_t Doses::*of>
void doseShare(Visit v, Figure& f) {
  if (!v.reported())
    return;
  f.numerator += v.facts->doses.*which;
  f.denominator += v.facts->doses.*of;
}

bool isFull(Visit v) { return v.visitClass == VisitClass::AttendedFull; }

std::vector<Measure> doubleHandedMeasures() {
  return {
      perVisit("double_handed.full",
               [](Visit v, Figure& f) {
                 share(f, v.doubleHanded(),
                       v.basis &&
                           Wide{100} * v.overlapMs >= Wide{v.rules->doubleOverlapPct} * v.planMs());
               }),
      perVisit("double_handed.single",
               [](Visit v, Figure& f) {
                 share(f, v.doubleHanded(), v.visitClass == VisitClass::AttendedPart);
               }),
      perVisit("double_handed.gap_ok",
               [](Visit v, Figure& f) {
                 share(f, v.doubleHanded() && isFull(v),
                       v.gapMs <= minutesMs(v.rules->doubleGapMin));
               }),
      perSpread("double_handed.gap_p90", Spread::CarersGap, 90),
      perVisit("double_handed.wait_mean",
               [](Visit v, Figure& f) {
                 if (!v.doubleHanded() || !isFull(v))
                   return;
                 std::int64_t lastMs = *v.slots.front().startMs;
                 for (Slot slot : v.slots)
                   lastMs = std::max(lastMs, *slot.startMs);
                 for (Slot slot : v.slots)
                   f.numerator += lastMs - *slot.startMs;
                 f.denominator += kMinuteMs;
               }),
      perVisit("double_handed.overlap_share",
               [](Visit v, Figure& f) {
                 if (!v.doubleHanded())
                   return;
                 f.numerator += std::min(v.overlapMs, v.planMs());
                 f.denominator += v.planMs();
               }),
  };
}

std::vector<Measure> taskMeasures() {
  return {
      perVisit("tasks.done",
               [](Visit v, Figure& f) {
                 amongAttended(v, f, v.facts->tasks.done, v.facts->tasks.planned);
               }),
      perVisit("tasks.goal_linked",
               [](Visit v, Figure& f) {
                 amongAttended(v, f, v.facts->tasks.goalLinked, v.facts->tasks.planned);
               }),
      perVisit("tasks.not_done_reasoned",
               [](Visit v, Figure& f) {
                 const TaskCounts& tasks = v.facts->tasks;
                 amongAttended(v, f, tasks.notDoneReasoned, Wide{tasks.planned} - tasks.done);
               }),
      perVisit("tasks.critical_done",
               [](Visit v, Figure& f) {
                 const TaskCounts& tasks = v.facts->tasks;
                 amongAttended(v, f, tasks.criticalPlanned - tasks.criticalNotDone,
                               tasks.criticalPlanned);
               }),
      perVisit("independence.share.self", independenceShare<&Independence::self>),
      perVisit("independence.share.prompted", independenceShare<&Independence::prompted>),
      perVisit("independence.share.assisted", independenceShare<&Independence::assisted>),
      perVisit("independence.share.full", independenceShare<&Independence::full>),
      perVisit("medicines.given", doseShare<&Doses::given, &Doses::due>),
      perVisit("medicines.refused", doseShare<&Doses::refused, &Doses::due>),
      perVisit("medicines.missed", doseShare<&Doses::missed, &Doses::due>),
      perVisit("medicines.late", doseShare<&Doses::late, &Doses::given>),
  };
}

}  // namespace

std::vector<Measure> careMeasures() {
  std::vector<Measure> measures = doubleHandedMeasures();
  const std::vector<Measure> tasks = taskMeasures();
  measures.insert(measures.end(), tasks.begin(), tasks.end());
  return measures;
}

}  // namespace doorstep::measures
