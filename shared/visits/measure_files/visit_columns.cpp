// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/visit_columns.h"

#include <algorithm>

#include "shared/core/check.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;
using Names = std::span<const std::string_view>;
using Kind = ValueKind;
using Columns = std::vector<VisitColumn>;

constexpr bool kOfVisit = true;
constexpr bool kOfSlot = false;

constexpr std::array<std::string_view, 1> kSchemas{"2"};
constexpr std::array<std::string_view, 1> kZones{"Europe/London"};
constexpr std::array<std::string_view, 4> kArrangedByOrEmpty{"council", "health", "person", ""};
constexpr std::array<std::string_view, 4> kNoEntryReasons{"", "no_reply", "refused_at_door",
                                                          "unsafe"};

void put(std::string& member, const ColumnValue& value) { member = value.text; }
void put(std::optional<std::int64_t>& member, const ColumnValue& value) { member = value.time; }
void put(std::int64_t& member, const ColumnValue& value) { member = value.number; }
void put(bool& member, const ColumnValue& value) { member = value.flag; }
void put(std::vector<FunderShare>& member, const ColumnValue& value) { member = value.funders; }
void put(std::vector<GoalScore>& member, const ColumnValue& value) { member = value.goals; }
template <class Enum>
requires std::is_enum_v<Enum>
void put(Enum& member, const ColumnValue& value) { member = static_cast<Enum>(value.choice); }
// The empty field, last in its list, means the first.
void put(ArrangedBy& member, const ColumnValue& value) {
  member = value.text.empty() ? ArrangedBy::Council : static_cast<ArrangedBy>(value.choice);
}

template <class T>
T& part(RowDraft& draft, T VisitFacts::*member) {
  return draft.visit.*member;
}
template <class T>
T& part(RowDraft& draft, T SlotFacts::*member) {
  return draft.slot.*member;
}
template <class T>
T& part(RowDraft& draft, T RowDraft::*member) {
  return draft.*member;
}

// Where a value goes: a member of the visit, the slot or the draft, or a member of such a one.
template <auto member>
void set(RowDraft& draft, const ColumnValue& value) {
  put(part(draft, member), value);
}
template <auto outer, auto inner>
void set(RowDraft& draft, const ColumnValue& value) {
  put(part(draft, outer).*inner, value);
}

// Names are in the order of the enums.
Columns firstColumns() {
  using V = VisitFacts;
  using S = SlotFacts;
  using D = RowDraft;
  return {
      {{"schema_version", Kind::Choice, kSchemas}, kOfVisit},
      {{"tz", Kind::Choice, kZones}, kOfVisit},
      {{"provider"}, kOfVisit, set<&V::provider>},
      {{"contract_id"}, kOfVisit, set<&V::contractId>},
      {{"lot"}, kOfVisit, set<&V::lot>},
      {{"service_id"}, kOfVisit},
      {{"person_la_id"}, kOfVisit},
      {{"visit_id"}, kOfVisit, set<&V::visitId>},
      {{"carer_pseudonym"}, kOfSlot, set<&S::carer>},
      {{"carer_slot", Kind::Number}, kOfSlot, set<&D::carerSlot>},
      {{"carers_required", Kind::Number}, kOfVisit, set<&D::carersRequired>},
      {{"final_plan_start", Kind::Time}, kOfVisit, set<&D::final, &PlanTimes::startMs>},
      {{"final_plan_start_latest", Kind::Time},
       kOfVisit,
       set<&D::final, &PlanTimes::latestStartMs>},
      {{"final_plan_end", Kind::Time}, kOfVisit, set<&D::final, &PlanTimes::endMs>},
      {{"time_critical", Kind::Flag}, kOfVisit, set<&V::timeCritical>},
  };
}

