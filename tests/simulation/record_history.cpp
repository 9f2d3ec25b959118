// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/record_history.h"

#include <algorithm>

#include <fmt/format.h>

#include "sync-server/records/record_query.h"

namespace doorstep::simulation {
namespace {

using records::SlotRecord;

// As the server would answer without what was mended.
void plant(Planted planted, std::int64_t nowUnixMs, SlotRecord& record, std::string& lot) {
  if (planted == Planted::JudgedByNewestPlan) {
    visits::SlotFacts facts;
    if (record.record && record.record->checkIn)
      facts.startUnixMs = record.record->checkIn->time.ruledUnixMs;
    record.judgement = visits::judgeSlot(record.visit, facts, record.rules, nowUnixMs);
  }
  if (planted == Planted::LotOfToday)
    lot = record.person.lot;
}

}  // namespace

Result<PastRecords> pastRecords(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted) {
  const identity::AccountCaller caller{AccountId(1), identity::Role::Operator, ProviderId(),
                                       CouncilId(), "Operator"};
  DOORSTEP_ASSIGN(const auto query,
                  records::RecordQuery::open(server.database(), caller, {}, nowUnixMs));
  PastRecords found;
  const auto take = [&](const SlotRecord& each) {
    SlotRecord record = each;
    if (record.plan.plan.windowEndUnixMs >= nowUnixMs)
      return true;
    PastRecord& past = found[record.visit.id];
    std::string lot = record.terms.lot;
    plant(planted, nowUnixMs, record, lot);
    past.slots.push_back(fmt::format("{} {}", static_cast<int>(record.judgement.punctuality),
                                     record.judgement.lateMs));
    past.under = fmt::format("{} {} {} {}", record.plan.plan.windowStartUnixMs, lot,
                             record.contract == nullptr ? 0 : record.contract->id.value,
                             record.rules.ruleVersion);
    return true;
  };
  DOORSTEP_TRY(query->run(std::nullopt, {UINT32_MAX, UINT32_MAX}, take));
  for (auto& [visit, past] : found)
    std::sort(past.slots.begin(), past.slots.end());
  return found;
}

std::string movedRecord(const PastRecords& before, const PastRecords& after) {
  for (const auto& [visit, was] : before) {
    const auto now = after.find(visit);
    if (now == after.end())
      return fmt::format("I17: the records of visit {} are gone after a change of the plan",
                         visit.value);
    if (was.under != now->second.under)
      return fmt::format("I17: visit {} was under \"{}\" and is under \"{}\" now", visit.value,
                         was.under, now->second.under);
    if (was.slots != now->second.slots)
      return fmt::format("I17: the classes of visit {} changed from \"{}\" to \"{}\"", visit.value,
                         fmt::join(was.slots, ", "), fmt::join(now->second.slots, ", "));
  }
  return {};
}

}  // namespace doorstep::simulation
