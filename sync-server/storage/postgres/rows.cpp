// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace doorstep::postgres {
namespace {

constexpr std::array kRead{kBool, kBytea, kName, kInt8, kInt2, kInt4, kText, kFloat8};

}  // namespace

Status Rows::add(const PGresult* result) {
  if (types_.empty()) {
    for (int column = 0; column < PQnfields(result); ++column) {
      types_.push_back(PQftype(result, column));
      if (std::find(kRead.begin(), kRead.end(), types_.back()) == kRead.end())
        return Error{ErrorCode::DataLoss, "SCHEMA_DAMAGED",
                     fmt::format("column {} of a result has PostgreSQL's type {}, which no store "
                                 "reads",
                                 column + 1, types_.back())};
    }
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < PQnfields(result); ++column) {
      const bool isNull = PQgetisnull(result, row, column) == 1;
      const int length = isNull ? -1 : PQgetlength(result, row, column);
      cells_.push_back({bytes_.size(), length});
      if (length > 0)
        bytes_.append(PQgetvalue(result, row, column), static_cast<std::size_t>(length));
    }
    if (bytes_.size() + cells_.size() * sizeof(Cell) > bytesMax_)
      return Error{ErrorCode::ResourceExhausted, "PG_TOOBIG",
                   fmt::format("a statement's rows are more than {} bytes", bytesMax_)};
  }
  return kDone;
}

std::string_view Rows::bytes(std::size_t row, std::size_t column) const {
  const Cell& at = cell(row, column);
  return std::string_view(bytes_).substr(at.begin,
                                         at.length < 0 ? 0 : static_cast<std::size_t>(at.length));
}

}  // namespace doorstep::postgres
