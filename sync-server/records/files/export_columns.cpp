// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/export_columns.h"

#include <array>

#include "shared/visits/measures/visit_facts.h"

namespace doorstep::records {
namespace {

using namespace measures;
using Type = FieldType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

constexpr std::array<std::string_view, 1> kZones{"Europe/London"};
constexpr std::array<std::string_view, 7> kStatuses{
    "missed", "no_entry", "open", "cancelled", "cancelled_attended", "unplanned", "delivered"};
constexpr std::array<std::string_view, 9> kPunctualities{
    "on_time",  "early", "late", "missed", "no_entry", "open", "not_counted", "cancelled_attended",
    "unplanned"};
constexpr std::array<std::string_view, 3> kNoEntryReasons{"no_reply", "refused_at_door", "unsafe"};

// Columns are only ever appended.
constexpr ExportColumn kVisitColumns[] = {
    {"schema_version", Type::Whole, kRequired},
    {"tz", Type::Code, kRequired, kZones},
    {"provider", Type::Text, kRequired},
    {"contract_id", Type::Text},
    {"lot", Type::Text},
    {"service_id", Type::Text},
    {"person_la_id", Type::Text},
    {"visit_id", Type::Text, kRequired},
    {"carer_pseudonym", Type::Code},
    {"carer_slot", Type::Whole, kRequired},
    {"carers_required", Type::Whole, kRequired},
    {"final_plan_start", Type::Time},
    {"final_plan_start_latest", Type::Time},
    {"final_plan_end", Type::Time},
    {"time_critical", Type::Flag},
    {"raw_start_utc", Type::Time},
    {"raw_end_utc", Type::Time},
    {"start_time_class", Type::Code, kOptional, kTimeClasses},
    {"start_earliest_utc", Type::Time},
    {"start_latest_utc", Type::Time},
    {"ruled_start_utc", Type::Time},
    {"end_time_class", Type::Code, kOptional, kTimeClasses},
    {"end_earliest_utc", Type::Time},
    {"end_latest_utc", Type::Time},
    {"ruled_end_utc", Type::Time},
    {"start_method", Type::Code, kOptional, kMethods},
    {"end_method", Type::Code, kOptional, kMethods},
    {"start_grade", Type::Code, kOptional, kGrades},
    {"end_grade", Type::Code, kOptional, kGrades},
    {"start_distance_band", Type::Code},
    {"end_distance_band", Type::Code},
    {"start_fix_age_s", Type::Whole},
    {"start_fix_accuracy_m", Type::Whole},
    {"start_received_utc", Type::Time},
    {"end_received_utc", Type::Time},
    {"status", Type::Code, kOptional, kStatuses},
    {"punctuality", Type::Code, kOptional, kPunctualities},
    {"late_ms", Type::Whole},
    {"planned_min", Type::Whole},
    {"actual_min", Type::Decimal},
    {"rule_version", Type::Whole},
    {"tasks_planned", Type::Whole},
    {"tasks_done", Type::Whole},
    {"tasks_not_done_reasoned", Type::Whole},
    {"critical_not_done", Type::Whole},
    {"tier", Type::Text},
    {"provider_role", Type::Code, kOptional, kProviderRoles},
    {"funder_split", Type::Code},
    {"commissioned_start", Type::Time},
    {"commissioned_start_latest", Type::Time},
    {"commissioned_end", Type::Time},
    {"locked_plan_start", Type::Time},
    {"locked_plan_start_latest", Type::Time},
    {"locked_plan_end", Type::Time},
    {"plan_first_published_utc", Type::Time},
    {"plan_locked_utc", Type::Time},
    {"locked_plan_version", Type::Whole},
    {"final_plan_version", Type::Whole},
    {"plan_changes_after_lock", Type::Whole},
    {"late_changes_office", Type::Whole},
    {"late_changes_person", Type::Whole},
    {"late_changes_council", Type::Whole},
    {"exported_utc", Type::Time, kRequired},
    {"person_pseudonym", Type::Code},
    {"patch", Type::Text},
    {"rurality", Type::Code, kOptional, kRuralities},
    {"service_kind", Type::Code, kOptional, kServiceKinds},
    {"model", Type::Code, kOptional, kCareModels},
    {"purchase", Type::Code, kOptional, kPurchases},
    {"arranged_by", Type::Code, kOptional, kArrangedBy},
    {"cancelled_by", Type::Code, kOptional, kCancelledBy},
    {"cancelled_utc", Type::Time},
    {"cancel_notice_min", Type::Whole},
    {"suspended_reason", Type::Code, kOptional, kSuspensions},
    {"no_entry_utc", Type::Time},
    {"no_entry_reason", Type::Code, kOptional, kNoEntryReasons},
    {"no_entry_received_utc", Type::Time},
    {"adj_start_utc", Type::Time},
    {"adj_end_utc", Type::Time},
    {"adj_reason", Type::Text},
    {"adj_action", Type::Text},
    {"adj_by_role", Type::Text},
    {"adj_at_utc", Type::Time},
    {"reason", Type::Text},
    {"responsibility", Type::Text},
    {"short_visit_agreed", Type::Flag},
    {"short_visit_basis", Type::Code, kOptional, kShortVisitBases},
    {"prior_visit_utc", Type::Time},
    {"critical_planned", Type::Whole},
    {"visit_tasks_done", Type::Whole},
    {"visit_tasks_not_done_reasoned", Type::Whole},
    {"visit_critical_not_done", Type::Whole},
    {"tasks_goal_linked", Type::Whole},
    {"indep_self", Type::Whole},
    {"indep_prompted", Type::Whole},
    {"indep_assisted", Type::Whole},
    {"indep_full", Type::Whole},
    {"goal_scores", Type::Code},
    {"meds_due", Type::Whole},
    {"meds_given", Type::Whole},
    {"meds_late", Type::Whole},
    {"meds_refused", Type::Whole},
    {"meds_not_given_reasoned", Type::Whole},
    {"meds_missed", Type::Whole},
    {"late_alert_raised_utc", Type::Time},
    {"late_alert_acked_utc", Type::Time},
    {"late_alert_cleared_utc", Type::Time},
    {"late_alert_proven_false", Type::Flag},
    {"missed_alert_raised_utc", Type::Time},
};

constexpr ExportColumn kPackageColumns[] = {
    {"contract_id", Type::Text, kRequired},
    {"provider", Type::Text, kRequired},
    {"lot", Type::Text},
    {"patch", Type::Text},
    {"tier", Type::Text},
    {"provider_role", Type::Code, kOptional, kProviderRoles},
    {"service_kind", Type::Code, kRequired, kServiceKinds},
    {"model", Type::Code, kOptional, kCareModels},
    {"purchase", Type::Code, kOptional, kPurchases},
    {"person_pseudonym", Type::Code, kRequired},
    {"week_start", Type::Day, kRequired},
    {"commissioned_min", Type::Whole, kRequired},
};

}  // namespace

std::span<const ExportColumn> visitColumns() { return kVisitColumns; }
std::span<const ExportColumn> packageColumns() { return kPackageColumns; }

}  // namespace doorstep::records
