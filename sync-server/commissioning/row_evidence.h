// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/evidence/plan_root.h"
#include "sync-server/commissioning/row_store.h"

namespace doorstep::commissioning {

// What facts of the office commit to of rows (roster.v1.CommissionedRows). Pure. Thread: a value.

// Rows in the order of the roots: by subject, name, first day and the version that made them.
void sortForRoot(std::vector<CommissionedRow>& rows);

// The root of one kind and version. Rows must come in the order of sortForRoot.
class RowsRoot {
 public:
  RowsRoot(std::string_view entrySalt, std::uint64_t version)
      : hashes_(entrySalt), version_(version) {}
  // What the version did with the row: nothing, wrote it, or put another in its place.
  void add(const CommissionedRow& row);
  std::uint32_t written() const { return written_; }
  bool empty() const { return root_.visits() == 0; }
  Hash root() const { return root_.root(); }

 private:
  evidence::CommissionedHashes hashes_;
  evidence::VisitsRoot root_;
  const std::uint64_t version_;
  std::uint32_t written_ = 0;
};

}  // namespace doorstep::commissioning
