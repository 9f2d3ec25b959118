// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::postgres {

// PostgreSQL types by pg_type OID, the same in every database.
constexpr Oid kUnknown = 0;
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kName = 19;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kFloat8 = 701;

// The rows of one statement, all in memory, with a size limit. Copied out of libpq's results one by
// one, since libpq takes 2 kB per row.
class Rows {
 public:
  explicit Rows(std::size_t bytesMax) : bytesMax_(bytesMax) {}

  // Adds the columns and rows of a result. Errors: SCHEMA_DAMAGED (DataLoss) for a column type that
  // no store reads, PG_TOOBIG (ResourceExhausted) above the limit; add nothing after an error.
  Status add(const PGresult* result);

  std::size_t count() const { return columns() == 0 ? 0 : cells_.size() / columns(); }
  std::size_t columns() const { return types_.size(); }
  Oid type(std::size_t column) const { return types_[column]; }
  bool isNull(std::size_t row, std::size_t column) const { return cell(row, column).length < 0; }
  // Empty for NULL.
  std::string_view bytes(std::size_t row, std::size_t column) const;

 private:
  struct Cell {
    std::size_t begin = 0;
    int length = 0;  // -1: NULL
  };
  const Cell& cell(std::size_t row, std::size_t column) const {
    return cells_[row * columns() + column];
  }

  std::size_t bytesMax_;
  std::vector<Oid> types_;
  std::vector<Cell> cells_;
  std::string bytes_;
};

}  // namespace doorstep::postgres
