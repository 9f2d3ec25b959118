// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/visits/measure_files/json_value.h"
#include "shared/visits/measures/rules.h"

namespace doorstep::measure_files {

// Reads rules.json, schema doorstep-rules/1. Keys that are not asked for are for readers; within
// params every key is a parameter. Error: FILE_FAULT.
Result<measures::RuleBook> readRules(const TextFile& file);

// The parameters of one version.
Result<measures::Rules> readParameters(const TextFile& file, const JsonValue& params);

}  // namespace doorstep::measure_files
