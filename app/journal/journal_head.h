// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::journal {

// The highest numbers that a journal has used, in a small file beside it. Without its write-ahead
// log, or with a truncated or old one, SQLite opens an older state of the journal without error,
// and its newer numbers would be used again for other facts. The head is written after each commit,
// so it is never ahead of the journal: a journal behind its head is damaged.
//
// Overwritten in place without fsync: up to date after a killed process; after a power cut it may
// be older than the journal, which only weakens the check. sync() is called once an entry is
// signed, because from then on it may leave the phone. A file that is missing, invalid or of
// another device is ignored; write errors are ignored. Thread: the journal's worker.
class JournalHead {
 public:
  struct Numbers {
    DeviceId device;
    std::uint64_t lastEvent = 0;
    std::uint64_t lastEntry = 0;
    bool operator==(const Numbers&) const = default;
  };

  // Empty path: no file, for a journal on a special VFS.
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

// Suffix of the head's file, beside journal.db.
inline constexpr std::string_view kHeadEnding = "-head";

}  // namespace doorstep::journal
