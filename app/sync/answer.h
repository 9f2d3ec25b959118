// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/journal/journal.h"
#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::sync {

// The request's state that its answer is checked against.
struct SentExchange {
  std::uint64_t id = 0;
  struct Entry {
    std::uint64_t n = 0;
    Hash entryHash;
    std::string arrivalSalt;
  };
  std::vector<Entry> entries;  // in the order of the request
  std::string clock;           // encoded ClockReading of the request
  evidence::Frontier held;     // of held_log_size; empty when the whole log was requested
};

// The verified content of an answer.
struct Answer {
  std::vector<journal::Receipt> receipts;  // in the log, or kept outside it for good
  // Entries with a verdict unknown to this release and without a position: they stay unchanged.
  std::vector<std::uint64_t> unknown;
  bool gap = false;        // an entry was answered GAP: send from held_n + 1
  bool logSigned = false;  // the answer contained a log that verified: the next two are set
  evidence::Frontier frontier;
  std::string checkpointNote;
  bool fromEmptyLog = false;  // that log does not extend SentExchange::held
};

// Accepts nothing without proof: each position must be covered by a log that extends the held one
// and is signed with the log's key. Pure. Errors: ANSWER_MALFORMED, EXTENSION_SHAPE, PROOF_SHAPE,
// PROOF_ROOT (invalid answer: retry); CHECKPOINT_SIGNATURE (the log does not extend the held one).
Result<Answer> verifyAnswer(const SentExchange& exchange,
                            const doorstep::sync::v1::ExchangeResponse& response,
                            const evidence::NoteVerifier& log);

}  // namespace doorstep::sync
