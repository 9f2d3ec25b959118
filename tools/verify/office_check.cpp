// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/office_check.h"

#include <string>
#include <variant>

namespace doorstep::verify {
namespace {

template <typename Enum, std::size_t n>
std::string_view nameOf(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

std::string lotOf(const VisitCase& visit, const RecordRows& row) {
  for (const wire::ProvedTerms& terms : visit.terms)
    if (terms.row.person != 0)
      return terms.row.lot;
  return std::string(row.text("lot"));
}

}  // namespace

bool checkCommissioned(const VisitCase& visit, const CommissionedRows& rows, RecordRows& row,
                       Findings& findings) {
  if (!rows.isInBundle() || !visit.commissionedMissing.empty())
    return false;
  const auto ordered = rows.of(visit, lotOf(visit, row));
  if (!ordered.ok()) {
    row.differ("service_kind", "a row of commissioned.jsonl that holds then cannot be read",
               findings);
    return true;
  }
  row.expectText("patch", ordered->patch, findings);
  row.expect("rurality", nameOf(measures::kRuralities, ordered->rurality), findings);
  row.expect("service_kind", nameOf(measures::kServiceKinds, ordered->serviceKind), findings);
  row.expect("model", nameOf(measures::kCareModels, ordered->model), findings);
  row.expect("purchase", nameOf(measures::kPurchases, ordered->purchase), findings);
  row.expect("arranged_by", nameOf(measures::kArrangedBy, ordered->arrangedBy), findings);
  row.expect("suspended_reason", nameOf(measures::kSuspensions, ordered->suspension), findings);
  row.expect("short_visit_agreed", ordered->shortVisitAgreed ? "true" : "false", findings);
  row.expect("short_visit_basis", nameOf(measures::kShortVisitBases, ordered->shortVisitBasis),
             findings);
  return true;
}

bool checkAdjustments(const VisitCase& visit, RecordRows& row, Findings& findings) {
  if (!visit.adjustmentsMissing.empty())
    return false;
  visits::TimeAdjusted times;
  std::optional<std::int64_t> approvedUnixMs;  // when `times` were approved; absent: none are
  visits::SlotExplained explanation;
  for (const SlotDecision& said : visit.adjustments) {
    if (said.slot != row.number("carer_slot"))
      continue;
    if (const auto* adjusted = std::get_if<visits::TimeAdjusted>(&said.fact.decision)) {
      const bool isApproval = adjusted->startUnixMs || adjusted->endUnixMs;
      times = isApproval ? *adjusted : visits::TimeAdjusted();
      approvedUnixMs = isApproval ? std::optional(said.fact.decidedUnixMs) : std::nullopt;
    } else if (const auto* explained = std::get_if<visits::SlotExplained>(&said.fact.decision)) {
      explanation = *explained;
    }
  }
  row.expectTime("adj_start_utc", times.startUnixMs, findings);
  row.expectTime("adj_end_utc", times.endUnixMs, findings);
  row.expectText("adj_reason", times.reasonCode, findings);
  row.expectText("adj_action", times.actionCode, findings);
  row.expectText("adj_by_role", times.byRole, findings);
  row.expectTime("adj_at_utc", approvedUnixMs, findings);
  row.expectText("reason", explanation.reasonCode, findings);
  row.expectText("responsibility", explanation.responsibility, findings);
  return true;
}

}  // namespace doorstep::verify
