// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/disk/synced_disk.h"

namespace doorstep::support {

// What a disk refuses, for everything in this process that changes files below one folder: our own
// small files, std::filesystem and SQLite's. The program defines open, write, fsync, rename and
// their like itself (failing_disk.cpp) and passes them on to the C library's: so it works for any
// user, root too, and on any file system. Reading always works, unless a file's own mode forbids
// it. One at a time. Thread: one.
class FailingDisk {
 public:
  explicit FailingDisk(std::string folder);
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  // The disk is full from the k-th change that needs room on (0: the next one); a write that is cut
  // off is written in half. With `once` it has room again after that one.
  void fullFrom(std::uint64_t change, bool once = false);
  // As a real file system is full: nothing grows, but what is there can be written over, and files
  // without content can be made and renamed.
  void setNothingGrows(bool full) { nothingGrows_ = full; }
  // Mounted read-only.
  void setReadOnly(bool readOnly) { readOnly_ = readOnly; }
  // Modes of files and folders count, as they do for everybody but root.
  void setModesCount(bool count) { modesCount_ = count; }
  // From the k-th change on nothing reaches the disk, and cutPower() takes back what was not synced
  // by then. Whatever uses the folder has to be gone before that.
  void powerEndsAt(std::uint64_t change);
  void cutPower(SyncedDisk::Lost lost);
  void recover();

  // Changes that needed room since the last fullFrom() or recover().
  std::uint64_t changes() const { return changes_; }
  // Whether anything was refused since.
  bool refused() const { return refused_; }

  bool isFull() const { return nothingGrows_ || (armed_ && !once_ && changes_ > failFrom_); }

  // --- asked by the functions that the program defines ---
  enum class Change { Make, Write, Sync, Shrink, Remove, Rename };
  static FailingDisk* watching(const std::string& path);
  // 0, or an errno.
  int ask(Change change, const std::string& path);
  // How many of the bytes are written: all, a part, or -1 for none with errno set.
  std::int64_t askWrite(int file, const std::string& path, std::int64_t offset, std::size_t bytes);
  int askOpen(const std::string& path, int flags);
  // Null: no power cut is to come.
  SyncedDisk* synced() { return synced_ ? &*synced_ : nullptr; }

 private:
  int refuse(int error);
  int spend();  // of changes that need room

  const std::string folder_;
  bool nothingGrows_ = false;
  bool readOnly_ = false;
  bool modesCount_ = false;
  bool armed_ = false;
  bool once_ = false;
  std::uint64_t failFrom_ = 0;
  std::uint64_t changes_ = 0;
  bool refused_ = false;
  std::optional<SyncedDisk> synced_;
};

}  // namespace doorstep::support
