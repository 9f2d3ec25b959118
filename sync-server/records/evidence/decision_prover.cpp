// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/decision_prover.h"

#include <variant>

#include "shared/wire/entry_codec.h"
#include "shared/wire/office_fact_codec.h"

namespace doorstep::records {

Error decisionNotLogged() {
  return {ErrorCode::FailedPrecondition, "DECISION_NOT_LOGGED",
          "the office's log has no decision that says this"};
}

Error decisionDiffers() {
  return {ErrorCode::DataLoss, "DECISION_DIFFERS",
          "what is stored is not what the office published: run `verify`"};
}

Result<std::optional<LoggedDecision>> DecisionProver::find(
    const event_log::DecisionKey& key) const {
  DOORSTEP_ASSIGN(const auto place, event_log::decisionPlace(database_, provider_, key));
  if (!place)
    return std::optional<LoggedDecision>();
  if (*place >= prover_.size())
    return Error{ErrorCode::Unavailable, "DECISION_TOO_NEW",
                 "it was published this moment: try again"};
  LoggedDecision found{.stored = {}, .key = key, .salt = {}, .fact = {}};
  DOORSTEP_ASSIGN(found.stored, prover_.entry(*place));
  if (found.stored.entry.empty())
    return Error{ErrorCode::FailedPrecondition, "DECISION_ERASED",
                 "the bytes of the decision were erased: it can be proved by its hash alone"};
  DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(found.stored.entry));
  found.salt = decoded.entry.salt;
  for (const visits::Event& event : decoded.entry.events) {
    if (event_log::decisionOf(event) != key)
      continue;
    DOORSTEP_ASSIGN(found.fact,
                    wire::decodeOfficeFact(std::get<visits::UnknownFact>(event.fact).bytes));
    return std::optional(std::move(found));
  }
  return decisionDiffers();
}

Result<v1::EntryProof> DecisionProver::prove(const LoggedDecision& decision) const {
  return prover_.prove(decision.stored, [&](const visits::Event& event) -> Result<bool> {
    return event_log::decisionOf(event) == decision.key;
  });
}

}  // namespace doorstep::records
