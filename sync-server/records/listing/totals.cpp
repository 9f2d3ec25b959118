// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/totals.h"

#include <algorithm>

#include "shared/core/durations.h"
#include "shared/core/time_range.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

// Lower bound of the bin of a start, in minutes relative to the end of the window. Rounds down, so
// that a start before a bound is in the bin before it.
std::int32_t binOf(std::int64_t againstWindowEndMs) {
  const std::int64_t binMs = kBinMin * kMinuteMs;
  std::int64_t bin = againstWindowEndMs / binMs;
  if (againstWindowEndMs < 0 && againstWindowEndMs % binMs != 0)
    --bin;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(bin * kBinMin, kFirstBinMin, kLastBinMin - kBinMin));
}

// From check-in to check-out in ruled time (ruledUnixMs); 0 if either is missing.
std::int64_t stayMs(const SlotRecord& record) {
  if (!record.record || !record.record->checkIn || !record.record->checkOut)
    return 0;
  const std::int64_t lastedMs =
      record.record->checkOut->time.ruledUnixMs - record.record->checkIn->time.ruledUnixMs;
  return std::max<std::int64_t>(lastedMs, 0);
}

}  // namespace

void TotalsCounter::Count::add(const SlotRecord& record) {
  const std::pair visit{record.provider, record.visit.id};
  if (visit != lastVisit) {
    lastVisit = visit;
    totals.set_visits(totals.visits() + 1);
    if (record.visit.carersRequired > 1)
      totals.set_double_handed_visits(totals.double_handed_visits() + 1);
  }
  totals.set_carer_visits(totals.carer_visits() + 1);
  if (record.correction)
    totals.set_terms_corrected(totals.terms_corrected() + 1);
  using visits::Punctuality;
  switch (record.judgement.punctuality) {
    case Punctuality::OnTime:
      totals.set_on_time(totals.on_time() + 1);
      break;
    case Punctuality::Early:
      totals.set_early(totals.early() + 1);
      break;
    case Punctuality::Late:
      totals.set_late(totals.late() + 1);
      break;
    case Punctuality::Missed:
      totals.set_missed(totals.missed() + 1);
      break;
    case Punctuality::NoEntry:
      totals.set_no_entry(totals.no_entry() + 1);
      break;
    case Punctuality::Open:
      totals.set_open(totals.open() + 1);
      break;
    case Punctuality::NotCounted:
      totals.set_not_counted(totals.not_counted() + 1);
      break;
    case Punctuality::Unplanned:
      totals.set_unplanned(totals.unplanned() + 1);
      break;
    case Punctuality::CancelledAttended:
      totals.set_cancelled_attended(totals.cancelled_attended() + 1);
      totals.set_cancelled_attended_ms(totals.cancelled_attended_ms() + stayMs(record));
      break;
  }
  totals.set_total_late_ms(saturatingAdd(totals.total_late_ms(), record.judgement.lateMs));
  totals.set_highest_late_ms(std::max(totals.highest_late_ms(), record.judgement.lateMs));
  ruleVersions.insert(record.ruleVersion);
}

v1::Totals TotalsCounter::Count::message() const {
  v1::Totals message = totals;
  for (const std::uint32_t version : ruleVersions)
    message.add_rule_versions(version);
  return message;
}

void TotalsCounter::add(const SlotRecord& record) {
  all_.add(record);
  byProvider_[record.providerName].add(record);
  byLot_[record.terms.lot].add(record);
  const bool judged = record.judgement.punctuality != visits::Punctuality::CancelledAttended &&
                      record.judgement.punctuality != visits::Punctuality::Unplanned;
  if (judged && record.record && record.record->checkIn) {
    const std::int64_t start = record.record->checkIn->time.ruledUnixMs;
    ++bins_[binOf(saturatingSubtract(start, record.plan.plan.windowEndUnixMs))];
  }
}

v1::GetTotalsResponse TotalsCounter::response() const {
  v1::GetTotalsResponse response;
  *response.mutable_totals() = all_.message();
  for (const auto& [name, count] : byProvider_) {
    v1::GroupTotals& group = *response.add_by_provider();
    group.set_name(name);
    *group.mutable_totals() = count.message();
  }
  for (const auto& [name, count] : byLot_) {
    v1::GroupTotals& group = *response.add_by_lot();
    group.set_name(name);
    *group.mutable_totals() = count.message();
  }
  for (const auto& [fromMin, starts] : bins_) {
    v1::LatenessBin& bin = *response.add_lateness();
    bin.set_from_min(fromMin);
    bin.set_to_min(fromMin + kBinMin);
    bin.set_count(starts);
  }
  return response;
}

}  // namespace doorstep::records
