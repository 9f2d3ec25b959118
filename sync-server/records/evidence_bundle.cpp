// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence_bundle.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>
#include <utility>

#include "shared/core/local_time.h"
#include "shared/crypto/sha256.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/records/bundle_folder.h"
#include "sync-server/records/csv_export.h"
#include "sync-server/records/export_row.h"
#include "sync-server/records/plan_proof_maker.h"
#include "sync-server/records/seen_visit.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::records {
namespace {

// Of one provider's log.
struct LogEvidence {
  EntryProver prover;
  PlanProofMaker plans;
  std::set<std::uint64_t> entries;  // written
  std::set<std::uint64_t> named;    // positions that bound the time of an event
  std::set<std::string> decisions;  // files written
};

class BundleWriter {
 public:
  BundleWriter(const BundleSource& from, const VisibleContracts& visible, BundleFolder& folder)
      : from_(from),
        database_(from.reading.database),
        visible_(visible),
        folder_(folder),
        pseudonyms_(from.reading.pseudonymKey) {}

  // A slot's row, and with a visit's first one what proves it.
  Status add(const SlotRecord& record);
  // What is written once.
  Status finish(v1::BundleManifest& manifest);

  std::uint64_t visits() const { return visits_; }

 private:
  Result<LogEvidence*> logOf(const SlotRecord& record);
  Status addEvidence(const SlotRecord& record, LogEvidence& log);
  Status addEntries(const SlotRecord& record, LogEvidence& log, v1::VisitEvidence& evidence);
  Status addPlan(const SlotRecord& record, LogEvidence& log, v1::VisitEvidence& evidence);
  // Moves what the decision's proof is to its file.
  Status addDecision(ProviderId provider, LogEvidence& log, v1::EntryProof& decision,
                     v1::VisitEvidence& evidence);
  Status writeEntry(ProviderId provider, LogEvidence& log, std::uint64_t position, bool shown);
  Result<bool> isInFile(ProviderId provider, const visits::Event& event);

  const BundleSource& from_;
  sql::Database& database_;
  const VisibleContracts& visible_;
  BundleFolder& folder_;
  Pseudonyms pseudonyms_;
  std::map<ProviderId, LogEvidence> logs_;
  std::map<ProviderId, std::string> names_;
  std::pair<ProviderId, VisitId> newest_;
  std::uint64_t rows_ = 0;
  std::uint64_t visits_ = 0;
};

Result<LogEvidence*> BundleWriter::logOf(const SlotRecord& record) {
  const auto found = logs_.find(record.provider);
  if (found != logs_.end())
    return &found->second;
  DOORSTEP_ASSIGN(auto prover, EntryProver::open(database_, from_.log, record.provider));
  names_[record.provider] = guardedText(record.providerName);
  PlanProofMaker plans(database_, record.provider, prover);
  plans.keepForMany();
  return &logs_
              .emplace(record.provider,
                       LogEvidence{std::move(prover), std::move(plans), {}, {}, {}})
              .first->second;
}

Status BundleWriter::add(const SlotRecord& record) {
  const auto row = visitRow(record, from_.reading.nowUnixMs, pseudonyms_);
  if (!row)
    return kDone;
  DOORSTEP_TRY(folder_.append("visits.csv", row->csv()));
  ++rows_;
  const std::pair visit(record.provider, record.visit.id);
  if (newest_ == visit)
    return kDone;
  newest_ = visit;
  ++visits_;
  DOORSTEP_ASSIGN(LogEvidence * log, logOf(record));
  return addEvidence(record, *log);
}

Status BundleWriter::addEvidence(const SlotRecord& record, LogEvidence& log) {
  v1::VisitEvidence evidence;
  evidence.set_provider_id(record.provider.value);
  evidence.set_visit_id(record.visit.id.value);
  evidence.set_visit_ref(guardedText(record.visit.ref));
  DOORSTEP_ASSIGN(const auto names,
                  roster::namesOfVisit(database_, record.provider, record.visit.id));
  for (const VisitId name : names)
    if (name != record.visit.id)
      evidence.add_also_known_as(name.value);
  DOORSTEP_TRY(addEntries(record, log, evidence));
  const Status planned = addPlan(record, log, evidence);
  if (!planned.ok()) {
    if (planned.error().code != ErrorCode::FailedPrecondition)
      return planned;
    evidence.clear_plan();
    evidence.clear_decisions();
    evidence.set_plan_missing(planned.error().reason);
  }
  DOORSTEP_ASSIGN(const std::string json, bundleJson(evidence, JsonLayout::OneLine));
  return folder_.append("evidence.jsonl", json + "\n");
}

Status BundleWriter::addEntries(const SlotRecord& record, LogEvidence& log,
                                v1::VisitEvidence& evidence) {
  DOORSTEP_ASSIGN(const auto positions,
                  projections::visitEntries(database_, record.provider, record.visit.id));
  const ContractId contract = record.contract == nullptr ? ContractId() : record.contract->id;
  for (const std::uint64_t position : positions) {
    DOORSTEP_ASSIGN(const auto stored, log.prover.entry(position));
    v1::BundledEntry& entry = *evidence.add_entries();
    entry.set_position(position);
    entry.set_carer_pseudonym(pseudonyms_.of(contract, stored.carer));
    if (log.entries.insert(position).second)
      DOORSTEP_TRY(writeEntry(record.provider, log, position, true));
  }
  return kDone;
}

Status BundleWriter::writeEntry(ProviderId provider, LogEvidence& log, std::uint64_t position,
                                bool shown) {
  DOORSTEP_TRY(database_.goOn());
  DOORSTEP_ASSIGN(const auto stored, log.prover.entry(position));
  DOORSTEP_ASSIGN(const auto proof,
                  log.prover.prove(stored, [&](const visits::Event& event) -> Result<bool> {
                    if (!shown)
                      return false;
                    return isInFile(provider, event);
                  }));
  if (shown && stored.anchor.notBeforeUnixMs != 0 && !stored.entry.empty()) {
    DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.entry));
    log.named.insert(decoded.entry.checkpointSize - 1);
  }
  return folder_.add(fmt::format("entries/{}-{}.tlog-proof", provider.value, position),
                     proof.tlog_proof());
}

