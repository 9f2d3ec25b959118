// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/visits/measure_files/text_file.h"
#include "shared/visits/measures/rules.h"
#include "tools/verify/record_rows.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// rules.json against what offices set. A version in it that no row was judged by is not proved by
// a bundle. Thread: one.
class RulesCheck {
 public:
  // Error: FILE_FAULT.
  static Result<RulesCheck> read(measure_files::TextFile file);

  // Whether the row's rules are those of its day in the file, and those that the office set.
  // Returns what is not proved; empty: all of it is.
  std::string check(const VisitCase& visit, RecordRows& row, Findings& findings);

 private:
  using Key = std::pair<std::string, std::int64_t>;  // contract and version
  struct Version {
    std::size_t offset = 0;  // in the file
    measures::DayNumber from = 0;
    measures::Rules rules;
  };

  const Version* find(const std::string& contract, std::int64_t number) const;
  std::int64_t numberOn(const std::string& contract, measures::DayNumber day) const;
  // Compares a version of the file once.
  bool isAsSet(const Key& key, const measures::Rules& rules, measures::DayNumber from,
               Findings& findings);

  measure_files::TextFile file_;
  std::map<Key, Version> versions_;
  std::map<Key, bool> compared_;
};

}  // namespace doorstep::verify
