// SPDX-License-Identifier: Apache-2.0
#include "app/sync/answer.h"

#include <algorithm>
#include <utility>

#include "shared/core/time_range.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/log_extension.h"

namespace doorstep::sync {
namespace {

namespace v1 = doorstep::sync::v1;

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kProofHashesMax = 64;

Error malformed(const char* what) { return {ErrorCode::Unavailable, "ANSWER_MALFORMED", what}; }

// An entry that is in the log.
struct Placed {
  std::uint64_t position = 0;
  Hash leaf;
};

// Arrival of an entry of the request that is in the log.
evidence::Arrival arrivalOf(const SentExchange& exchange, const v1::ExchangeResponse& response,
                            const v1::EntryVerdict& verdict) {
  if (verdict.has_arrival())
    return {verdict.arrival().received_unix_ms(), verdict.arrival().clock()};
  return {saturatingSubtract(response.server_time_unix_ms(),
                             static_cast<std::int64_t>(response.received_ago_ms())),
          exchange.clock};
}

// Converts verdicts to receipts; those with a position are added to placed, in order.
Status readVerdicts(const SentExchange& exchange, const v1::ExchangeResponse& response,
                    Answer& answer, std::vector<Placed>& placed) {
  if (response.verdicts_size() != static_cast<int>(exchange.entries.size()))
    return malformed("number of verdicts");
  for (int i = 0; i < response.verdicts_size(); ++i) {
    const v1::EntryVerdict& verdict = response.verdicts(i);
    const SentExchange::Entry& sent = exchange.entries[static_cast<std::size_t>(i)];
    journal::Receipt receipt{sent.n, std::nullopt, 0, response.server_time_unix_ms()};
    switch (verdict.verdict()) {
      case v1::VERDICT_ACCEPTED:
      case v1::VERDICT_ALREADY_KNOWN:
        if (!verdict.has_position())
          return malformed("an accepted entry has a position");
        break;
      case v1::VERDICT_QUARANTINED:
        if (verdict.reason() == v1::QUARANTINE_REASON_UNSPECIFIED)
          return malformed("a quarantined entry has a reason");
        if (verdict.reason() == v1::QUARANTINE_REASON_GAP) {
          answer.gap = true;
          continue;
        }
        break;
      case v1::VERDICT_UNSPECIFIED:
        return malformed("verdict");
      default:
        // A verdict of a later release. If it has a position, the log proves that like any other.
        if (!verdict.has_position()) {
          answer.unknown.push_back(sent.n);
          continue;
        }
        break;
    }
    // ALREADY_KNOWN may include the reason for which the entry was first quarantined.
    receipt.quarantineReason = static_cast<int>(verdict.reason());
    if (verdict.has_position()) {
      const evidence::Arrival arrival = arrivalOf(exchange, response, verdict);
      receipt.position = verdict.position();
      receipt.receivedUnixMs = arrival.receivedUnixMs;
      placed.push_back({verdict.position(),
                        evidence::leafHash(evidence::leafData(
                            sent.entryHash, evidence::arrivalHash(sent.arrivalSalt, arrival)))});
    }
    answer.receipts.push_back(receipt);
  }
  return kDone;
}

Status verifyOlder(const v1::LogExtension& log, const std::vector<Placed>& older,
                   const Hash& root) {
  if (log.older_inclusion_proofs_size() != static_cast<int>(older.size()))
    return malformed("number of inclusion proofs");
  for (std::size_t i = 0; i < older.size(); ++i) {
    const std::string& bytes = log.older_inclusion_proofs(static_cast<int>(i));
    if (bytes.size() % kHashBytes != 0 || bytes.size() / kHashBytes > kProofHashesMax)
      return malformed("inclusion proof");
    std::vector<Hash> proof;
    for (std::size_t at = 0; at < bytes.size(); at += kHashBytes) {
      DOORSTEP_ASSIGN(const Hash hash,
                      hashFromBytes(std::string_view(bytes).substr(at, kHashBytes)));
      proof.push_back(hash);
    }
    DOORSTEP_TRY(
        evidence::verifyInclusion(older[i].leaf, older[i].position, log.size(), proof, root));
  }
  return kDone;
}

Status verifyLog(const SentExchange& exchange, const v1::LogExtension& log,
                 const std::vector<Placed>& placed, const evidence::NoteVerifier& key,
                 Answer& answer) {
  if (log.from_size() != exchange.held.size() && log.from_size() != 0)
    return malformed("from_size is neither what was held nor 0");
  if (log.size() < log.from_size())
    return malformed("size");
  // A truncated message is not a contradiction of the log: that requires a complete signature.
  if (log.checkpoint_signature().size() != kSignatureBytes)
    return malformed("checkpoint signature");
  answer.fromEmptyLog = log.from_size() != exchange.held.size();
  std::vector<Placed> older;
  std::vector<evidence::OwnLeaf> own;
  for (const Placed& one : placed) {
    if (one.position >= log.size())
      return malformed("position beyond the log");
    if (one.position < log.from_size())
      older.push_back(one);
    else
      own.push_back({one.position, one.leaf});
  }
  std::sort(own.begin(), own.end(),
            [](const auto& a, const auto& b) { return a.position < b.position; });
  const auto same = std::adjacent_find(own.begin(), own.end(), [](const auto& a, const auto& b) {
    return a.position == b.position;
  });
  if (same != own.end())
    return malformed("two entries at one position");
  DOORSTEP_ASSIGN(auto verified,
                  evidence::verifyLogExtension(
                      answer.fromEmptyLog ? evidence::Frontier() : exchange.held, log.size(),
                      log.subtree_hashes(), own, log.checkpoint_signature(), key));
  DOORSTEP_TRY(verifyOlder(log, older, verified.frontier.root()));
  answer.logSigned = true;
  answer.frontier = std::move(verified.frontier);
  answer.checkpointNote = std::move(verified.checkpointNote);
  return kDone;
}

}  // namespace

Result<Answer> verifyAnswer(const SentExchange& exchange, const v1::ExchangeResponse& response,
                            const evidence::NoteVerifier& log) {
  Answer answer;
  if (response.server_time_unix_ms() <= 0)
    return malformed("server time");
  std::vector<Placed> placed;
  DOORSTEP_TRY(readVerdicts(exchange, response, answer, placed));
  if (response.has_log())
    DOORSTEP_TRY(verifyLog(exchange, response.log(), placed, log, answer));
  else if (!placed.empty())
    return malformed("positions without a log");
  return answer;
}

}  // namespace doorstep::sync
