// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "shared/sql/database.h"
#include "sync-server/records/evidence/bundle_folder.h"
#include "sync-server/records/evidence/decision_prover.h"
#include "sync-server/records/evidence/entry_proof.h"
#include "sync-server/records/evidence/plan_proof_maker.h"

namespace doorstep::records {

// What a bundle has of one provider's log: its entries and decisions, each file written once, all
// against one checkpoint. Memory: a number for each entry, a name for each decision. Thread: the
// connection's.
class BundleLog {
 public:
  static Result<BundleLog> open(sql::Database& database, event_log::EventLog& log,
                                ProviderId provider, BundleFolder& folder);

  ProviderId provider() const { return provider_; }
  const EntryProver& prover() const { return prover_; }
  const DecisionProver& decisions() const { return decisions_; }
  PlanProofMaker& plans() { return plans_; }

  // An entry with those of its events that may be shown. False: it was written before.
  Result<bool> addEntry(std::uint64_t position, const MayShowEvent& mayShow);
  // The one event of an entry that shows an earlier start. Returns the file's name.
  Result<std::string> addPriorStart(const event_log::StoredEntry& stored, std::uint64_t number);
  // The decision's proof. Returns the file's name.
  Result<std::string> addDecision(const v1::EntryProof& decision);
  // The proof of a decision that must be there. Errors: DECISION_NOT_LOGGED, and DecisionProver's.
  Result<v1::EntryProof> prove(const event_log::DecisionKey& key) const;
  // Entries that phones named as the newest that they knew, without their events.
  Status finish();

 private:
  BundleLog(sql::Database& database, ProviderId provider, EntryProver prover, BundleFolder& folder);
  // The time of the entry's events has a bound in the entry that its phone named.
  Status nameBound(const event_log::StoredEntry& stored);

  sql::Database& database_;
  BundleFolder& folder_;
  ProviderId provider_;
  EntryProver prover_;
  DecisionProver decisions_;
  PlanProofMaker plans_;
  std::set<std::uint64_t> entries_;  // written
  std::set<std::uint64_t> named_;    // positions that bound the time of an event
  std::set<std::string> files_;      // decisions and earlier starts written
};

}  // namespace doorstep::records
