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
#include "sync-server/commissioning/row_store.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::commissioning {

// What was commissioned for a person on a day: the columns of visits.csv that the council orders
// (docs/measures.md). Tier and funders are the person's terms (roster/person_terms.h).
struct OrderedTerms {
  bool hasPackage = false;  // else only tier and funders are known
  std::string patch;
  measures::Rurality rurality = measures::Rurality::Unstated;
  std::string tier;
  measures::ServiceKind serviceKind = measures::ServiceKind::Day;
  measures::CareModel model = measures::CareModel::Unstated;
  measures::Purchase purchase = measures::Purchase::Unstated;
  measures::ArrangedBy arrangedBy = measures::ArrangedBy::Council;
  std::string funderSplit;  // "name=share;...", empty: not said
  measures::Suspension suspension = measures::Suspension::No;
  bool shortVisitAgreed = false;
  measures::ShortVisitBasis shortVisitBasis = measures::ShortVisitBasis::Unstated;
  std::int64_t weekMinutes = 0;
};

// Which of a person's packages is asked about. Neither given: the one that names no services, or
// the first in the order of measures::kServiceKinds.
struct PackageChoice {
  std::optional<measures::ServiceKind> kind;
  std::string_view service;  // of the visit's plan, "s14" or "s14+s5"; empty: not known
};

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
  Result<measures::Rurality> ruralityOf(ProviderId provider, ContractId contract,
                                        const std::string& lot, const std::string& patch,
                                        std::int64_t day);
  Result<measures::Suspension> suspensionOn(ProviderId provider, PersonId person,
                                            std::string_view serviceKind, std::int64_t day);

  sql::Database* database_;
  std::map<Kind, Kept> kept_;
  std::map<ProviderId, bool> said_;
};

// A word's place in its list, or the first value's when it is in none.
measures::ServiceKind serviceKindNamed(std::string_view word);

}  // namespace doorstep::commissioning
