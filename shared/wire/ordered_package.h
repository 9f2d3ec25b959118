// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "shared/visits/measures/visit_facts.h"
#include "shared/visits/office_fact.h"

namespace doorstep::wire {

// What was commissioned for a person on a day: the columns of visits.csv that the council orders
// (docs/measures.md), but for tier and funders, which are the person's terms.
struct OrderedPackage {
  bool hasPackage = false;  // else nothing is known
  std::string patch;
  measures::Rurality rurality = measures::Rurality::Unstated;
  measures::ServiceKind serviceKind = measures::ServiceKind::Day;
  measures::CareModel model = measures::CareModel::Unstated;
  measures::Purchase purchase = measures::Purchase::Unstated;
  measures::ArrangedBy arrangedBy = measures::ArrangedBy::Council;
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

// The content of the row that holds on the day, of the person (packages and pauses, named by
// service kind) or of the person's contract (lots). Valid until it is asked again. nullopt: there
// is none.
using RowContent = std::function<Result<std::optional<std::string_view>>(
    visits::CommissionedKind kind, std::string_view name)>;

// The one place where rows of what is commissioned become columns: for a server from its database,
// for whoever checks its records from proofs. lot: of the person on that day. Errors: content's;
// COMMISSIONED_DAMAGED for bytes that are no row. Thread: any.
Result<OrderedPackage> orderedPackage(const RowContent& content, const PackageChoice& choice,
                                      const std::string& lot);

// Service kinds with a package on the day, in the order of the list.
Result<std::vector<measures::ServiceKind>> orderedKinds(const RowContent& content);

// A word's place in its list, or the first value's when it is in none.
measures::ServiceKind serviceKindNamed(std::string_view word);

}  // namespace doorstep::wire
