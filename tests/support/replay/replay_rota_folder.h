// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::replay {

enum class Tap { CheckIn, CheckOut };

// One recording of a carer's phone: the truth that the server's answers are compared with.
struct PlannedTap {
  std::string carerRef;
  std::string visitRef;
  Tap tap = Tap::CheckIn;
  std::int64_t unixMs = 0;
};

// A folder with people.csv, carers.csv, visits.csv and actuals.csv, as far as a replay needs it;
// the server itself reads and checks the first three.
struct RotaFolder {
  std::vector<std::string> carerRefs;
  // By time; a check-in before a check-out at the same time.
  std::vector<PlannedTap> taps;
  // Range of all windows and taps; the plan must be in the phones' future.
  std::int64_t firstUnixMs = 0;
  std::int64_t lastUnixMs = 0;
  std::vector<std::string> warnings;  // rows of actuals.csv that cannot be recorded, one line each
};

// Errors: ROTA_FILE_MISSING, ROTA_FAULTS with one line per fault (file, line, column, fault).
Result<RotaFolder> readRotaFolder(const std::filesystem::path& folder);

}  // namespace doorstep::replay
