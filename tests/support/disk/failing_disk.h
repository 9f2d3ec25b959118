// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/disk/synced_disk.h"

namespace doorstep::support {

// Injects disk errors into everything in this process that changes files below one folder: our
// small files, std::filesystem and SQLite. The program defines open, write, fsync, rename and the
// like itself (failing_disk.cpp) and forwards to the C library's, so it works for any user,
// including root, and on any file system. Reads always work, unless a file's mode forbids them. One
// instance at a time. Thread: one.
class FailingDisk {
 public:
  explicit FailingDisk(std::string folder);
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  // Disk full from the k-th change that needs room on (0: the next one); an interrupted write is
  // half written. With `once`, only that change fails.
  void fullFrom(std::uint64_t change, bool once = false);
  // Full like a real file system: nothing grows, but existing bytes can be overwritten, and empty
  // files can be created and renamed.
  void setNothingGrows(bool full) { nothingGrows_ = full; }
  // Mounted read-only.
  void setReadOnly(bool readOnly) { readOnly_ = readOnly; }
  // Enforces the modes of files and folders, as for any user except root.
  void setModesCount(bool count) { modesCount_ = count; }
  // From the k-th change on nothing reaches the disk, and cutPower() reverts what was not synced by
  // then. All users of the folder must be gone before that.
  void powerEndsAt(std::uint64_t change);
  void cutPower(SyncedDisk::Lost lost);
  void recover();

  // Changes that needed room since the last fullFrom() or recover().
  std::uint64_t changes() const { return changes_; }
  // Whether anything was refused since then.
  bool refused() const { return refused_; }

  bool isFull() const { return nothingGrows_ || (armed_ && !once_ && changes_ > failFrom_); }

  // --- called by the functions that the program defines ---
  enum class Change { Make, Write, Sync, Shrink, Remove, Rename };
  static FailingDisk* watching(const std::string& path);
  // 0, or an errno.
  int ask(Change change, const std::string& path);
  // Number of bytes to write: all, a part, or -1 for none with errno set.
  std::int64_t askWrite(int file, const std::string& path, std::int64_t offset, std::size_t bytes);
  int askOpen(const std::string& path, int flags);
  // Null: no power cut is planned.
  SyncedDisk* synced() { return synced_ ? &*synced_ : nullptr; }

 private:
  int refuse(int error);
  int spend();  // for changes that need room

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
