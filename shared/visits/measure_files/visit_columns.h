// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>

#include "shared/visits/measure_files/column_value.h"

namespace doorstep::measure_files {

// A plan as a row gives it: all of its times or none.
struct PlanTimes {
  std::optional<std::int64_t> startMs;
  std::optional<std::int64_t> latestStartMs;
  std::optional<std::int64_t> endMs;
};

// A row while it is read.
struct RowDraft {
  measures::VisitFacts visit;
  measures::SlotFacts slot;
  PlanTimes commissioned;
  PlanTimes locked;
  PlanTimes final;
  std::int64_t carerSlot = 0;
  std::int64_t carersRequired = 0;
  std::optional<std::int64_t> exportedMs;
};

struct VisitColumn {
  ColumnSpec spec;
  bool ofVisit = false;  // equal on all rows of a visit
  // nullptr: the value is checked and not used.
  void (*set)(RowDraft& draft, const ColumnValue& value) = nullptr;
};

// The columns of visits.csv, schema 2, in the order in which they are written.
std::span<const VisitColumn> visitColumns();

// Index into visitColumns(). The column must be there.
std::size_t visitColumn(std::string_view name);

}  // namespace doorstep::measure_files
