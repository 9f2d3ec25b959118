// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/draw.h"

namespace doorstep::simulation {

// A machine's disk in memory, as a SQLite VFS with power cuts: writes since a file's last sync may
// survive completely, partly or not at all, in any combination; synced writes survive. It can cut
// the power at the k-th write or sync from now on: then every operation fails, as on a machine that
// is off, until recover().
//
// One disk serves all connections of one simulated machine; close them before recover() or
// replace(). WAL's shared memory exists while a file is open. Thread: one.
class CrashDisk {
 public:
  // Registers a VFS with the name vfs(), until destruction.
  explicit CrashDisk(std::uint64_t seed);
  ~CrashDisk();
  CrashDisk(const CrashDisk&) = delete;
  CrashDisk& operator=(const CrashDisk&) = delete;

  const std::string& vfs() const { return name_; }

  void cutPowerAfter(std::uint64_t operations) { operationsLeft_ = operations; }
  void cutPowerNow() { off_ = true; }
  bool isOff() const { return off_; }
  // Restores power: decides for each unsynced write whether it survived.
  void recover();

  // Reports syncs without doing them: a fault that every check of durability must detect.
  void lieAboutSyncs(bool lie) { lies_ = lie; }

  // While full no file can grow (SQLITE_FULL); restoring power resets it.
  void setFull(bool full) { full_ = full; }

  // Present content of the files, as in a backup between two commits.
  using Image = std::map<std::string, std::string>;
  Image image() const;
  void replace(const Image& image);

  bool holds(const std::string& path) const { return files_.contains(path); }

  // Damage by the storage to a file of a machine that is not running.
  enum class Damage { Removed, Emptied, CutShort, HeaderLost, Scribbled, Count };
  // Removing or emptying a file also removes its write-ahead log.
  void damage(const std::string& path, Damage damage);

  std::uint64_t tornWrites() const { return tornWrites_; }
  std::uint64_t droppedWrites() const { return droppedWrites_; }

 private:
  struct Write {
    std::uint64_t offset = 0;
    std::string bytes;
    bool truncates = false;  // to offset
  };
  struct File {
    std::string synced;
    std::string now;
    std::vector<Write> unsynced;
    std::vector<std::unique_ptr<char[]>> shared;  // WAL index
  };
  struct Handle;  // sqlite3_file with its File

  static const sqlite3_io_methods* methods();
  static CrashDisk& diskOf(sqlite3_vfs* vfs);
  bool spend();
  static void applyTo(std::string& content, const Write& write);
  void settle(File& file);

  static int open(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);
  static int remove(sqlite3_vfs*, const char*, int);
  static int access(sqlite3_vfs*, const char*, int, int*);
  static int fullPathname(sqlite3_vfs*, const char*, int, char*);
  static int randomness(sqlite3_vfs*, int, char*);
  static int read(sqlite3_file*, void*, int, sqlite3_int64);
  static int write(sqlite3_file*, const void*, int, sqlite3_int64);
  static int truncate(sqlite3_file*, sqlite3_int64);
  static int sync(sqlite3_file*, int);

  const std::string name_;
  sqlite3_vfs vfs_{};
  Draw draw_;
  std::map<std::string, File> files_;
  std::optional<std::uint64_t> operationsLeft_;
  bool off_ = false;
  bool lies_ = false;
  bool full_ = false;
  std::uint64_t tornWrites_ = 0;
  std::uint64_t droppedWrites_ = 0;
};

}  // namespace doorstep::simulation
