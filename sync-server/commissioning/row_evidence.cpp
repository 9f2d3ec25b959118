// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/row_evidence.h"

#include <algorithm>
#include <tuple>

namespace doorstep::commissioning {

void sortForRoot(std::vector<CommissionedRow>& rows) {
  std::sort(rows.begin(), rows.end(), [](const CommissionedRow& a, const CommissionedRow& b) {
    return std::tie(a.key, a.fromDay, a.version) < std::tie(b.key, b.fromDay, b.version);
  });
}

void RowsRoot::add(const CommissionedRow& row) {
  evidence::CommissionedLeaf leaf{static_cast<std::uint64_t>(row.key.kind),
                                  row.key.subject,
                                  row.key.name,
                                  row.fromDay,
                                  row.untilDay.value_or(0),
                                  row.version,
                                  0,
                                  row.reason,
                                  row.content};
  if (row.version == version_) {
    root_.add(hashes_.hashOf(leaf));
    ++written_;
  }
  if (row.replacedVersion != version_)
    return;
  leaf.replacedVersion = version_;
  root_.add(hashes_.hashOf(leaf));
}

}  // namespace doorstep::commissioning
