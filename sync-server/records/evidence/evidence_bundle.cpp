// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/evidence_bundle.h"

#include <limits>
#include <map>
#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/records/evidence/bundle_log.h"
#include "sync-server/records/evidence/commissioned_evidence.h"
#include "sync-server/records/evidence/freeze_evidence.h"
#include "sync-server/records/evidence/prior_evidence.h"
#include "sync-server/records/evidence/slot_evidence.h"
#include "sync-server/records/files/csv_export.h"
#include "sync-server/records/seen_visit.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::records {
namespace {

class BundleWriter {
 public:
  BundleWriter(const BundleSource& from, const VisibleContracts& visible, BundleFolder& folder,
               PriorEvidence priors)
      : from_(from),
        database_(from.reading.database),
        visible_(visible),
        folder_(folder),
        pseudonyms_(from.reading.pseudonymKey),
        commissioned_(database_, folder),
        freezes_(database_, folder),
        priors_(std::move(priors)) {}

  // A slot's row, and with a visit's first one what proves it.
  Status add(const SlotRecord& record);
  // What is written once.
  Status finish(v1::BundleManifest& manifest);

  std::uint64_t visits() const { return visits_; }

 private:
  Result<BundleLog*> logOf(const SlotRecord& record);
  Status addEvidence(const SlotRecord& record, BundleLog& log);
  Status addEntries(const SlotRecord& record, BundleLog& log, v1::VisitEvidence& evidence);
  Result<bool> isInFile(ProviderId provider, const visits::Event& event);

  const BundleSource& from_;
  sql::Database& database_;
  const VisibleContracts& visible_;
  BundleFolder& folder_;
  Pseudonyms pseudonyms_;
  CommissionedEvidence commissioned_;
  FreezeEvidence freezes_;
  PriorEvidence priors_;
  std::map<ProviderId, BundleLog> logs_;
  std::map<ProviderId, std::string> names_;
  std::pair<ProviderId, VisitId> newest_;
  std::uint64_t rows_ = 0;
  std::uint64_t visits_ = 0;
};

Result<BundleLog*> BundleWriter::logOf(const SlotRecord& record) {
  const auto found = logs_.find(record.provider);
  if (found != logs_.end())
    return &found->second;
  DOORSTEP_ASSIGN(auto log, BundleLog::open(database_, from_.log, record.provider, folder_));
  names_[record.provider] = guardedText(record.providerName);
  return &logs_.emplace(record.provider, std::move(log)).first->second;
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
  DOORSTEP_ASSIGN(BundleLog * log, logOf(record));
  return addEvidence(record, *log);
}

// Runs what adds evidence. Returns why it cannot be given, with nothing added; empty: it was.
template <typename Add>
Result<std::string> addOrSay(v1::VisitEvidence& evidence, Add add) {
  v1::VisitEvidence with = evidence;
  const Status added = add(with);
  if (!added.ok() && added.error().code != ErrorCode::FailedPrecondition)
    return added.error();
  if (!added.ok())
    return added.error().reason;
  evidence = std::move(with);
  return std::string();
}

Status BundleWriter::addEvidence(const SlotRecord& record, BundleLog& log) {
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
  using Evidence = v1::VisitEvidence;
  DOORSTEP_ASSIGN(*evidence.mutable_plan_missing(), addOrSay(evidence, [&](Evidence& to) {
    return addPlanEvidence(record, log, to);
  }));
  DOORSTEP_ASSIGN(*evidence.mutable_adjustments_missing(), addOrSay(evidence, [&](Evidence& to) {
    return addAdjustmentEvidence(database_, record, log, to);
  }));
  DOORSTEP_ASSIGN(*evidence.mutable_commissioned_missing(),
                  addOrSay(evidence, [&](Evidence&) { return commissioned_.add(record, log); }));
  DOORSTEP_TRY(priors_.add(record, log, evidence));
  freezes_.add(record);
  DOORSTEP_ASSIGN(const std::string json, bundleJson(evidence, JsonLayout::OneLine));
  return folder_.append("evidence.jsonl", json + "\n");
}

Status BundleWriter::addEntries(const SlotRecord& record, BundleLog& log,
                                v1::VisitEvidence& evidence) {
  DOORSTEP_ASSIGN(const auto positions,
                  projections::visitEntries(database_, record.provider, record.visit.id));
  const ContractId contract = record.contract == nullptr ? ContractId() : record.contract->id;
  for (const std::uint64_t position : positions) {
    DOORSTEP_ASSIGN(const auto stored, log.prover().entry(position));
    v1::BundledEntry& entry = *evidence.add_entries();
    entry.set_position(position);
    entry.set_carer_pseudonym(pseudonyms_.of(contract, stored.carer));
    DOORSTEP_TRY(log.addEntry(
        position, [&](const visits::Event& event) { return isInFile(record.provider, event); }));
  }
  return kDone;
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

Status BundleWriter::finish(v1::BundleManifest& manifest) {
  for (auto& [provider, log] : logs_) {
    DOORSTEP_TRY(freezes_.write(log));
    DOORSTEP_TRY(log.finish());
    v1::BundledLog& listed = *manifest.add_logs();
    listed.set_provider_id(provider.value);
    listed.set_provider(names_[provider]);
    listed.set_verifier_key(from_.verifierKey(provider));
    listed.set_checkpoint(log.prover().checkpoint());
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
  DOORSTEP_TRY(folder.append("commissioned.jsonl", ""));
  DOORSTEP_TRY(folder.append("freezes.jsonl", ""));
  DOORSTEP_ASSIGN(auto priors, PriorEvidence::open(reading.database, query->visible(), from.filter,
                                                   reading.nowUnixMs));
  BundleWriter writer(from, query->visible(), folder, std::move(priors));
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
