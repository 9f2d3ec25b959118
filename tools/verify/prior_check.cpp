// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/prior_check.h"

#include <algorithm>

namespace doorstep::verify {

std::string PriorCheck::keyOf(const RecordRows& row) {
  std::string key;
  for (const char* column : {"provider", "contract_id", "person_pseudonym", "carer_pseudonym"})
    key += std::string(row.text(column)) + "\n";
  return key;
}

void PriorCheck::learn(const RecordRows& row) {
  const auto start = row.time("ruled_start_utc");
  if (start && !row.text("carer_pseudonym").empty())
    starts_[keyOf(row)].emplace(*start, row.text("visit_id"));
}

std::optional<std::int64_t> PriorCheck::latestBefore(const RecordRows& row,
                                                     std::int64_t start) const {
  const auto found = starts_.find(keyOf(row));
  if (found == starts_.end())
    return std::nullopt;
  for (auto at = found->second.lower_bound({start, ""}); at != found->second.begin();) {
    --at;
    if (at->second != row.text("visit_id"))
      return at->first;
  }
  return std::nullopt;
}

bool PriorCheck::check(const VisitCase& visit, RecordRows& row, Findings& findings) const {
  constexpr const char* kColumn = "prior_visit_utc";
  const auto start = row.time("ruled_start_utc");
  const auto claimed = row.time(kColumn);
  if (!start || row.text("carer_pseudonym").empty()) {
    row.expectTime(kColumn, std::nullopt, findings);
    return true;
  }
  std::optional<std::int64_t> follows = latestBefore(row, *start);
  const auto prior =
      std::find_if(visit.priors.begin(), visit.priors.end(),
                   [&](const PriorStart& each) { return each.slot == row.number("carer_slot"); });
  if (prior != visit.priors.end() && !prior->missing.empty()) {
    if (follows && (!claimed || *claimed < *follows))
      row.expectTime(kColumn, follows, findings);
    return false;
  }
  if (prior != visit.priors.end()) {
    const std::int64_t shown =
        claimed == prior->unboundedUnixMs ? prior->unboundedUnixMs : prior->boundedUnixMs;
    if (shown < *start)
      follows = std::max(follows.value_or(shown), shown);
  }
  row.expectTime(kColumn, follows, findings);
  return true;
}

}  // namespace doorstep::verify
