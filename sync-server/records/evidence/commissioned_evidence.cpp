// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/commissioned_evidence.h"

#include <tuple>
#include <variant>

#include "shared/core/local_time.h"
#include "shared/evidence/plan_root.h"
#include "sync-server/commissioning/row_evidence.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

using commissioning::CommissionedRow;
using event_log::DecisionKey;

evidence::CommissionedLeaf leafOf(const CommissionedRow& row) {
  return {static_cast<std::uint64_t>(row.key.kind),
          row.key.subject,
          row.key.name,
          row.fromDay,
          row.untilDay.value_or(0),
          row.version,
          0,
          row.reason,
          row.content};
}

}  // namespace

Status CommissionedEvidence::add(const SlotRecord& record, BundleLog& log) {
  const std::int64_t day = londonDayNumber(record.plan.plan.windowStartUnixMs);
  const ContractId contract = record.contract == nullptr ? ContractId() : record.contract->id;
  DOORSTEP_ASSIGN(const auto rows,
                  ordered_.rowsBehind(record.provider, record.visit.person, record.visit.service,
                                      day, record.terms.lot, contract));
  for (const CommissionedRow& row : rows)
    DOORSTEP_TRY(write(row, log));
  return kDone;
}

Result<const CommissionedEvidence::VersionTree*> CommissionedEvidence::treeOf(
    const CommissionedRow& row, BundleLog& log) {
  const TreeKey key{log.provider(), row.version, row.key.kind};
  if (const auto found = trees_.find(key); found != trees_.end())
    return &found->second;
  const DecisionKey asked{static_cast<DecisionKey::Kind>(row.key.kind), 0, row.version};
  DOORSTEP_ASSIGN(const auto decision, log.decisions().find(asked));
  if (!decision)
    return decisionNotLogged();
  VersionTree made;
  made.salt = decision->salt;
  DOORSTEP_ASSIGN(const auto proof, log.decisions().prove(*decision));
  DOORSTEP_ASSIGN(made.decision, log.addDecision(proof));
  DOORSTEP_ASSIGN(auto rows, commissioning::rowsOfVersion(database_, log.provider(), row.version));
  std::erase_if(rows, [&](const CommissionedRow& each) { return each.key.kind != row.key.kind; });
  commissioning::sortForRoot(rows);
  const evidence::CommissionedHashes hashes(made.salt);
  std::uint64_t leaves = 0;
  const auto addLeaf = [&](const evidence::CommissionedLeaf& leaf) {
    made.tree.add(evidence::leafHash(hashes.hashOf(leaf).view()));
    return leaves++;
  };
  for (const CommissionedRow& each : rows) {
    evidence::CommissionedLeaf leaf = leafOf(each);
    if (each.version == row.version)
      made.places.emplace(nameOf(each), addLeaf(leaf));
    if (each.replacedVersion != row.version)
      continue;
    leaf.replacedVersion = row.version;
    addLeaf(leaf);
  }
  made.tree.close();
  const auto* said = std::get_if<visits::CommissionedRows>(&decision->fact.decision);
  if (said == nullptr || said->root != made.tree.root())
    return decisionDiffers();
  if (trees_.size() >= kTreesKept)
    trees_.erase(trees_.begin());
  return &trees_.emplace(key, std::move(made)).first->second;
}

Status CommissionedEvidence::write(const CommissionedRow& row, BundleLog& log) {
  const std::tuple name(log.provider(), row.key.kind, nameOf(row));
  if (written_.contains(name))
    return kDone;
  DOORSTEP_TRY(database_.goOn());
  DOORSTEP_ASSIGN(const VersionTree* version, treeOf(row, log));
  const auto place = version->places.find(nameOf(row));
  if (place == version->places.end())
    return decisionDiffers();
  DOORSTEP_ASSIGN(const auto path, version->tree.path(place->second));
  v1::CommissionedRowProof proof;
  proof.set_provider_id(log.provider().value);
  proof.set_decision(version->decision);
  proof.set_kind(static_cast<std::uint32_t>(row.key.kind));
  proof.set_subject_id(row.key.subject);
  proof.set_name(row.key.name);
  proof.set_from_day(row.fromDay);
  proof.set_until_day(row.untilDay.value_or(0));
  proof.set_made_version(row.version);
  proof.set_reason(row.reason);
  proof.set_content(row.content);
  proof.set_salt(evidence::CommissionedHashes(version->salt).saltOf(leafOf(row)));
  writePath(path, *proof.mutable_path());
  DOORSTEP_ASSIGN(const std::string json, bundleJson(proof, JsonLayout::OneLine));
  DOORSTEP_TRY(folder_.append("commissioned.jsonl", json + "\n"));
  written_.insert(name);
  return kDone;
}

}  // namespace doorstep::records
