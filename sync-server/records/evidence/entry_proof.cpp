// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/entry_proof.h"

#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/identity/device_registry.h"

namespace doorstep::records {
namespace {

void disclose(const wire::EventEvidence& event, v1::DisclosedEvent& to) {
  to.mutable_event()->set_subject_id(event.subjectId);
  to.mutable_event()->set_boot_ms(event.bootMs);
  to.mutable_event()->set_wall_unix_ms(event.wallUnixMs);
  to.mutable_event()->set_fact(event.fact);
  to.set_salt(event.salt);
}

}  // namespace

Result<EntryProver> EntryProver::open(sql::Database& database, event_log::EventLog& log,
                                      ProviderId provider) {
  DOORSTEP_ASSIGN(auto head, log.publishedHead(provider));
  return EntryProver(database, log, provider, std::move(head));
}

Result<event_log::StoredEntry> EntryProver::entry(std::uint64_t position) const {
  DOORSTEP_ASSIGN(auto stored, log_.entries(provider_, position, 1));
  if (stored.empty())
    return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "a position below the log's size is empty"};
  return std::move(stored.front());
}

Result<v1::ProofExtra> EntryProver::extraOf(const event_log::StoredEntry& stored,
                                            const MayShowEvent& mayShow) const {
  v1::ProofExtra extra;
  extra.set_device_id(stored.device.value);
  if (stored.entry.empty()) {
    extra.set_entry_hash(std::string(stored.entryHash.view()));
    extra.set_arrival_hash(std::string(stored.arrivalHash.view()));
    return extra;
  }
  DOORSTEP_ASSIGN(auto opened, wire::openEntry(stored.entry));
  DOORSTEP_ASSIGN(const auto device, identity::device(database_, stored.device));
  for (std::size_t i = 0; i < opened.evidence.events.size(); ++i) {
    const wire::EventEvidence& event = opened.evidence.events[i];
    v1::DisclosedEvent& to = *extra.add_events();
    DOORSTEP_ASSIGN(const bool shown, mayShow(opened.decoded.entry.events[i]));
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

Result<v1::EntryProof> EntryProver::prove(const event_log::StoredEntry& stored,
                                          const MayShowEvent& mayShow) const {
  const evidence::SubtreeHashes hashes = [&](const evidence::Subtree& subtree) {
    return log_.subtreeHash(provider_, subtree);
  };
  DOORSTEP_ASSIGN(const auto extra, extraOf(stored, mayShow));
  DOORSTEP_ASSIGN(auto path, evidence::inclusionProof(stored.position, head_.size, hashes));
  v1::EntryProof proof;
  proof.set_device_id(stored.device.value);
  proof.set_n(stored.n);
  proof.set_position(stored.position);
  proof.set_tlog_proof(evidence::writeTlogProof(
      {extra.SerializeAsString(), stored.position, std::move(path), head_.checkpointNote}));
  return proof;
}

Result<std::vector<Hash>> EntryProver::consistencyFrom(std::uint64_t oldSize) const {
  if (oldSize == 0 || oldSize > head_.size)
    return Error{ErrorCode::DataLoss, "PROOF_SHAPE", "the log was not as long as that"};
  return evidence::consistencyProof(oldSize, head_.size, [&](const evidence::Subtree& subtree) {
    return log_.subtreeHash(provider_, subtree);
  });
}

}  // namespace doorstep::records
