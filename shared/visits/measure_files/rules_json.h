// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/visits/measures/rules.h"

namespace doorstep::measure_files {

// rules.json, schema doorstep-rules/1, as readRules reads it: every parameter of every version is
// written, so that the file does not depend on a reader's defaults. Keys in order, one line. Pure.
// Thread: any.
std::string rulesJson(const std::map<std::string, std::vector<measures::RuleVersion>>& contracts);

}  // namespace doorstep::measure_files
