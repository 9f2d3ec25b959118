// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace doorstep::bench {

// What the same bytes cost without any of the work: entries a second, a flush for each commit.
struct FloorLoad {
  std::size_t entries = 0;
  std::size_t entryBytes = 0;
  std::size_t entriesPerCommit = 1;
};

// Rows of the entry table's shape into SQLite with synchronous=FULL: no index, no tree, no check.
double sqliteRowsPerSecond(const std::string& folder, const FloorLoad& load);
// Bytes at the end of a file with fdatasync.
double rawAppendsPerSecond(const std::string& folder, const FloorLoad& load);

}  // namespace doorstep::bench
