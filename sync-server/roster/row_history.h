// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "shared/sql/database.h"

namespace doorstep::roster {

// From which day a dated row holds, which plan version wrote it, and which put another in its
// place.
struct RowSpan {
  std::int64_t fromDay = 0;
  std::uint64_t made = 0;
  std::optional<std::int64_t> madeUnixMs;  // absent: not known
  std::optional<std::uint64_t> replaced;   // absent: in force
  std::optional<std::int64_t> replacedUnixMs;
};

// Of a SELECT with from_day and made_unix_ms, and from `version` on plan_version, replaced_version
// and the latter's made_unix_ms.
inline RowSpan readSpan(const sql::Statement& row, int fromDay, int made, int version) {
  RowSpan span{row.columnInt(fromDay), row.columnId(version), {}, {}, {}};
  if (!row.columnIsNull(made))
    span.madeUnixMs = row.columnInt(made);
  if (!row.columnIsNull(version + 1))
    span.replaced = row.columnId(version + 1);
  if (!row.columnIsNull(version + 2))
    span.replacedUnixMs = row.columnInt(version + 2);
  return span;
}

// What held for one day before what holds now, out of all rows that begin no later than the day:
// as of each plan version the row with the latest day. Thread: a value.
template <class Row>
class RowHistory {
 public:
  struct Past {
    Row row;
    std::optional<std::int64_t> sinceUnixMs, untilUnixMs;
  };

  void add(Row row, const RowSpan& span) {
    rows_.push_back({std::move(row), span});
    versions_[span.made] = span.madeUnixMs;
    if (span.replaced)
      versions_[*span.replaced] = span.replacedUnixMs;
  }

  // Oldest first.
  std::vector<Past> past() const {
    std::vector<Past> found;
    const Dated* held = nullptr;
    std::optional<std::int64_t> since;
    for (const auto& [version, madeUnixMs] : versions_) {
      const Dated* holds = at(version);
      if (holds == held)
        continue;
      if (held != nullptr)
        found.push_back({held->row, since, madeUnixMs});
      held = holds;
      since = madeUnixMs;
    }
    return found;
  }

 private:
  struct Dated {
    Row row;
    RowSpan span;
  };
  const Dated* at(std::uint64_t version) const {
    const Dated* found = nullptr;
    for (const Dated& each : rows_) {
      if (each.span.made > version || (each.span.replaced && *each.span.replaced <= version))
        continue;
      if (found == nullptr || each.span.fromDay >= found->span.fromDay)
        found = &each;
    }
    return found;
  }

  std::vector<Dated> rows_;
  std::map<std::uint64_t, std::optional<std::int64_t>> versions_;
};

}  // namespace doorstep::roster
