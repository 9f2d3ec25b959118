// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::replay {

enum class Tap { CheckIn, CheckOut };

// One thing that a carer's phone records: the truth that the server's answer is held against.
struct PlannedTap {
  std::string carerRef;
  std::string visitRef;
  Tap tap = Tap::CheckIn;
  std::int64_t unixMs = 0;
};

// A folder with people.csv, carers.csv, visits.csv and actuals.csv, as far as a replay needs it:
// the server reads and judges the first three itself.
struct RotaFolder {
  std::vector<std::string> carerRefs;
  // In order of time; a check-in before a check-out of the same moment.
  std::vector<PlannedTap> taps;
  // Of all windows and taps; what is planned must lie ahead of the phones.
  std::int64_t firstUnixMs = 0;
  std::int64_t lastUnixMs = 0;
  std::vector<std::string> warnings;  // rows of actuals.csv that nobody can record, one line each
};

// Errors: ROTA_FILE_MISSING, ROTA_FAULTS with a line for each fault (file, line, column, what is
// wrong).
Result<RotaFolder> readRotaFolder(const std::filesystem::path& folder);

}  // namespace doorstep::replay
