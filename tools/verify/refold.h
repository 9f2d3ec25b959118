// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/visits/attendance/attendance_record.h"
#include "tools/verify/entry_proofs.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// What a visit comes to by the entries that the bundle proves.
struct Refolded {
  // By carer's pseudonym. Times of class C are bounded by the entry whose checkpoint the phone
  // named, where it is in the bundle.
  std::map<std::string, attendance::AttendanceRecord> carers;
  // The same without that bound, which a server leaves out when it does not know the checkpoint.
  std::map<std::string, attendance::AttendanceRecord> unbounded;
  // Why not all of it is known. Empty: it is.
  std::string missing;
  bool broken = false;  // an entry that is listed is not proved: a finding was made

  std::vector<attendance::AttendanceRecord> records() const;
};

// Folds the entries about the visit, those that the evidence lists and any other that speaks of it.
// Pure but for the findings. Thread: any.
Refolded refold(const VisitCase& visit, const EntryProofs& entries, Findings& findings);

}  // namespace doorstep::verify
