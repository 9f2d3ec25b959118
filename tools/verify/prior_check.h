// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tools/verify/record_rows.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// prior_visit_utc against the starts of the file's own rows and those that are shown besides. The
// file's rows are themselves held to their evidence. That there was no earlier visit is not proved.
// Memory: 100 bytes a row. Thread: one.
class PriorCheck {
 public:
  // A row of the file, in a reading before the one that checks.
  void learn(const RecordRows& row);
  // Returns false when the bundle does not prove it. visit: may be broken.
  bool check(const VisitCase& visit, RecordRows& row, Findings& findings) const;

 private:
  using Starts = std::set<std::pair<std::int64_t, std::string>>;  // and at which visit
  // By provider, contract, person and carer, as the file names them.
  static std::string keyOf(const RecordRows& row);
  std::optional<std::int64_t> latestBefore(const RecordRows& row, std::int64_t start) const;

  std::map<std::string, Starts> starts_;
};

}  // namespace doorstep::verify
