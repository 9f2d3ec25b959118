// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "shared/core/result.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/records/evidence/bundle_log.h"
#include "sync-server/records/evidence/kept_tree.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// Proofs of the rows of what is commissioned that a bundle's records rest on: a line of
// commissioned.jsonl for each row in force on a visit's day, once. Cost: of a version of rows, two
// HMACs and three hashes each, once while it is among the kTreesKept newest; of a row a path.
// Memory: 100 bytes for each row of the versions that are kept, and for each row written.
// Thread: the connection's.
class CommissionedEvidence {
 public:
  CommissionedEvidence(sql::Database& database, BundleFolder& folder)
      : database_(database), folder_(folder), ordered_(database) {}

  // Errors: FAILED_PRECONDITION (DECISION_NOT_LOGGED, DECISION_ERASED) when a row cannot be proved,
  // DECISION_DIFFERS, and the database's.
  Status add(const SlotRecord& record, BundleLog& log);

 private:
  using RowName = std::tuple<std::uint64_t, std::string, std::int64_t, std::uint64_t>;
  // The rows that one fact commits to.
  struct VersionTree {
    std::string decision;  // file
    std::string salt;
    std::map<RowName, std::uint64_t> places;
    KeptTree tree;
  };
  using TreeKey = std::tuple<ProviderId, std::uint64_t, commissioning::Kind>;

  static RowName nameOf(const commissioning::CommissionedRow& row) {
    return {row.key.subject, row.key.name, row.fromDay, row.version};
  }
  Result<const VersionTree*> treeOf(const commissioning::CommissionedRow& row, BundleLog& log);
  Status write(const commissioning::CommissionedRow& row, BundleLog& log);

  sql::Database& database_;
  BundleFolder& folder_;
  commissioning::OrderedTermsReader ordered_;
  std::map<TreeKey, VersionTree> trees_;
  std::set<std::tuple<ProviderId, commissioning::Kind, RowName>> written_;
};

}  // namespace doorstep::records
