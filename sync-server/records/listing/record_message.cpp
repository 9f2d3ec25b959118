// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/record_message.h"

#include "shared/core/local_time.h"
#include "shared/visits/attendance/attendance_columns.h"
#include "shared/visits/place_grade.h"
#include "shared/wire/rules_codec.h"
#include "shared/wire/trusted_time_codec.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::records {
namespace {

v1::PlaceGrade gradeOf(const projections::RecordedMoment& moment) {
  return static_cast<v1::PlaceGrade>(visits::placeGrade(moment.place));
}

void addMoments(const projections::AttendanceRecord& record, v1::VisitRecord& message) {
  if (record.checkIn) {
    message.set_raw_start_unix_ms(record.checkIn->wallUnixMs);
    *message.mutable_start_time() = wire::encodeTrustedTime(record.checkIn->time);
    message.set_start_received_unix_ms(record.checkIn->receivedUnixMs);
    message.set_start_grade(gradeOf(*record.checkIn));
  }
  if (record.checkOut) {
    message.set_raw_end_unix_ms(record.checkOut->wallUnixMs);
    *message.mutable_end_time() = wire::encodeTrustedTime(record.checkOut->time);
    message.set_end_received_unix_ms(record.checkOut->receivedUnixMs);
    message.set_end_grade(gradeOf(*record.checkOut));
  }
}

std::string dayText(std::int64_t fromDay) {
  return fromDay == roster::kFromAlways ? "" : londonDay(londonDayBeginUnixMs(fromDay));
}

void addBetween(const std::optional<std::int64_t>& madeUnixMs,
                const std::optional<std::int64_t>& replacedUnixMs,
                v1::TermsCorrection::TermsBefore& message) {
  if (madeUnixMs)
    message.set_made_unix_ms(*madeUnixMs);
  if (replacedUnixMs)
    message.set_replaced_unix_ms(*replacedUnixMs);
}

void addCorrection(const TermsCorrection& correction, v1::TermsCorrection& message) {
  message.set_made_unix_ms(correction.madeUnixMs);
  message.set_reason(correction.reason);
  for (const roster::ReplacedTerms& each : correction.terms) {
    auto& before = *message.add_before();
    before.set_from_day(dayText(each.terms.fromDay));
    before.set_lot(each.terms.lot);
    before.set_tier(each.terms.tier);
    before.set_funder_split(each.terms.funderSplit);
    addBetween(each.terms.madeUnixMs, each.replacedUnixMs, before);
  }
  for (const roster::ReplacedLot& each : correction.lots) {
    auto& before = *message.add_before();
    before.set_from_day(dayText(each.period.fromDay));
    before.set_contract_id(each.contract.value);
    before.set_provider_role(each.period.role);
    addBetween(each.period.madeUnixMs, each.replacedUnixMs, before);
  }
}

}  // namespace

TaskCounts countTasks(const SlotRecord& record) {
  TaskCounts counts;
  counts.planned = static_cast<std::uint32_t>(record.visit.tasks.size());
  if (!record.record)
    return counts;
  const auto tasks = attendance::carerTasks(record.visit, *record.record);
  counts.done = tasks.done;
  counts.notDoneReasoned = tasks.notDoneReasoned;
  counts.criticalNotDone = tasks.criticalNotDone;
  return counts;
}

v1::VisitRecord toProto(const SlotRecord& record, Pseudonyms& pseudonyms,
                        const roster::AccountNames& names) {
  const ContractId contract = record.contract == nullptr ? ContractId() : record.contract->id;
  v1::VisitRecord message;
  message.set_contract_id(contract.value);
  message.set_provider_id(record.provider.value);
  message.set_visit_id(record.visit.id.value);
  message.set_visit_ref(record.visit.ref);
  message.set_person_ref(record.person.ref);
  message.set_lot(record.terms.lot);
  message.set_tier(record.terms.tier);
  message.set_funder_split(record.terms.funderSplit);
  if (record.correction)
    addCorrection(*record.correction, *message.mutable_terms_correction());
  message.set_service(record.visit.service);
  message.set_carer_slot(record.slot);
  message.set_carers_required(record.visit.carersRequired);
  message.set_carer_pseudonym(pseudonyms.of(contract, record.carer));
  message.set_window_start_unix_ms(record.visit.windowStartUnixMs);
  message.set_window_end_unix_ms(record.visit.windowEndUnixMs);
  message.set_planned_min(record.visit.durationMin);
  message.set_time_critical(record.visit.timeCritical);
  if (record.record)
    addMoments(*record.record, message);
  message.set_punctuality(static_cast<v1::Punctuality>(record.judgement.punctuality));
  message.set_late_ms(record.judgement.lateMs);
  message.set_rule_version(record.ruleVersion);
  *message.mutable_judged_plan() = roster::toProto(record.plan, names);
  const TaskCounts tasks = countTasks(record);
  message.set_tasks_planned(tasks.planned);
  message.set_tasks_done(tasks.done);
  message.set_tasks_not_done_reasoned(tasks.notDoneReasoned);
  message.set_critical_not_done(tasks.criticalNotDone);
  return message;
}

v1::Contract toProto(const roster::Contract& contract, std::int64_t nowUnixMs) {
  v1::Contract message;
  message.set_contract_id(contract.id.value);
  message.set_council_name(contract.councilName);
  for (const roster::ContractParty& party : contract.providers) {
    if (message.provider_id() == 0) {
      message.set_provider_id(party.provider.value);
      message.set_provider_name(party.name);
    }
    v1::ContractProvider& provider = *message.add_providers();
    provider.set_provider_id(party.provider.value);
    provider.set_provider_name(party.name);
    for (const roster::LotPeriod& period : contract.periods) {
      if (period.provider != party.provider)
        continue;
      v1::ContractProvider::Lot& lot = *provider.add_lots();
      lot.set_lot(period.lot);
      lot.set_role(period.role);
      lot.set_from_day(dayText(period.fromDay));
    }
  }
  message.set_ref(contract.ref);
  for (const std::string& lot : contract.lots)
    message.add_lots(lot);
  const measures::RuleVersion& version = roster::rulesAt(contract, nowUnixMs);
  v1::ContractRules& rules = *message.mutable_rules();
  wire::writeRules(version.rules, *rules.mutable_parameters());
  rules.set_rule_version(static_cast<std::uint32_t>(version.number));
  const auto minutes = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  rules.set_late_tolerance_min(minutes(version.rules.lateToleranceMin));
  rules.set_early_tolerance_min(minutes(version.rules.earlyToleranceMin));
  rules.set_time_critical_tolerance_min(minutes(version.rules.timeCriticalToleranceMin));
  rules.set_missed_after_min(minutes(version.rules.missedAfterMin));
  return message;
}

}  // namespace doorstep::records
