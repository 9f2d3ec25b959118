// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/freeze_evidence.h"

#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::records {
namespace {

using event_log::DecisionKey;

constexpr std::size_t kMonthBytes = 7;  // "2026-11"

}  // namespace

void FreezeEvidence::add(const SlotRecord& record) {
  if (record.contract == nullptr)
    return;
  const auto day = londonDayNumber(record.plan.plan.windowStartUnixMs);
  months_[record.provider].emplace(record.contract->id,
                                   measures::dayText(day).substr(0, kMonthBytes));
}

Status FreezeEvidence::write(BundleLog& log) {
  const auto months = months_.find(log.provider());
  if (months == months_.end())
    return kDone;
  return freezes::forEachFreezeOf(
      database_, log.provider(), [&](const freezes::Freeze& freeze) -> Status {
        if (!months->second.contains({freeze.figures.contract, freeze.figures.month}))
          return kDone;
        v1::BundledFreeze line;
        const Status proved = prove(freeze, log, line);
        if (!proved.ok() && proved.error().code != ErrorCode::FailedPrecondition)
          return proved;
        if (!proved.ok()) {
          line.Clear();
          line.set_missing(proved.error().reason);
        }
        line.set_provider_id(log.provider().value);
        line.set_contract_id(freeze.figures.contract.value);
        line.set_month(freeze.figures.month);
        line.set_freeze(freeze.number);
        DOORSTEP_ASSIGN(const std::string json, bundleJson(line, JsonLayout::OneLine));
        return folder_.append("freezes.jsonl", json + "\n");
      });
}

Status FreezeEvidence::prove(const freezes::Freeze& freeze, BundleLog& log,
                             v1::BundledFreeze& line) {
  const auto version = event_log::versionOfMonth(freeze.figures.month, freeze.number);
  if (!version)
    return decisionNotLogged();
  const std::uint64_t contract = freeze.figures.contract.value;
  DOORSTEP_ASSIGN(const auto closed,
                  log.prove({DecisionKey::Kind::MonthFrozen, contract, *version}));
  if (freeze.unfrozen) {
    DOORSTEP_ASSIGN(const auto opened,
                    log.prove({DecisionKey::Kind::MonthUnfrozen, contract, *version}));
    DOORSTEP_ASSIGN(*line.mutable_unfrozen(), log.addDecision(opened));
  }
  DOORSTEP_ASSIGN(*line.mutable_decision(), log.addDecision(closed));
  for (const visits::FrozenLog& frozen : freeze.figures.logs) {
    if (frozen.provider != log.provider() || frozen.size == 0)
      continue;
    DOORSTEP_ASSIGN(const auto hashes, log.prover().consistencyFrom(frozen.size));
    for (const Hash& hash : hashes)
      line.add_consistency(std::string(hash.view()));
  }
  return kDone;
}

}  // namespace doorstep::records
