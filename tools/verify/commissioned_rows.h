// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "shared/evidence/plan_root.h"
#include "shared/wire/ordered_package.h"
#include "tools/verify/bundle.h"
#include "tools/verify/decision_files.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// The rows of what is commissioned that a bundle proves. Memory: the rows. Thread: one.
class CommissionedRows {
 public:
  // A bundle of a release that had none has no such file. Error: a line that is no row, with its
  // place.
  static Result<CommissionedRows> read(const Bundle& bundle, DecisionFiles& decisions,
                                       Findings& findings);

  bool isInBundle() const { return isInBundle_; }
  std::size_t size() const { return size_; }
  // What the rows come to for a visit with a proved plan. lot: of the person on its day. Error:
  // COMMISSIONED_DAMAGED.
  Result<wire::OrderedPackage> of(const VisitCase& visit, const std::string& lot) const;

 private:
  // Provider, kind, subject, name.
  using Key = std::tuple<ProviderId, std::uint64_t, std::uint64_t, std::string>;

  // The row of that name that holds on the day. nullptr: none is shown.
  const evidence::CommissionedLeaf* on(const Key& key, std::int64_t day) const;

  bool isInBundle_ = false;
  std::size_t size_ = 0;
  std::map<Key, std::vector<evidence::CommissionedLeaf>> rows_;
};

}  // namespace doorstep::verify
