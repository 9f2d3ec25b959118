// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/record_history.h"

#include <algorithm>

#include <fmt/format.h>

#include "shared/core/local_time.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::simulation {
namespace {

using records::SlotRecord;

// As the server would answer without what was mended.
void plant(Planted planted, std::int64_t nowUnixMs, SlotRecord& record) {
  if (planted == Planted::JudgedByNewestPlan) {
    visits::SlotFacts facts;
    if (record.record && record.record->checkIn)
      facts.startUnixMs = record.record->checkIn->time.ruledUnixMs;
    record.judgement = visits::judgeSlot(record.visit, facts, {}, nowUnixMs);
  }
  if (planted == Planted::LotOfToday)
    record.terms.lot = record.person.lot;
  if (planted == Planted::CorrectionUnsaid)
    record.correction.reset();
}

std::string nameOf(ContractId contract, CouncilId council) {
  return fmt::format("{} of {}", contract.value, council.value);
}

std::string contractOf(const records::VisibleContracts& visible, ContractId id) {
  for (const roster::Contract& contract : visible.contracts()) {
    if (contract.id == id)
      return nameOf(id, contract.council);
  }
  return {};
}

void describe(const SlotRecord& record, const records::VisibleContracts& visible,
              PastRecord& past) {
  past.provider = record.provider;
  past.person = record.person.ref;
  past.day = londonDayNumber(record.plan.plan.windowStartUnixMs);
  past.lot = record.terms.lot;
  past.contract =
      record.contract == nullptr ? "" : nameOf(record.contract->id, record.contract->council);
  past.rules = fmt::format("{} from {}", record.ruleVersion, record.plan.plan.windowStartUnixMs);
  if (!record.correction)
    return;
  past.correction = record.correction->reason;
  past.lots.clear();
  for (const roster::ReplacedTerms& each : record.correction->terms)
    past.lots.push_back(each.terms.lot);
  past.contracts.clear();
  for (const roster::ReplacedLot& each : record.correction->lots)
    past.contracts.push_back(contractOf(visible, each.contract));
}

std::string under(const PastRecord& record) {
  return fmt::format("day {}, lot {}, contract {}, rules {}, corrected \"{}\" from {} and {}",
                     record.day, record.lot, record.contract, record.rules, record.correction,
                     fmt::join(record.lots, " "), fmt::join(record.contracts, " "));
}

std::string slotText(const visits::SlotJudgement& judgement) {
  return fmt::format("{} {}", static_cast<int>(judgement.punctuality), judgement.lateMs);
}

// Alike, but that a visit which was still open is missed at once when its provider calls it off.
bool sameClasses(std::vector<std::string> was, const std::vector<std::string>& is) {
  const std::string open = slotText({visits::Punctuality::Open, 0});
  const std::string missed = slotText({visits::Punctuality::Missed, 0});
  if (was == is)
    return true;
  std::replace(was.begin(), was.end(), open, missed);
  std::sort(was.begin(), was.end());
  return was == is;
}

std::string moved(VisitId visit, const PastRecord& was, const PastRecord& is) {
  if (under(was) != under(is))
    return fmt::format("I17: visit {} was under \"{}\" and is under \"{}\" now", visit.value,
                       under(was), under(is));
  if (!sameClasses(was.slots, is.slots))
    return fmt::format("I17: the classes of visit {} changed from \"{}\" to \"{}\"", visit.value,
                       fmt::join(was.slots, ", "), fmt::join(is.slots, ", "));
  return {};
}

bool concerns(const Correction& correction, const PastRecord& was) {
  return was.day >= correction.fromDay &&
         (correction.person.empty() ? was.lot == correction.lot : was.person == correction.person);
}

// A record that the correction is about.
std::string corrected(VisitId visit, const PastRecord& was, const PastRecord& is,
                      const Correction& correction, SometimesCounts& sometimes) {
  if (is.day != was.day || is.person != was.person)
    return fmt::format("I20: a correction moved visit {} to another day", visit.value);
  const bool ofPerson = !correction.person.empty();
  if (ofPerson && is.lot != correction.lot)
    return fmt::format("I20: visit {} is of lot {} although {} was said of its day", visit.value,
                       is.lot, correction.lot);
  if (!ofPerson && is.lot != was.lot)
    return fmt::format("I20: a correction of a lot gave visit {} another lot", visit.value);
  const bool isSame = is.lot == was.lot && is.contract == was.contract;
  if (isSame)
    return sameClasses(was.slots, is.slots) ? std::string() : moved(visit, was, is);
  const auto& shown = ofPerson ? is.lots : is.contracts;
  const std::string before =
      shown.empty() ? std::string() : shown.back();  // a lot may have had none
  if (is.correction != correction.reason || before != (ofPerson ? was.lot : was.contract))
    return fmt::format("I20: visit {} was under \"{}\", was corrected and says \"{}\"", visit.value,
                       under(was), under(is));
  sometimes.met(Sometimes::RecordCorrected);
  return {};
}

}  // namespace

Result<PastRecords> pastRecords(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted) {
  const identity::AccountCaller caller{AccountId(1), identity::Role::Operator, ProviderId(),
                                       CouncilId(), "Operator"};
  DOORSTEP_TRY(server.judgeRecords(nowUnixMs));
  DOORSTEP_ASSIGN(const auto query,
                  records::RecordQuery::open(server.database(), caller, {}, nowUnixMs));
  PastRecords found;
  const auto take = [&](const SlotRecord& each) {
    if (each.plan.plan.windowEndUnixMs >= nowUnixMs)
      return true;
    SlotRecord record = each;
    PastRecord& past = found[record.visit.id];
    plant(planted, nowUnixMs, record);
    past.slots.push_back(slotText(record.judgement));
    describe(record, query->visible(), past);
    return true;
  };
  DOORSTEP_TRY(query->run(std::nullopt, {UINT32_MAX, UINT32_MAX}, take));
  for (auto& [visit, past] : found)
    std::sort(past.slots.begin(), past.slots.end());
  return found;
}

std::string movedRecord(const PastRecords& before, const PastRecords& after, ProviderId first,
                        const Correction* correction, SometimesCounts& sometimes) {
  for (const auto& [visit, was] : before) {
    const auto now = after.find(visit);
    if (now == after.end())
      return fmt::format("I17: the records of visit {} are gone after a change of the plan",
                         visit.value);
    const bool isConcerned =
        correction != nullptr && was.provider == first && concerns(*correction, was);
    const std::string broken = isConcerned
                                   ? corrected(visit, was, now->second, *correction, sometimes)
                                   : moved(visit, was, now->second);
    if (!broken.empty())
      return broken;
  }
  return {};
}

}  // namespace doorstep::simulation
