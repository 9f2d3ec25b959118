// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measures/visit_facts.h"

namespace doorstep::measure_files {

// What a column's fields may be.
enum class ValueKind {
  Text,
  Time,     // UTC with milliseconds; empty: none
  Number,   // whole, from 0, at most 15 digits; empty: 0
  Flag,     // true, false; empty: false
  Choice,   // one of the names, of which one may be empty
  Day,      // 2026-03-29
  Days,     // with ; between; empty: none
  Funders,  // name=share;… ; empty: unstated=10000
  Goals,    // goal=score/baseline;… ; empty: none
};

struct ColumnSpec {
  std::string_view name;
  ValueKind kind = ValueKind::Text;
  std::span<const std::string_view> choices = {};
};

// A field as its column's kind reads it; the other members are left as they were.
struct ColumnValue {
  std::string_view text;
  std::optional<std::int64_t> time;
  std::int64_t number = 0;
  bool flag = false;
  int choice = 0;
  measures::DayNumber day = 0;
  std::vector<measures::DayNumber> days;
  std::vector<measures::FunderShare> funders;
  std::vector<measures::GoalScore> goals;
};

// Returns what is wrong with the field, or nothing.
std::optional<std::string> readColumnValue(const ColumnSpec& column, std::string_view text,
                                           ColumnValue& value);

// Digits only, at most 15.
std::optional<std::int64_t> parseWhole(std::string_view text);

}  // namespace doorstep::measure_files
