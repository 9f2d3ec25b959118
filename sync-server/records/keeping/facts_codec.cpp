// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/facts_codec.h"

#include <charconv>
#include <optional>

#include "doorstep/records/v1/kept_record.pb.h"

namespace doorstep::records {
namespace {

using measures::EndFacts;
using measures::Plan;
using measures::SlotFacts;
using measures::VisitFacts;

std::uint32_t number(std::int64_t value) { return static_cast<std::uint32_t>(value); }
template <typename Enum>
std::uint32_t place(Enum value) {
  return static_cast<std::uint32_t>(value);
}

// A place in a list of names; one beyond its end is the first, which is what nothing was said of.
template <typename Enum, std::size_t n>
Enum named(const std::array<std::string_view, n>&, std::uint32_t value) {
  return value < n ? static_cast<Enum>(value) : Enum();
}

void put(const std::optional<Plan>& plan, v1::KeptPlan* (v1::KeptVisit::*to)(),
         v1::KeptVisit& kept) {
  if (!plan)
    return;
  v1::KeptPlan& message = *(kept.*to)();
  message.set_start_unix_ms(plan->startMs);
  message.set_window_ms(plan->latestStartMs - plan->startMs);
  message.set_length_ms(plan->lengthMs());
}

std::optional<Plan> planOf(bool present, const v1::KeptPlan& kept) {
  if (!present)
    return std::nullopt;
  const std::int64_t latest = kept.start_unix_ms() + kept.window_ms();
  return Plan{kept.start_unix_ms(), latest, latest + kept.length_ms()};
}

void put(const EndFacts& end, v1::KeptEnd* (v1::KeptSlot::*to)(), v1::KeptSlot& kept) {
  if (!end.rawMs && !end.adjustedMs)
    return;
  v1::KeptEnd& message = *(kept.*to)();
  if (end.rawMs)
    message.set_raw_unix_ms(*end.rawMs);
  if (end.ruledMs)
    message.set_ruled_unix_ms(*end.ruledMs);
  if (end.adjustedMs)
    message.set_adjusted_unix_ms(*end.adjustedMs);
  if (end.receivedMs)
    message.set_received_unix_ms(*end.receivedMs);
  message.set_time_class(place(end.timeClass));
  message.set_method(place(end.method));
  message.set_grade(place(end.grade));
}

std::optional<std::int64_t> when(bool present, std::int64_t value) {
  return present ? std::optional(value) : std::nullopt;
}

EndFacts endOf(const v1::KeptEnd& kept) {
  EndFacts end;
  end.rawMs = when(kept.has_raw_unix_ms(), kept.raw_unix_ms());
  end.ruledMs = when(kept.has_ruled_unix_ms(), kept.ruled_unix_ms());
  end.adjustedMs = when(kept.has_adjusted_unix_ms(), kept.adjusted_unix_ms());
  end.receivedMs = when(kept.has_received_unix_ms(), kept.received_unix_ms());
  end.timeClass = named<measures::TimeClass>(measures::kTimeClasses, kept.time_class());
  end.method = named<measures::Method>(measures::kMethods, kept.method());
  end.grade = named<measures::Grade>(measures::kGrades, kept.grade());
  return end;
}

void putSlot(const SlotFacts& slot, v1::KeptSlot& kept) {
  kept.set_number(number(slot.number));
  std::uint64_t carer = 0;
  std::from_chars(slot.carer.data(), slot.carer.data() + slot.carer.size(), carer);
  kept.set_carer_id(carer);
  put(slot.start, &v1::KeptSlot::mutable_start, kept);
  put(slot.end, &v1::KeptSlot::mutable_end, kept);
  if (slot.noEntryMs)
    kept.set_no_entry_unix_ms(*slot.noEntryMs);
  if (slot.adjustedAtMs)
    kept.set_adjusted_at_unix_ms(*slot.adjustedAtMs);
  kept.set_adjust_action(slot.adjustAction);
  kept.set_reason(slot.reason);
  if (slot.priorVisitMs)
    kept.set_prior_visit_unix_ms(*slot.priorVisitMs);
  if (slot.lateAlertRaisedMs)
    kept.set_late_alert_raised_unix_ms(*slot.lateAlertRaisedMs);
  if (slot.lateAlertAckedMs)
    kept.set_late_alert_acked_unix_ms(*slot.lateAlertAckedMs);
  if (slot.missedAlertRaisedMs)
    kept.set_missed_alert_raised_unix_ms(*slot.missedAlertRaisedMs);
}

SlotFacts slotOf(const v1::KeptSlot& kept) {
  SlotFacts slot;
  slot.number = static_cast<int>(kept.number());
  if (kept.carer_id() != 0)
    slot.carer = std::to_string(kept.carer_id());
  slot.start = endOf(kept.start());
  slot.end = endOf(kept.end());
  slot.noEntryMs = when(kept.has_no_entry_unix_ms(), kept.no_entry_unix_ms());
  slot.adjustedAtMs = when(kept.has_adjusted_at_unix_ms(), kept.adjusted_at_unix_ms());
  slot.adjustAction = kept.adjust_action();
  slot.reason = kept.reason();
  slot.priorVisitMs = when(kept.has_prior_visit_unix_ms(), kept.prior_visit_unix_ms());
  slot.lateAlertRaisedMs =
      when(kept.has_late_alert_raised_unix_ms(), kept.late_alert_raised_unix_ms());
  slot.lateAlertAckedMs =
      when(kept.has_late_alert_acked_unix_ms(), kept.late_alert_acked_unix_ms());
  slot.missedAlertRaisedMs =
      when(kept.has_missed_alert_raised_unix_ms(), kept.missed_alert_raised_unix_ms());
  return slot;
}

void putTerms(const VisitFacts& facts, v1::KeptVisit& kept) {
  kept.set_lot(facts.lot);
  kept.set_patch(facts.patch);
  kept.set_tier(facts.tier);
  kept.set_rurality(place(facts.rurality));
  kept.set_provider_role(place(facts.providerRole));
  kept.set_service_kind(place(facts.serviceKind));
  kept.set_model(place(facts.model));
  kept.set_purchase(place(facts.purchase));
  kept.set_arranged_by(place(facts.arrangedBy));
  for (const measures::FunderShare& funder : facts.funders) {
    v1::KeptShare& share = *kept.add_funders();
    share.set_funder(funder.funder);
    share.set_share(number(funder.share));
  }
  kept.set_suspension(place(facts.suspension));
  kept.set_short_visit_agreed(facts.shortVisitAgreed);
  kept.set_short_visit_basis(place(facts.shortVisitBasis));
}

void takeTerms(const v1::KeptVisit& kept, VisitFacts& facts) {
  facts.lot = kept.lot();
  facts.patch = kept.patch();
  facts.tier = kept.tier();
  facts.rurality = named<measures::Rurality>(measures::kRuralities, kept.rurality());
  facts.providerRole =
      named<measures::ProviderRole>(measures::kProviderRoles, kept.provider_role());
  facts.serviceKind = named<measures::ServiceKind>(measures::kServiceKinds, kept.service_kind());
  facts.model = named<measures::CareModel>(measures::kCareModels, kept.model());
  facts.purchase = named<measures::Purchase>(measures::kPurchases, kept.purchase());
  facts.arrangedBy = named<measures::ArrangedBy>(measures::kArrangedBy, kept.arranged_by());
  for (const v1::KeptShare& share : kept.funders())
    facts.funders.push_back({share.funder(), share.share()});
  facts.suspension = named<measures::Suspension>(measures::kSuspensions, kept.suspension());
  facts.shortVisitAgreed = kept.short_visit_agreed();
  facts.shortVisitBasis =
      named<measures::ShortVisitBasis>(measures::kShortVisitBases, kept.short_visit_basis());
}

void putCare(const VisitFacts& facts, v1::KeptVisit& kept) {
  v1::KeptTasks& tasks = *kept.mutable_tasks();
  tasks.set_planned(number(facts.tasks.planned));
  tasks.set_done(number(facts.tasks.done));
  tasks.set_not_done_reasoned(number(facts.tasks.notDoneReasoned));
  tasks.set_critical_planned(number(facts.tasks.criticalPlanned));
  tasks.set_critical_not_done(number(facts.tasks.criticalNotDone));
  tasks.set_goal_linked(number(facts.tasks.goalLinked));
  v1::KeptIndependence& independence = *kept.mutable_independence();
  independence.set_self(number(facts.independence.self));
  independence.set_prompted(number(facts.independence.prompted));
  independence.set_assisted(number(facts.independence.assisted));
  independence.set_full(number(facts.independence.full));
  for (const measures::GoalScore& score : facts.goalScores) {
    v1::KeptGoalScore& message = *kept.add_goal_scores();
    message.set_goal(score.goal);
    message.set_score(score.score);
    message.set_baseline(score.baseline);
  }
  v1::KeptDoses& doses = *kept.mutable_doses();
  doses.set_due(number(facts.doses.due));
  doses.set_given(number(facts.doses.given));
  doses.set_late(number(facts.doses.late));
  doses.set_refused(number(facts.doses.refused));
  doses.set_not_given_reasoned(number(facts.doses.notGivenReasoned));
  doses.set_missed(number(facts.doses.missed));
}

void takeCare(const v1::KeptVisit& kept, VisitFacts& facts) {
  const v1::KeptTasks& tasks = kept.tasks();
  facts.tasks = {tasks.planned(),           tasks.done(),
                 tasks.not_done_reasoned(), tasks.critical_planned(),
                 tasks.critical_not_done(), tasks.goal_linked()};
  const v1::KeptIndependence& independence = kept.independence();
  facts.independence = {independence.self(), independence.prompted(), independence.assisted(),
                        independence.full()};
  for (const v1::KeptGoalScore& score : kept.goal_scores())
    facts.goalScores.push_back({score.goal(), score.score(), score.baseline()});
  const v1::KeptDoses& doses = kept.doses();
  facts.doses = {
      doses.due(),   doses.given(), doses.late(), doses.refused(), doses.not_given_reasoned(),
      doses.missed()};
}

}  // namespace

std::string encodeFacts(const VisitFacts& facts) {
  v1::KeptVisit kept;
  kept.set_visit_ref(facts.visitId);
  putTerms(facts, kept);
  kept.set_carers_required(number(facts.carersRequired));
  kept.set_time_critical(facts.timeCritical);
  put(facts.commissioned, &v1::KeptVisit::mutable_commissioned, kept);
  put(facts.locked, &v1::KeptVisit::mutable_locked, kept);
  put(facts.final, &v1::KeptVisit::mutable_final, kept);
  if (facts.firstPublishedMs)
    kept.set_first_published_unix_ms(*facts.firstPublishedMs);
  kept.set_changes_after_lock(number(facts.changesAfterLock));
  kept.set_late_changes_office(number(facts.lateChangesOffice));
  kept.set_late_changes_person(number(facts.lateChangesPerson));
  kept.set_late_changes_council(number(facts.lateChangesCouncil));
  kept.set_cancelled_by(place(facts.cancelledBy));
  if (facts.cancelledMs)
    kept.set_cancelled_unix_ms(*facts.cancelledMs);
  putCare(facts, kept);
  for (const SlotFacts& slot : facts.slots)
    putSlot(slot, *kept.add_slots());
  return kept.SerializeAsString();
}

Result<VisitFacts> decodeFacts(std::string_view bytes) {
  v1::KeptVisit kept;
  if (!kept.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error{ErrorCode::DataLoss, "RECORD_DAMAGED",
                 "a stored record cannot be read: rebuild the projections"};
  VisitFacts facts;
  facts.visitId = kept.visit_ref();
  takeTerms(kept, facts);
  facts.carersRequired = static_cast<int>(kept.carers_required());
  facts.timeCritical = kept.time_critical();
  facts.commissioned = planOf(kept.has_commissioned(), kept.commissioned());
  facts.locked = planOf(kept.has_locked(), kept.locked());
  facts.final = planOf(kept.has_final(), kept.final());
  facts.firstPublishedMs = when(kept.has_first_published_unix_ms(), kept.first_published_unix_ms());
  facts.changesAfterLock = kept.changes_after_lock();
  facts.lateChangesOffice = kept.late_changes_office();
  facts.lateChangesPerson = kept.late_changes_person();
  facts.lateChangesCouncil = kept.late_changes_council();
  facts.cancelledBy = named<measures::CancelledBy>(measures::kCancelledBy, kept.cancelled_by());
  facts.cancelledMs = when(kept.has_cancelled_unix_ms(), kept.cancelled_unix_ms());
  takeCare(kept, facts);
  for (const v1::KeptSlot& slot : kept.slots())
    facts.slots.push_back(slotOf(slot));
  return facts;
}

}  // namespace doorstep::records
