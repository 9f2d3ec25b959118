// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::journal {

// The highest numbers that a journal has given, in a small file beside it. SQLite takes a journal
// whose write-ahead log was lost, cut short or replaced for an older one that is whole; its numbers
// would be given again to other facts. The head is written after each commit, so it is never ahead
// of the journal: a journal that is behind its head went back and is damaged.
//
// Written over in place, without waiting for the disk: right after a process that was killed, and
// after a power cut perhaps older than the journal, which says less and nothing wrong. sync() is
// called when an entry was signed, because what is signed may leave the phone. A file that is
// missing, of another device or no head says nothing; one that cannot be written is let be.
// Thread: the journal's worker.
class JournalHead {
 public:
  struct Numbers {
    DeviceId device;
    std::uint64_t lastEvent = 0;
    std::uint64_t lastEntry = 0;
    bool operator==(const Numbers&) const = default;
  };

  // Empty: no file, for a journal on a VFS of its own.
  explicit JournalHead(std::string path) : path_(std::move(path)) {}
  ~JournalHead();
  JournalHead(const JournalHead&) = delete;
  JournalHead& operator=(const JournalHead&) = delete;

  std::optional<Numbers> read() const;
  void write(const Numbers& numbers);
  void sync() const;

 private:
  const std::string path_;
  int file_ = -1;
};

// Beside journal.db.
inline constexpr std::string_view kHeadEnding = "-head";

}  // namespace doorstep::journal
