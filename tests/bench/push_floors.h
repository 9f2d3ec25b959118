// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace doorstep::bench {

// Lower bounds for the cost of the same bytes without any processing: entries per second, with a
// flush per commit.
struct FloorLoad {
  std::size_t entries = 0;
  std::size_t entryBytes = 0;
  std::size_t entriesPerCommit = 1;
};

// Inserts rows like the entry table's into SQLite with synchronous=FULL: no index, tree or check.
double sqliteRowsPerSecond(const std::string& folder, const FloorLoad& load);
// Appends to a file with fdatasync.
double rawAppendsPerSecond(const std::string& folder, const FloorLoad& load);

}  // namespace doorstep::bench
