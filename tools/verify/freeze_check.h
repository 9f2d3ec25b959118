// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "shared/crypto/sha256.h"
#include "shared/visits/measures/civil_time.h"
#include "shared/visits/office_fact.h"
#include "tools/verify/bundle.h"
#include "tools/verify/decision_files.h"
#include "tools/verify/record_rows.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// Months that were closed, by the logs of their contract's providers: that each log only grew since
// then, that no freeze is missing among those shown, and whether the file's rows are the bytes that
// were frozen. What came later is an addendum and no fault. Memory: the freezes. Thread: one.
class FreezeCheck {
 public:
  // Error: a line that is no freeze, with its place.
  static Result<FreezeCheck> read(const Bundle& bundle, DecisionFiles& decisions,
                                  Findings& findings);

  // A row of the file, in its order. visit: its case; nullptr: it has none.
  void take(const VisitCase* visit, const RecordRows& row);
  // What is to be said of each month, in order. Once, after the rows.
  std::vector<std::string> about();

 private:
  struct Month {
    visits::OfficeFact fact;     // the newest freeze
    visits::MonthFrozen frozen;  // what it says
    bool isOpened = false;       // again
    bool isWhole = false;        // in the file
    measures::DayNumber firstDay = 0;
    measures::DayNumber endDay = 0;  // the day after the month, which the frozen file has too
    bool isBegun = false;
    crypto::Sha256 file;  // that would have been frozen
  };
  // By provider, contract and month: which freeze was shown last, and whether it was opened again.
  struct Shown {
    std::uint32_t freeze = 0;
    bool isOpened = false;
  };

  FreezeCheck() = default;
  Status readLine(const Bundle& bundle, DecisionFiles& decisions,
                  const doorstep::records::v1::BundledFreeze& line);
  Status addFreeze(const Bundle& bundle, Month month);

  std::map<std::tuple<ProviderId, ContractId, std::string>, Shown> shown_;
  std::map<std::pair<std::string, std::string>, Month> months_;  // by contract's ref and month
};

}  // namespace doorstep::verify