// What phones recorded, as schema 1 has it.
Columns recordColumns() {
  using S = SlotFacts;
  using E = EndFacts;
  using V = VisitFacts;
  return {
      {{"raw_start_utc", Kind::Time}, kOfSlot, set<&S::start, &E::rawMs>},
      {{"raw_end_utc", Kind::Time}, kOfSlot, set<&S::end, &E::rawMs>},
      {{"start_time_class", Kind::Choice, kTimeClasses}, kOfSlot, set<&S::start, &E::timeClass>},
      {{"start_earliest_utc", Kind::Time}, kOfSlot},
      {{"start_latest_utc", Kind::Time}, kOfSlot},
      {{"ruled_start_utc", Kind::Time}, kOfSlot, set<&S::start, &E::ruledMs>},
      {{"end_time_class", Kind::Choice, kTimeClasses}, kOfSlot, set<&S::end, &E::timeClass>},
      {{"end_earliest_utc", Kind::Time}, kOfSlot},
      {{"end_latest_utc", Kind::Time}, kOfSlot},
      {{"ruled_end_utc", Kind::Time}, kOfSlot, set<&S::end, &E::ruledMs>},
      {{"start_method", Kind::Choice, kMethods}, kOfSlot, set<&S::start, &E::method>},
      {{"end_method", Kind::Choice, kMethods}, kOfSlot, set<&S::end, &E::method>},
      {{"start_grade", Kind::Choice, kGrades}, kOfSlot, set<&S::start, &E::grade>},
      {{"end_grade", Kind::Choice, kGrades}, kOfSlot, set<&S::end, &E::grade>},
      {{"start_distance_band"}, kOfSlot},
      {{"end_distance_band"}, kOfSlot},
      {{"start_fix_age_s", Kind::Number}, kOfSlot},
      {{"start_fix_accuracy_m", Kind::Number}, kOfSlot},
      {{"start_received_utc", Kind::Time}, kOfSlot, set<&S::start, &E::receivedMs>},
      {{"end_received_utc", Kind::Time}, kOfSlot, set<&S::end, &E::receivedMs>},
      // The server's own answer: a recomputation does not read it.
      {{"status"}, kOfSlot},
      {{"punctuality"}, kOfSlot},
      {{"late_ms"}, kOfSlot},
      {{"planned_min", Kind::Number}, kOfVisit},
      {{"actual_min"}, kOfSlot},
      {{"rule_version"}, kOfSlot},
      {{"tasks_planned", Kind::Number}, kOfVisit, set<&V::tasks, &TaskCounts::planned>},
      {{"tasks_done", Kind::Number}, kOfSlot},
      {{"tasks_not_done_reasoned", Kind::Number}, kOfSlot},
      {{"critical_not_done", Kind::Number}, kOfSlot},
  };
}

Columns orderColumns() {
  using V = VisitFacts;
  using D = RowDraft;
  using P = PlanTimes;
  return {
      {{"exported_utc", Kind::Time}, kOfVisit, set<&D::exportedMs>},
      {{"person_pseudonym"}, kOfVisit, set<&V::person>},
      {{"patch"}, kOfVisit, set<&V::patch>},
      {{"rurality", Kind::Choice, kRuralities}, kOfVisit, set<&V::rurality>},
      {{"tier"}, kOfVisit, set<&V::tier>},
      {{"provider_role", Kind::Choice, kProviderRoles}, kOfVisit, set<&V::providerRole>},
      {{"service_kind", Kind::Choice, kServiceKinds}, kOfVisit, set<&V::serviceKind>},
      {{"model", Kind::Choice, kCareModels}, kOfVisit, set<&V::model>},
      {{"purchase", Kind::Choice, kPurchases}, kOfVisit, set<&V::purchase>},
      {{"arranged_by", Kind::Choice, kArrangedByOrEmpty}, kOfVisit, set<&V::arrangedBy>},
      {{"funder_split", Kind::Funders}, kOfVisit, set<&V::funders>},
      {{"commissioned_start", Kind::Time}, kOfVisit, set<&D::commissioned, &P::startMs>},
      {{"commissioned_start_latest", Kind::Time},
       kOfVisit,
       set<&D::commissioned, &P::latestStartMs>},
      {{"commissioned_end", Kind::Time}, kOfVisit, set<&D::commissioned, &P::endMs>},
      {{"locked_plan_start", Kind::Time}, kOfVisit, set<&D::locked, &P::startMs>},
      {{"locked_plan_start_latest", Kind::Time}, kOfVisit, set<&D::locked, &P::latestStartMs>},
      {{"locked_plan_end", Kind::Time}, kOfVisit, set<&D::locked, &P::endMs>},
      {{"plan_first_published_utc", Kind::Time}, kOfVisit, set<&V::firstPublishedMs>},
      {{"plan_locked_utc", Kind::Time}, kOfVisit},
      {{"locked_plan_version", Kind::Number}, kOfVisit},
      {{"final_plan_version", Kind::Number}, kOfVisit},
      {{"plan_changes_after_lock", Kind::Number}, kOfVisit, set<&V::changesAfterLock>},
      {{"late_changes_office", Kind::Number}, kOfVisit, set<&V::lateChangesOffice>},
      {{"late_changes_person", Kind::Number}, kOfVisit, set<&V::lateChangesPerson>},
      {{"late_changes_council", Kind::Number}, kOfVisit, set<&V::lateChangesCouncil>},
      {{"cancelled_by", Kind::Choice, kCancelledBy}, kOfVisit, set<&V::cancelledBy>},
      {{"cancelled_utc", Kind::Time}, kOfVisit, set<&V::cancelledMs>},
      {{"cancel_notice_min"}, kOfVisit},
      {{"suspended_reason", Kind::Choice, kSuspensions}, kOfVisit, set<&V::suspension>},
  };
}

