// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"

namespace doorstep::journal {

// What to do with a journal that cannot be opened (JOURNAL_DAMAGED). Its numbers were given and may
// have reached the office, and nobody can tell any more which: going on with them could give one
// number to two facts. So the chain ends here; the phone becomes a new device with numbers of its
// own. Nothing is deleted: the files move aside as they are, and every row that can still be read
// is copied, still sealed, into a file of the same shape that a tool can open.

struct SetAside {
  std::string folder;        // holds journal.db as it was, with -wal and -shm
  std::string rescueFile;    // journal of the rows that could be read
  std::uint64_t events = 0;  // in the rescue file
  std::uint64_t entries = 0;
};

// Moves `<folder>/journal.db` to `<folder>/set-aside-<nowUnixMs>/` and reads what is readable.
// Errors: FILE_MOVE; then everything is where it was. Crash in between: the files are in one place
// or the other, and a second call begins again with what is left.
Result<SetAside> setAside(const std::string& folder, std::int64_t nowUnixMs);

}  // namespace doorstep::journal
