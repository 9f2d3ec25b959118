// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

template <Punctuality which>
void rateOf(Visit v, Figure& f) {
  share(f, v.attended(), v.punctuality == which);
}

Wide latenessMs(Visit v) { return std::max<std::int64_t>(0, *v.startMs - v.basis->latestStartMs); }

bool isOnTimeAgainst(Visit v, const Plan& plan) {
  return v.startMs && !isEarly(*v.startMs, plan, v) && !isLate(*v.startMs, plan, v);
}

void againstPlan(Visit v, const std::optional<Plan>& plan, Figure& f) {
  share(f, v.attended() && plan.has_value(), plan && isOnTimeAgainst(v, *plan));
}

// Moved by the plan after the lock from late or early to on time.
void rescuedByMove(Visit v, Figure& f) {
  const bool both = v.locked && v.final;
  share(f, v.attended() && both,
        both && isOnTimeAgainst(v, *v.final) && !isOnTimeAgainst(v, *v.locked));
}

void lateChanges(Visit v, std::int64_t changes, Figure& f) {
  if (!v.reported())
    return;
  f.numerator += changes;
  f.denominator += 1;
}

}  // namespace

std::vector<Measure> punctualityMeasures() {
  return {
      perVisit("punctuality.on_time_of_attended", rateOf<Punctuality::OnTime>),
      perVisit("punctuality.on_time_of_planned",
               [](Visit v, Figure& f) {
                 share(f, v.reported(), v.attended() && v.punctuality == Punctuality::OnTime);
               }),
      perVisit("punctuality.time_critical",
               [](Visit v, Figure& f) {
                 share(f, v.reported() && v.facts->timeCritical,
                       v.attended() && v.punctuality == Punctuality::OnTime);
               }),
      perVisit("punctuality.early_rate", rateOf<Punctuality::Early>),
      perVisit("punctuality.late_rate", rateOf<Punctuality::Late>),
      perVisit("punctuality.not_together_rate", rateOf<Punctuality::NotTogether>),
      perVisit("punctuality.very_late_rate",
               [](Visit v, Figure& f) {
                 share(f, v.attended(),
                       v.startMs &&
                           *v.startMs - v.basis->latestStartMs > minutesMs(v.rules->veryLateMin));
               }),
      perVisit("punctuality.late_mean",
               [](Visit v, Figure& f) {
                 if (!v.attended() || !v.startMs)
                   return;
                 f.numerator += latenessMs(v);
                 f.denominator += kMinuteMs;
               }),
      perSpread("punctuality.late_p50", Spread::Lateness, 50),
      perSpread("punctuality.late_p90", Spread::Lateness, 90),
      perSpread("punctuality.late_p95", Spread::Lateness, 95),
      perVisit("punctuality.basis.commissioned",
               [](Visit v, Figure& f) { againstPlan(v, v.facts->commissioned, f); }),
      perVisit("punctuality.basis.locked", [](Visit v, Figure& f) { againstPlan(v, v.locked, f); }),
      perVisit("punctuality.basis.final", [](Visit v, Figure& f) { againstPlan(v, v.final, f); }),
      perVisit("plan.rescued_by_move", rescuedByMove),
      perVisit("plan.changed_after_lock",
               [](Visit v, Figure& f) { share(f, v.reported(), v.facts->changesAfterLock > 0); }),
      perVisit("plan.late_changes.office",
               [](Visit v, Figure& f) { lateChanges(v, v.facts->lateChangesOffice, f); }),
      perVisit("plan.late_changes.person",
               [](Visit v, Figure& f) { lateChanges(v, v.facts->lateChangesPerson, f); }),
      perVisit("plan.late_changes.council",
               [](Visit v, Figure& f) { lateChanges(v, v.facts->lateChangesCouncil, f); }),
  };
}

}  // namespace doorstep::measures
