// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/prior_evidence.h"

#include <algorithm>
#include <optional>

#include "shared/wire/entry_codec.h"
#include "sync-server/records/figures/measure_messages.h"
#include "sync-server/records/seen_visit.h"

namespace doorstep::records {
namespace {

Error notSeen() {
  return {ErrorCode::FailedPrecondition, "PRIOR_NOT_SEEN", "that visit is not for the caller"};
}

}  // namespace

Result<PriorEvidence> PriorEvidence::open(sql::Database& database, const VisibleContracts& visible,
                                          const RecordFilter& filter, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto store, RecordStore::open(database));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  return PriorEvidence(database, visible, filter, nowUnixMs, std::move(store),
                       std::move(attendances));
}

Status PriorEvidence::add(const SlotRecord& record, BundleLog& log, v1::VisitEvidence& evidence) {
  for (const measures::SlotFacts& slot : record.facts->slots) {
    if (!slot.priorVisitMs || !slot.start.ruledMs)
      continue;
    const CarerId carer = carerNamed(slot.carer);
    DOORSTEP_ASSIGN(
        const auto found,
        store_.priorStart({record.provider, record.visit.person, carer}, *slot.start.ruledMs,
                          [&](VisitId visit) { return visit == record.visit.id; }));
    const Start start{found ? found->visit : VisitId(), carer, *slot.priorVisitMs};
    v1::PriorVisit prior;
    const Status proved = prove(record, start, log, prior);
    if (!proved.ok() && proved.error().code != ErrorCode::FailedPrecondition)
      return proved;
    if (!proved.ok()) {
      prior.Clear();
      prior.set_missing(proved.error().reason);
    } else if (prior.entry().empty()) {
      continue;  // the file shows it
    }
    prior.set_slot(static_cast<std::uint32_t>(slot.number));
    *evidence.add_prior_visits() = std::move(prior);
  }
  return kDone;
}

Status PriorEvidence::prove(const SlotRecord& record, const Start& start, BundleLog& log,
                            v1::PriorVisit& prior) {
  if (!start.visit)
    return notSeen();
  DOORSTEP_ASSIGN(const auto seen, seenVisit(database_, visible_, record.provider, start.visit));
  if (!seen)
    return notSeen();
  const std::int64_t at = seen->anchorUnixMs;
  const roster::Contract* contract = visible_.lots().contractOf(record.provider, seen->lot, at);
  const bool inFile = visible_.includes(filter_, record.provider, seen->lot, at) &&
                      at >= filter_.fromUnixMs && at < filter_.toUnixMs;
  const ContractId own = record.contract == nullptr ? ContractId() : record.contract->id;
  if (inFile && (contract == nullptr ? ContractId() : contract->id) == own)
    return kDone;
  DOORSTEP_ASSIGN(const auto found, entryOf(start, log));
  DOORSTEP_ASSIGN(const auto planned,
                  roster::judgedVisit(database_, record.provider, start.visit, nowUnixMs_));
  DOORSTEP_ASSIGN(*prior.mutable_plan(),
                  log.plans().visit(start.visit, planned.visit.planVersion, false));
  DOORSTEP_ASSIGN(*prior.mutable_decision(), log.addDecision(prior.plan().decision()));
  prior.mutable_plan()->mutable_decision()->clear_tlog_proof();
  prior.set_visit_id(start.visit.value);
  prior.set_position(found.stored.position);
  prior.set_known_as(found.knownAs.value);
  DOORSTEP_ASSIGN(*prior.mutable_entry(), log.addPriorStart(found.stored, found.number));
  return kDone;
}

Result<PriorEvidence::StartEntry> PriorEvidence::entryOf(const Start& start, const BundleLog& log) {
  DOORSTEP_ASSIGN(const auto attended, attendances_.ofVisit(log.provider(), start.visit));
  const auto record = std::find_if(attended.begin(), attended.end(),
                                   [&](const auto& each) { return each.carer == start.carer; });
  if (record == attended.end() || !record->checkIn ||
      record->checkIn->time.ruledUnixMs != start.unixMs)
    return notSeen();
  const std::uint64_t number = record->checkIn->eventNumber;
  DOORSTEP_ASSIGN(const auto positions,
                  projections::visitEntries(database_, log.provider(), start.visit));
  for (const std::uint64_t position : positions) {
    DOORSTEP_ASSIGN(auto stored, log.prover().entry(position));
    if (stored.device != record->checkIn->device || stored.entry.empty())
      continue;
    DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.entry));
    for (const visits::Event& event : decoded.entry.events)
      if (event.number == number)
        return StartEntry{std::move(stored), number, event.visit};
  }
  return notSeen();
}

}  // namespace doorstep::records
