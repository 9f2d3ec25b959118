// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/evidence/leaf_path.h"
#include "shared/evidence/plan_root.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "sync-server/records/evidence/decision_prover.h"
#include "sync-server/records/evidence/entry_proof.h"
#include "sync-server/records/evidence/kept_tree.h"
#include "sync-server/roster/plan_evidence.h"

namespace doorstep::records {

// Proofs of what an office decided, as wire::readPlanVisitProof and its siblings check them. A
// proof is made only when it leads to what the office signed, so nobody is handed one that fails.
//
// Cost: the path of a visit is computed from all visits of its version (two HMACs and three hashes
// each), of terms from the version's rows; of a version of before the office's log from all visits
// and rows of before. Memory does not depend on it, unless the maker keeps what it computed
// (keepForMany). Ends when sql::Database::goOn says so. Errors:
// FAILED_PRECONDITION (DECISION_NOT_LOGGED, DECISION_ERASED), DATA_LOSS (DECISION_DIFFERS),
// UNAVAILABLE (DECISION_TOO_NEW), the log's and the database's. Thread: the connection's.
class PlanProofMaker {
 public:
  static Result<PlanProofMaker> open(sql::Database& database, event_log::EventLog& log,
                                     ProviderId provider);
  // Against the prover's checkpoint.
  PlanProofMaker(sql::Database& database, ProviderId provider, EntryProver prover)
      : database_(database),
        provider_(provider),
        decisions_(database, provider, std::move(prover)) {}

  // For proofs of many visits: the hashes of kTreesKept plan versions are kept, 48 bytes a visit,
  // and each row of terms is proved once, so that every further visit of a version costs a path.
  void keepForMany() { kept_.emplace(); }

  Result<v1::PlanVisitProof> visit(VisitId visit, std::uint64_t planVersion, bool showsCarers);
  // The row in force on the local day: of the person, or of the lot when the person is none. Adds
  // nothing when there is no such row, or no fact commits to it.
  Status addTerms(PersonId person, const std::string& lot, std::int64_t day,
                  v1::GetPlanProofsResponse& response);
  // Adds nothing when the version was set before the office's log.
  Status addRules(ContractId contract, std::uint32_t ruleVersion,
                  v1::GetPlanProofsResponse& response);

 private:
  using Decision = LoggedDecision;

  // The hashes of a decision's visits.
  struct VersionTree {
    std::vector<std::pair<VisitId, std::uint64_t>> rows;  // in order: visit and version
    KeptTree tree;
  };
  // Person, lot, first day, by which version it was made and replaced.
  using TermsKey =
      std::tuple<std::uint64_t, std::string, std::int64_t, std::uint64_t, std::uint64_t>;
  struct Kept {
    std::map<std::uint64_t, VersionTree> trees;  // by the decision's position
    std::map<TermsKey, v1::TermsProof> terms;
  };

  // The path of a visit's row from what is kept, or from a reading of its own.
  Result<evidence::LeafPath::Path> keptPath(const Decision& decision, VisitId visit,
                                            std::uint64_t planVersion);
  Result<evidence::LeafPath::Path> pathOf(const Decision& decision, VisitId visit,
                                          std::uint64_t planVersion);
  Result<const VersionTree*> treeOf(const Decision& decision);
  // Each row that the decision's root is over, with its leaf hash.
  Status forEachLeaf(const Decision& decision,
                     const std::function<void(const roster::VisitVersion&, const Hash&)>& each);
  Result<std::optional<v1::TermsProof>> termsProof(const evidence::TermsLeaf& asked);
  // The decision that commits to the plan version.
  Result<std::optional<Decision>> findVersion(std::uint64_t planVersion);

  sql::Database& database_;
  ProviderId provider_;
  DecisionProver decisions_;
  std::optional<Kept> kept_;
};

}  // namespace doorstep::records
