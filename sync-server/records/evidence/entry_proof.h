// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/sql/database.h"
#include "shared/visits/event.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::records {

// Whether an event of an entry is shown in its proof.
using MayShowEvent = std::function<Result<bool>(const visits::Event&)>;

// Proofs of one log's entries against its newest checkpoint at the time of open(). The extra line
// of each contains what a verifier needs to compute the leaf (records.v1.ProofExtra): the events
// that may be shown, the hashes of the others, and the arrival. An entry whose bytes were erased is
// proved by its hashes. Thread: the connection's.
class EntryProver {
 public:
  // Error LOG_UNKNOWN.
  static Result<EntryProver> open(sql::Database& database, event_log::EventLog& log,
                                  ProviderId provider);

  std::uint64_t size() const { return head_.size; }
  // What the proofs are against: a signed note.
  const std::string& checkpoint() const { return head_.checkpointNote; }
  // An entry below size(). Error ENTRY_MISSING.
  Result<event_log::StoredEntry> entry(std::uint64_t position) const;
  Result<v1::EntryProof> prove(const event_log::StoredEntry& stored,
                               const MayShowEvent& mayShow) const;
  // That the log of the checkpoint begins with its first `oldSize` entries (RFC 6962 §2.1.2), at
  // least one. Error PROOF_SHAPE beyond size().
  Result<std::vector<Hash>> consistencyFrom(std::uint64_t oldSize) const;

 private:
  EntryProver(sql::Database& database, event_log::EventLog& log, ProviderId provider,
              event_log::LogHead head)
      : database_(database), log_(log), provider_(provider), head_(std::move(head)) {}
  Result<v1::ProofExtra> extraOf(const event_log::StoredEntry& stored,
                                 const MayShowEvent& mayShow) const;

  sql::Database& database_;
  event_log::EventLog& log_;
  ProviderId provider_;
  event_log::LogHead head_;
};

}  // namespace doorstep::records