Columns officeColumns() {
  using V = VisitFacts;
  using S = SlotFacts;
  using E = EndFacts;
  using T = TaskCounts;
  return {
      {{"no_entry_utc", Kind::Time}, kOfSlot, set<&S::noEntryMs>},
      {{"no_entry_reason", Kind::Choice, kNoEntryReasons}, kOfSlot},
      {{"no_entry_received_utc", Kind::Time}, kOfSlot},
      {{"adj_start_utc", Kind::Time}, kOfSlot, set<&S::start, &E::adjustedMs>},
      {{"adj_end_utc", Kind::Time}, kOfSlot, set<&S::end, &E::adjustedMs>},
      {{"adj_reason"}, kOfSlot},
      {{"adj_action"}, kOfSlot, set<&S::adjustAction>},
      {{"adj_by_role"}, kOfSlot},
      {{"adj_at_utc", Kind::Time}, kOfSlot, set<&S::adjustedAtMs>},
      {{"reason"}, kOfSlot, set<&S::reason>},
      {{"responsibility"}, kOfSlot},
      {{"short_visit_agreed", Kind::Flag}, kOfVisit, set<&V::shortVisitAgreed>},
      {{"short_visit_basis", Kind::Choice, kShortVisitBases}, kOfVisit, set<&V::shortVisitBasis>},
      {{"prior_visit_utc", Kind::Time}, kOfSlot, set<&S::priorVisitMs>},
      {{"critical_planned", Kind::Number}, kOfVisit, set<&V::tasks, &T::criticalPlanned>},
      {{"visit_tasks_done", Kind::Number}, kOfVisit, set<&V::tasks, &T::done>},
      {{"visit_tasks_not_done_reasoned", Kind::Number},
       kOfVisit,
       set<&V::tasks, &T::notDoneReasoned>},
      {{"visit_critical_not_done", Kind::Number}, kOfVisit, set<&V::tasks, &T::criticalNotDone>},
      {{"tasks_goal_linked", Kind::Number}, kOfVisit, set<&V::tasks, &T::goalLinked>},
  };
}

Columns outcomeColumns() {
  using V = VisitFacts;
  using S = SlotFacts;
  using I = Independence;
  return {
      {{"indep_self", Kind::Number}, kOfVisit, set<&V::independence, &I::self>},
      {{"indep_prompted", Kind::Number}, kOfVisit, set<&V::independence, &I::prompted>},
      {{"indep_assisted", Kind::Number}, kOfVisit, set<&V::independence, &I::assisted>},
      {{"indep_full", Kind::Number}, kOfVisit, set<&V::independence, &I::full>},
      {{"goal_scores", Kind::Goals}, kOfVisit, set<&V::goalScores>},
      {{"meds_due", Kind::Number}, kOfVisit, set<&V::doses, &Doses::due>},
      {{"meds_given", Kind::Number}, kOfVisit, set<&V::doses, &Doses::given>},
      {{"meds_late", Kind::Number}, kOfVisit, set<&V::doses, &Doses::late>},
      {{"meds_refused", Kind::Number}, kOfVisit, set<&V::doses, &Doses::refused>},
      {{"meds_not_given_reasoned", Kind::Number},
       kOfVisit,
       set<&V::doses, &Doses::notGivenReasoned>},
      {{"meds_missed", Kind::Number}, kOfVisit, set<&V::doses, &Doses::missed>},
      {{"late_alert_raised_utc", Kind::Time}, kOfSlot, set<&S::lateAlertRaisedMs>},
      {{"late_alert_acked_utc", Kind::Time}, kOfSlot, set<&S::lateAlertAckedMs>},
      {{"late_alert_cleared_utc", Kind::Time}, kOfSlot},
      {{"late_alert_proven_false", Kind::Flag}, kOfSlot},
      {{"missed_alert_raised_utc", Kind::Time}, kOfSlot, set<&S::missedAlertRaisedMs>},
  };
}

}  // namespace

std::span<const VisitColumn> visitColumns() {
  static const Columns columns = [] {
    Columns all;
    for (const Columns& some :
         {firstColumns(), recordColumns(), orderColumns(), officeColumns(), outcomeColumns()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return columns;
}

std::size_t visitColumn(std::string_view name) {
  const auto all = visitColumns();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const VisitColumn& c) { return c.spec.name == name; });
  DOORSTEP_CHECK(found != all.end());
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace doorstep::measure_files
