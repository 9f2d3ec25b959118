// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace doorstep::records {

// What a measure of the table (measures/measure_table.h) is called and says, as the pages say it:
// a test compares with their catalogue of words. Pure. Thread: any.
struct MeasureDefinition {
  std::string_view id;
  std::string_view name;
  std::string_view says;
};

// By id; one for each measure of the table.
std::span<const MeasureDefinition> measureDefinitions();
// nullptr: there is none of this id.
const MeasureDefinition* findDefinition(std::string_view id);

}  // namespace doorstep::records
