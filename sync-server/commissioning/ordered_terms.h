// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/visit_facts.h"
#include "shared/wire/ordered_package.h"
#include "sync-server/commissioning/row_store.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::commissioning {

// With the person's terms of the day.
struct OrderedTerms : wire::OrderedPackage {
  std::string tier;
  std::string funderSplit;  // "name=share;...", empty: not said
};
using wire::PackageChoice;
using wire::serviceKindNamed;

// Reads what was commissioned, for whoever judges visits or lists packages. Rows of the newest
// person and contract are kept, so that a person's visits cost two short reads, and those of a
// provider of which nothing is commissioned none; made anew after anything was written. Thread: the
// connection's.
class OrderedTermsReader {
 public:
  explicit OrderedTermsReader(sql::Database& database) : database_(&database) {}

  // terms: the person's of that day. contract: of her lot then; none: no rurality.
  Result<OrderedTerms> of(ProviderId provider, PersonId person, const PackageChoice& choice,
                          std::int64_t day, const roster::PersonTerms& terms, ContractId contract);
  // The same with her terms read: one read more. Error: PERSON_UNKNOWN.
  Result<OrderedTerms> of(ProviderId provider, PersonId person, const PackageChoice& choice,
                          std::int64_t day);
  // The rows in force on the day that the visit's columns follow from. Fewer reads after of().
  Result<std::vector<CommissionedRow>> rowsBehind(ProviderId provider, PersonId person,
                                                  std::string_view service, std::int64_t day,
                                                  const std::string& lot, ContractId contract);
  // Service kinds with a package on the day, in the order of the list.
  Result<std::vector<measures::ServiceKind>> kindsOn(ProviderId provider, PersonId person,
                                                     std::int64_t day);

 private:
  using Subject = std::pair<ProviderId, std::uint64_t>;
  struct Kept {
    Subject subject;
    std::vector<CommissionedRow> rows;
  };
  Result<bool> isAnythingSaid(ProviderId provider);
  Result<const std::vector<CommissionedRow>*> rows(Kind kind, ProviderId provider,
                                                   std::uint64_t subject);
  // contract: none for no lots. seen: rows that were found are added; may be null.
  wire::RowContent contentOn(ProviderId provider, PersonId person, ContractId contract,
                             std::int64_t day, std::vector<CommissionedRow>* seen);

  sql::Database* database_;
  std::map<Kind, Kept> kept_;
  std::map<ProviderId, bool> said_;
};

}  // namespace doorstep::commissioning
