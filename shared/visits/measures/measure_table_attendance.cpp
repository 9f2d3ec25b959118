// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

template <Cause cause>
void missedBecause(Visit v, Figure& f) {
  share(f, v.reported(), v.missed() && v.cause == cause);
}

void missedRate(Visit v, Figure& f) { share(f, v.reported(), v.missed()); }

bool hasMissedAlert(Visit v) {
  return std::any_of(v.slots.begin(), v.slots.end(),
                     [](Slot slot) { return slot.facts->missedAlertRaisedMs.has_value(); });
}

// A late alert is judged by the newest plan: it was raised by that one.
bool isLateByNewest(Visit v, Slot slot) {
  return isLate(*slot.startMs, v.final ? *v.final : *v.basis, v);
}

bool isCancelledByPersonOrCouncil(Visit v) {
  return v.exclusion == Exclusion::Cancelled && (v.facts->cancelledBy == CancelledBy::Person ||
                                                 v.facts->cancelledBy == CancelledBy::Council);
}

std::vector<Measure> alertMeasures() {
  return {
      perVisit("alerts.false_late_rate",
               [](Visit v, Figure& f) {
                 eachReported(v, [&](Slot slot) {
                   share(f, slot.facts->lateAlertRaisedMs.has_value(),
                         slot.startMs && !isLateByNewest(v, slot));
                 });
               }),
      perVisit("alerts.late_caught",
               [](Visit v, Figure& f) {
                 eachAttended(v, [&](Slot slot) {
                   share(f, isLateByNewest(v, slot), slot.facts->lateAlertRaisedMs.has_value());
                 });
               }),
      perSpread("alerts.late_ack_p50", Spread::AlertAck, 50),
      perSpread("alerts.late_ack_p90", Spread::AlertAck, 90),
  };
}

}  // namespace

std::vector<Measure> attendanceMeasures() {
  std::vector<Measure> measures{
      perVisit("missed.rate", missedRate),
      perVisit("qs123.2b", missedRate),
      perVisit("missed.attended_of_planned",
               [](Visit v, Figure& f) { share(f, v.reported(), v.attended()); }),
      perVisit("missed.cause.merged", missedBecause<Cause::Merged>),
      perVisit("missed.cause.after_next", missedBecause<Cause::AfterNext>),
      perVisit("missed.cause.after_cutoff", missedBecause<Cause::AfterCutoff>),
      perVisit("missed.cause.too_late", missedBecause<Cause::TooLate>),
      perVisit("missed.cause.aborted", missedBecause<Cause::Aborted>),
      perVisit("missed.cause.provider_cancelled", missedBecause<Cause::ProviderCancelled>),
      perVisit("missed.cause.never_started", missedBecause<Cause::NeverStarted>),
      perSpread("missed.detection_lag_p50", Spread::DetectionLag, 50),
      perSpread("missed.detection_lag_p95", Spread::DetectionLag, 95),
      perVisit(
          "missed.recovered",
          [](Visit v, Figure& f) { share(f, v.reported() && hasMissedAlert(v), v.attended()); }),
      perVisit("no_entry.rate",
               [](Visit v, Figure& f) {
                 share(f, v.reported() || v.exclusion == Exclusion::NoEntry,
                       v.visitClass == VisitClass::NoEntry);
               }),
      perVisit(
          "cancelled.short_notice",
          [](Visit v, Figure& f) { share(f, isCancelledByPersonOrCouncil(v), isShortNotice(v)); }),
      perVisit("unplanned.rate",
               [](Visit v, Figure& f) {
                 const bool unplanned = v.exclusion == Exclusion::Unplanned;
                 share(f, v.reported() || unplanned, unplanned);
               }),
  };
  const std::vector<Measure> alerts = alertMeasures();
  measures.insert(measures.end(), alerts.begin(), alerts.end());
  return measures;
}

}  // namespace doorstep::measures
