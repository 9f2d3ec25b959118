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

// What an answer must be held against.
struct SentExchange {
  std::uint64_t id = 0;
  struct Entry {
    std::uint64_t n = 0;
    Hash entryHash;
    std::string arrivalSalt;
  };
  std::vector<Entry> entries;  // in the order of the request
  std::string clock;           // encoded ClockReading of the request
  evidence::Frontier held;  // of held_log_size; empty when the log was asked for from the beginning
};

// What is believed of an answer.
struct Answer {
  std::vector<journal::Receipt> receipts;  // in the log, or kept outside it for good
  // Entries whose verdict this release does not know and which have no position: they are as they
  // were.
  std::vector<std::uint64_t> unknown;
  bool gap = false;        // some entry was answered GAP: send from held_n + 1
  bool logSigned = false;  // the answer held a log that verified: the two below are set
  evidence::Frontier frontier;
  std::string checkpointNote;
  bool fromEmptyLog = false;  // that log does not stand on SentExchange::held
};

// Believes nothing without proof: each position is covered by a log that grew out of what is held
// and that the log's key signed. Pure. Errors: ANSWER_MALFORMED, EXTENSION_SHAPE, PROOF_SHAPE,
// PROOF_ROOT (the answer is no answer: try again); CHECKPOINT_SIGNATURE (the log does not extend
// what is held).
Result<Answer> verifyAnswer(const SentExchange& exchange,
                            const doorstep::sync::v1::ExchangeResponse& response,
                            const evidence::NoteVerifier& log);

}  // namespace doorstep::sync
