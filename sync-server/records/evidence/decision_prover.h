// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "sync-server/event_log/decision_places.h"
#include "sync-server/records/evidence/entry_proof.h"

namespace doorstep::records {

// A decision of an office in its provider's log.
struct LoggedDecision {
  event_log::StoredEntry stored;
  event_log::DecisionKey key;
  std::string salt;  // of its entry
  visits::OfficeFact fact;
};

// Why a decision cannot be proved: FAILED_PRECONDITION (DECISION_NOT_LOGGED), for whoever must have
// one.
Error decisionNotLogged();
// DATA_LOSS (DECISION_DIFFERS): what is stored is not what the office signed.
Error decisionDiffers();

// Finds decisions of one office and proves each by its entry, in which nothing else is shown.
// Thread: the connection's.
class DecisionProver {
 public:
  // Against the prover's checkpoint.
  DecisionProver(sql::Database& database, ProviderId provider, EntryProver prover)
      : database_(database), provider_(provider), prover_(std::move(prover)) {}

  // nullopt: not in the log. Errors: FAILED_PRECONDITION (DECISION_ERASED), DATA_LOSS
  // (DECISION_DIFFERS), UNAVAILABLE (DECISION_TOO_NEW), and the database's.
  Result<std::optional<LoggedDecision>> find(const event_log::DecisionKey& key) const;
  Result<v1::EntryProof> prove(const LoggedDecision& decision) const;

 private:
  sql::Database& database_;
  ProviderId provider_;
  EntryProver prover_;
};

}  // namespace doorstep::records
