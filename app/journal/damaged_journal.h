// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "shared/core/result.h"

namespace doorstep::journal {

// Handling of a journal that cannot be opened (JOURNAL_DAMAGED). An unknown part of its numbers
// may have reached the office, so continuing could give one number to two facts. The chain ends
// and the phone becomes a new device with a separate numbering. Nothing is deleted: the files are
// moved aside unchanged, and every row that can be read is copied, still sealed, to a journal file
// that a tool can open.

struct SetAside {
  std::string folder;        // holds journal.db as it was, with -wal, -shm and -head
  std::string rescueFile;    // journal of the rows that could be read
  std::uint64_t events = 0;  // in the rescue file
  std::uint64_t entries = 0;
};

// Moves `<folder>/journal.db`, the files beside it and then the files named in `also` to
// `<folder>/set-aside-<nowUnixMs>/`, and copies the readable rows. The files are collected in
// kUnfinishedFolder, which is then renamed: a folder still under that name was interrupted or ran
// out of room, and the next call completes it. Until then no journal may be created in the folder.
// The database file is moved first, so that it is never mistaken for whole without its write-ahead
// log. Errors: those of writeError.
Result<SetAside> setAside(const std::string& folder, std::int64_t nowUnixMs,
                          std::span<const char* const> also = {});

inline constexpr const char* kUnfinishedFolder = "set-aside-unfinished";

}  // namespace doorstep::journal
