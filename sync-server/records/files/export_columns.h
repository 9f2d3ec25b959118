// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace doorstep::records {

// The one list of columns of each table that is exported: what CSV, JSON Lines and the files'
// description (datapackage.h) are written from. docs/measures.md says what they mean.

enum class FieldType {
  Text,     // written by people: in CSV guarded against formulas (export_row.h)
  Code,     // of a fixed form: names of values, pseudonyms
  Time,     // UTC, RFC 3339 with milliseconds
  Day,      // 2026-11-23
  Whole,    // a whole number, below zero too
  Decimal,  // with three decimals
  Flag,     // true or false
};

struct ExportColumn {
  std::string_view name;
  FieldType type = FieldType::Text;
  bool required = false;  // never empty
  std::span<const std::string_view> values =
      {};  // of a Code: all that there are; "": it may be empty
};

// Of visits.csv and visits.jsonl, schema 2, in order.
std::span<const ExportColumn> visitColumns();
// Of packages.csv, in order.
std::span<const ExportColumn> packageColumns();

}  // namespace doorstep::records
