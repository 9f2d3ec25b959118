// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/proof_maker.h"

#include <set>

#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/projections/attendance_store.h"

namespace doorstep::records {
namespace {

Result<bool> mayShowBytes(const event_log::StoredEntry& stored, const MaySeeVisit& maySee) {
  if (stored.entry.empty())
    return false;
  DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.entry));
  std::set<VisitId> visits;
  for (const visits::Event& event : decoded.entry.events)
    visits.insert(event.visit);
  for (const VisitId visit : visits) {
    DOORSTEP_ASSIGN(const bool allowed, maySee(visit));
    if (!allowed)
      return false;
  }
  return true;
}

Result<v1::ProofExtra> proofExtra(sqlite::Database& database, const event_log::StoredEntry& stored,
                                  const MaySeeVisit& maySee) {
  v1::ProofExtra extra;
  extra.set_device_id(stored.device.value);
  DOORSTEP_ASSIGN(const bool showBytes, mayShowBytes(stored, maySee));
  if (!showBytes) {
    extra.set_entry_hash(std::string(stored.entryHash.view()));
    return extra;
  }
  DOORSTEP_ASSIGN(const auto device, identity::device(database, stored.device));
  extra.mutable_signed_entry()->set_entry(stored.entry);
  extra.mutable_signed_entry()->set_signature(stored.signature);
  extra.set_signing_public_key(device.signingKeySpki);
  return extra;
}

}  // namespace

Result<std::vector<v1::EntryProof>> makeVisitProofs(sqlite::Database& database,
                                                    event_log::EventLog& log, ProviderId provider,
                                                    VisitId visit, const MaySeeVisit& maySee) {
  std::vector<v1::EntryProof> proofs;
  DOORSTEP_ASSIGN(const auto positions, projections::visitEntries(database, provider, visit));
  if (positions.empty())
    return proofs;
  DOORSTEP_ASSIGN(const auto head, log.publishedHead(provider));
  const evidence::SubtreeHashes hashes = [&](const evidence::Subtree& subtree) {
    return log.subtreeHash(provider, subtree);
  };
  for (const std::uint64_t position : positions) {
    DOORSTEP_TRY(database.goOn());
    if (position >= head.size)
      continue;  // committed after the checkpoint was read; it is in the next one
    DOORSTEP_ASSIGN(const auto stored, log.entries(provider, position, 1));
    if (stored.empty())
      return Error{ErrorCode::DataLoss, "ENTRY_MISSING",
                   "a position below the log's size is empty"};
    DOORSTEP_ASSIGN(const auto extra, proofExtra(database, stored.front(), maySee));
    DOORSTEP_ASSIGN(auto path, evidence::inclusionProof(position, head.size, hashes));
    v1::EntryProof& proof = proofs.emplace_back();
    proof.set_device_id(stored.front().device.value);
    proof.set_n(stored.front().n);
    proof.set_position(position);
    proof.set_tlog_proof(evidence::writeTlogProof(
        {extra.SerializeAsString(), position, std::move(path), head.checkpointNote}));
  }
  return proofs;
}

}  // namespace doorstep::records
