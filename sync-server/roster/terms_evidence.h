// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/evidence/plan_root.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// The rows of persons' terms and of contracts' lots that facts of the office commit to, as they
// stand in the database. Thread: the connection's.

enum class TermsKind { Persons, Lots };

// Every row of the provider, also those that others took the place of, in the order of the roots.
Status forEachTermsRow(sql::Database& database, ProviderId provider, TermsKind kind,
                       const std::function<Status(const evidence::TermsLeaf&)>& each);

// The rows that the plan version wrote or put others in place of, in the same order. Cost: the size
// of the result.
Status forEachTermsRowOf(sql::Database& database, ProviderId provider, TermsKind kind,
                         std::uint64_t planVersion,
                         const std::function<Status(const evidence::TermsLeaf&)>& each);

// What the plan version did with the row: nothing, wrote it, put another in its place, or both.
std::vector<evidence::TermsLeaf> leavesOf(std::uint64_t planVersion, evidence::TermsLeaf row);
// The row as it was once the plan version was in force; nullopt when it is younger.
std::optional<evidence::TermsLeaf> leafBefore(std::uint64_t planVersion, evidence::TermsLeaf row);

// The row in force on the local day, as it was made: of the person, or of the lot when the person
// is none. nullopt: there is none.
Result<std::optional<evidence::TermsLeaf>> termsRowOn(sql::Database& database, ProviderId provider,
                                                      PersonId person, const std::string& lot,
                                                      std::int64_t day);

// Collects one root. Of no row there is none.
class TermsRoot {
 public:
  explicit TermsRoot(std::string_view entrySalt) : hashes_(entrySalt) {}
  void addOf(std::uint64_t planVersion, evidence::TermsLeaf row);
  void addBefore(std::uint64_t planVersion, evidence::TermsLeaf row);
  std::optional<Hash> root() const;

 private:
  void add(const evidence::TermsLeaf& leaf) { root_.add(hashes_.hashOf(leaf)); }

  evidence::PlanTerms hashes_;
  evidence::VisitsRoot root_;
};

// What PlanPublished says of the version, which is being made. Costs the rows of the version.
Result<std::optional<Hash>> termsRootOf(sql::Database& database, ProviderId provider,
                                        TermsKind kind, std::uint64_t planVersion,
                                        std::string_view entrySalt);
// What OfficeOpened says of the version and all before it.
Result<std::optional<Hash>> termsRootBefore(sql::Database& database, ProviderId provider,
                                            TermsKind kind, std::uint64_t planVersion,
                                            std::string_view entrySalt);

}  // namespace doorstep::roster
