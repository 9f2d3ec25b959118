// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/proof_maker.h"

#include <map>

#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/projections/attendance_store.h"

namespace doorstep::records {
namespace {

void disclose(const wire::EventEvidence& event, v1::DisclosedEvent& to) {
  to.mutable_event()->set_subject_id(event.subjectId);
  to.mutable_event()->set_boot_ms(event.bootMs);
  to.mutable_event()->set_wall_unix_ms(event.wallUnixMs);
  to.mutable_event()->set_fact(event.fact);
  to.set_salt(event.salt);
}

// Who asks, with the answer for each visit of an entry.
class Sight {
 public:
  explicit Sight(const MaySeeVisit& maySee) : maySee_(maySee) {}
  // What is about no visit is shown to nobody yet.
  Result<bool> mayShow(const visits::Event& event) {
    if (!event.visit)
      return false;
    const auto found = answers_.find(event.visit);
    if (found != answers_.end())
      return found->second;
    DOORSTEP_ASSIGN(const bool allowed, maySee_(event.visit));
    answers_.emplace(event.visit, allowed);
    return allowed;
  }

 private:
  const MaySeeVisit& maySee_;
  std::map<VisitId, bool> answers_;
};

Result<v1::ProofExtra> proofExtra(sql::Database& database, const event_log::StoredEntry& stored,
                                  const MaySeeVisit& maySee) {
  v1::ProofExtra extra;
  extra.set_device_id(stored.device.value);
  if (stored.entry.empty()) {
    extra.set_entry_hash(std::string(stored.entryHash.view()));
    extra.set_arrival_hash(std::string(stored.arrivalHash.view()));
    return extra;
  }
  DOORSTEP_ASSIGN(auto opened, wire::openEntry(stored.entry));
  DOORSTEP_ASSIGN(const auto device, identity::device(database, stored.device));
  Sight sight(maySee);
  for (std::size_t i = 0; i < opened.evidence.events.size(); ++i) {
    const wire::EventEvidence& event = opened.evidence.events[i];
    v1::DisclosedEvent& to = *extra.add_events();
    DOORSTEP_ASSIGN(const bool shown, sight.mayShow(opened.decoded.entry.events[i]));
    if (shown)
      disclose(event, to);
    else
      to.set_hash(std::string(event.hash.view()));
  }
  extra.set_header(std::move(opened.evidence.header));
  extra.set_signature(std::move(opened.evidence.signature));
  extra.set_signing_public_key(device.signingKeySpki);
  extra.mutable_arrival()->set_received_unix_ms(stored.receivedUnixMs);
  extra.mutable_arrival()->set_clock(stored.clock);
  extra.set_arrival_salt(std::move(opened.evidence.arrivalSalt));
  return extra;
}

}  // namespace

Result<std::vector<v1::EntryProof>> makeVisitProofs(sql::Database& database,
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
