// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "shared/core/result.h"

namespace doorstep::journal {

// What to do with a journal that cannot be opened (JOURNAL_DAMAGED). Its numbers were given and may
// have reached the office, and nobody can tell any more which: going on with them could give one
// number to two facts. So the chain ends here; the phone becomes a new device with numbers of its
// own. Nothing is deleted: the files move aside as they are, and every row that can still be read
// is copied, still sealed, into a file of the same shape that a tool can open.

struct SetAside {
  std::string folder;        // holds journal.db as it was, with -wal, -shm and -head
  std::string rescueFile;    // journal of the rows that could be read
  std::uint64_t events = 0;  // in the rescue file
  std::uint64_t entries = 0;
};

// Moves `<folder>/journal.db`, with what lies beside it, and then the files named in `also`, to
// `<folder>/set-aside-<nowUnixMs>/`, and reads what is readable. They are collected in
// kUnfinishedFolder, which then gets its name: one that is found under that name was cut off or had
// no room, and a second call goes on with it. Until then no journal may be made in the folder.
// The journal itself goes first, so that nobody takes one without its write-ahead log for whole.
// Errors: those of writeError.
Result<SetAside> setAside(const std::string& folder, std::int64_t nowUnixMs,
                          std::span<const char* const> also = {});

inline constexpr const char* kUnfinishedFolder = "set-aside-unfinished";

}  // namespace doorstep::journal