Result<bool> BundleWriter::isInFile(ProviderId provider, const visits::Event& event) {
  if (!event.visit)
    return false;
  const auto seen = seenVisit(database_, visible_, provider, event.visit);
  if (!seen.ok() && seen.error().code == ErrorCode::NotFound)
    return false;
  DOORSTEP_TRY(seen.ok() ? Status(kDone) : Status(seen.error()));
  return *seen && visible_.includes(from_.filter, provider, (*seen)->lot, (*seen)->anchorUnixMs) &&
         (*seen)->anchorUnixMs >= from_.filter.fromUnixMs &&
         (*seen)->anchorUnixMs < from_.filter.toUnixMs;
}

Status BundleWriter::addPlan(const SlotRecord& record, LogEvidence& log,
                             v1::VisitEvidence& evidence) {
  v1::GetPlanProofsResponse& plan = *evidence.mutable_plan();
  const visits::PlanLock& lock = record.plan.lock;
  std::set<std::uint64_t> made;
  for (const std::uint64_t version : {lock.judging, lock.standing, record.visit.planVersion}) {
    if (!made.insert(version).second)
      continue;
    DOORSTEP_ASSIGN(*plan.add_visits(), log.plans.visit(record.visit.id, version, false));
  }
  const std::int64_t day = londonDayNumber(record.plan.plan.windowStartUnixMs);
  DOORSTEP_TRY(log.plans.addTerms(record.visit.person, {}, day, plan));
  DOORSTEP_TRY(log.plans.addTerms({}, record.terms.lot, day, plan));
  if (record.contract != nullptr)
    DOORSTEP_TRY(log.plans.addRules(record.contract->id, record.ruleVersion, plan));
  for (v1::PlanVisitProof& proof : *plan.mutable_visits())
    DOORSTEP_TRY(addDecision(record.provider, log, *proof.mutable_decision(), evidence));
  if (plan.has_rules())
    DOORSTEP_TRY(
        addDecision(record.provider, log, *plan.mutable_rules()->mutable_decision(), evidence));
  for (v1::TermsProof& proof : *plan.mutable_terms())
    DOORSTEP_TRY(addDecision(record.provider, log, *proof.mutable_decision(), evidence));
  return kDone;
}

Status BundleWriter::addDecision(ProviderId provider, LogEvidence& log, v1::EntryProof& decision,
                                 v1::VisitEvidence& evidence) {
  // An entry may show one decision in one file and another in the next.
  const std::string hash = toHex(crypto::sha256(decision.tlog_proof()).view()).substr(0, 16);
  const std::string name =
      fmt::format("decisions/{}-{}-{}.tlog-proof", provider.value, decision.position(), hash);
  if (log.decisions.insert(name).second)
    DOORSTEP_TRY(folder_.add(name, decision.tlog_proof()));
  decision.clear_tlog_proof();
  evidence.add_decisions(name);
  return kDone;
}

Status BundleWriter::finish(v1::BundleManifest& manifest) {
  for (auto& [provider, log] : logs_) {
    for (const std::uint64_t position : log.named)
      if (!log.entries.contains(position))
        DOORSTEP_TRY(writeEntry(provider, log, position, false));
    v1::BundledLog& listed = *manifest.add_logs();
    listed.set_provider_id(provider.value);
    listed.set_provider(names_[provider]);
    listed.set_verifier_key(from_.verifierKey(provider));
    listed.set_checkpoint(log.prover.checkpoint());
  }
  manifest.set_schema("doorstep-bundle/1");
  manifest.set_exported_utc(unixMsToUtc(from_.reading.nowUnixMs));
  manifest.set_rows(rows_);
  manifest.set_visits(visits_);
  return kDone;
}

}  // namespace

Result<v1::BundleManifest> writeBundle(const BundleSource& from, const std::filesystem::path& path,
                                       const BundleProgress& progress) {
  DOORSTEP_ASSIGN(auto folder, BundleFolder::create(path));
  const Reading& reading = from.reading;
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(reading.database, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(const auto query, RecordQuery::open(reading.database, reading.caller, from.filter,
                                                      reading.nowUnixMs));
  DOORSTEP_TRY(folder.append("visits.csv", csvHeader()));
  DOORSTEP_TRY(folder.append("evidence.jsonl", ""));
  DOORSTEP_TRY(folder.add("rules.json", from.rulesJson));
  BundleWriter writer(from, query->visible(), folder);
  Status written = kDone;
  const auto take = [&](const SlotRecord& record) {
    written = writer.add(record);
    progress(writer.visits());
    return written.ok();
  };
  constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
  DOORSTEP_TRY(query->run(std::nullopt, {kAll, kAll}, take));
  DOORSTEP_TRY(written);
  v1::BundleManifest manifest = from.asked;
  DOORSTEP_TRY(writer.finish(manifest));
  DOORSTEP_TRY(folder.finish(manifest));
  return manifest;
}

}  // namespace doorstep::records
