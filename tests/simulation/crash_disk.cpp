// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/crash_disk.h"

#include <algorithm>
#include <cstring>

#include "shared/core/check.h"

namespace doorstep::simulation {
namespace {

// A write that tears does so between sectors, as SQLite assumes of every disk.
constexpr std::uint64_t kSectorBytes = 512;
constexpr std::uint32_t kKeptPermille = 400;
constexpr std::uint32_t kDroppedPermille = 400;  // the rest is torn

std::string nextName() {
  static std::uint64_t count = 0;
  return "doorstep-crash-disk-" + std::to_string(++count);
}

}  // namespace

struct CrashDisk::Handle {
  sqlite3_file base;  // SQLite's part comes first
  CrashDisk* disk;
  File* file;
};

CrashDisk& CrashDisk::diskOf(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }

CrashDisk::CrashDisk(std::uint64_t seed) : name_(nextName()), draw_(seed) {
  vfs_.iVersion = 2;
  vfs_.szOsFile = sizeof(Handle);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = &CrashDisk::open;
  vfs_.xDelete = &CrashDisk::remove;
  vfs_.xAccess = &CrashDisk::access;
  vfs_.xFullPathname = &CrashDisk::fullPathname;
  vfs_.xRandomness = &CrashDisk::randomness;
  vfs_.xSleep = [](sqlite3_vfs*, int us) { return us; };
  vfs_.xCurrentTime = [](sqlite3_vfs*, double* day) {
    *day = 2461000.5;
    return SQLITE_OK;
  };
  vfs_.xGetLastError = [](sqlite3_vfs*, int, char*) { return SQLITE_OK; };
  DOORSTEP_CHECK(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

CrashDisk::~CrashDisk() { sqlite3_vfs_unregister(&vfs_); }

// False: the power is off.
bool CrashDisk::spend() {
  if (operationsLeft_ && !off_) {
    if (*operationsLeft_ == 0) {
      off_ = true;
      operationsLeft_.reset();
    } else {
      --*operationsLeft_;
    }
  }
  return !off_;
}

void CrashDisk::applyTo(std::string& content, const Write& write) {
  if (write.truncates) {
    content.resize(static_cast<std::size_t>(write.offset), '\0');
    return;
  }
  const auto offset = static_cast<std::size_t>(write.offset);
  if (content.size() < offset)
    content.resize(offset, '\0');
  const std::size_t over = std::min(content.size() - offset, write.bytes.size());
  std::memcpy(content.data() + offset, write.bytes.data(), over);
  content.append(write.bytes, over);
}

void CrashDisk::settle(File& file) {
  file.now = file.synced;
  for (Write& write : file.unsynced) {
    if (draw_.chance(kKeptPermille)) {
      applyTo(file.now, write);
    } else if (draw_.below(1000 - kKeptPermille) < kDroppedPermille) {
      ++droppedWrites_;
    } else if (!write.truncates) {
      ++tornWrites_;
      const std::uint64_t firstSectors = kSectorBytes - write.offset % kSectorBytes;
      const std::uint64_t sectors = write.bytes.size() / kSectorBytes;
      const std::uint64_t kept = firstSectors + draw_.below(sectors + 1) * kSectorBytes;
      write.bytes.resize(
          static_cast<std::size_t>(std::min<std::uint64_t>(kept, write.bytes.size())));
      applyTo(file.now, write);
    }
  }
  file.unsynced.clear();
  file.synced = file.now;
  file.shared.clear();
}

void CrashDisk::recover() {
  for (auto& [path, file] : files_)
    settle(file);
  off_ = full_ = false;
  operationsLeft_.reset();
}

CrashDisk::Image CrashDisk::image() const {
  Image image;
  for (const auto& [path, file] : files_)
    image[path] = file.now;
  return image;
}

void CrashDisk::replace(const Image& image) {
  files_.clear();
  for (const auto& [path, content] : image)
    files_[path] = File{content, content, {}, {}};
  off_ = full_ = false;
  operationsLeft_.reset();
}

void CrashDisk::damage(const std::string& path, Damage damage) {
  const auto found = files_.find(path);
  if (found == files_.end())
    return;
  File& file = found->second;
  settle(file);
  std::string& bytes = file.now;
  switch (damage) {
    case Damage::Removed:
    case Damage::Emptied:
      files_.erase(path + "-wal");
      if (damage == Damage::Removed) {
        files_.erase(found);
        return;
      }
      bytes.clear();
      break;
    case Damage::CutShort:
      bytes.resize(bytes.size() / 2);
      break;
    case Damage::HeaderLost:
      std::fill_n(bytes.begin(), std::min<std::size_t>(bytes.size(), 100), '\0');
      break;
    case Damage::Scribbled:
      for (std::size_t at = 0; at < bytes.size(); at += 97)
        bytes[at] = static_cast<char>(draw_.next());
      break;
    case Damage::Count:
      break;
  }
  file.synced = bytes;
}

int CrashDisk::open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                    int* outFlags) {
  CrashDisk& disk = diskOf(vfs);
  file->pMethods = nullptr;
  if (disk.off_)
    return SQLITE_CANTOPEN;
  const std::string name = path == nullptr ? "temporary" : path;
  if (!disk.files_.contains(name) && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  auto* handle = reinterpret_cast<Handle*>(file);
  handle->disk = &disk;
  handle->file = &disk.files_[name];
  handle->base.pMethods = methods();
  if (outFlags != nullptr)
    *outFlags = flags;
  return SQLITE_OK;
}

int CrashDisk::remove(sqlite3_vfs* vfs, const char* path, int) {
  CrashDisk& disk = diskOf(vfs);
  if (!disk.spend())
    return SQLITE_IOERR_DELETE;
  return disk.files_.erase(path) == 0 ? SQLITE_IOERR_DELETE_NOENT : SQLITE_OK;
}

int CrashDisk::access(sqlite3_vfs* vfs, const char* path, int, int* result) {
  CrashDisk& disk = diskOf(vfs);
  const auto found = disk.files_.find(path);
  *result = found != disk.files_.end() && !found->second.now.empty();
  return disk.off_ ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int CrashDisk::fullPathname(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

int CrashDisk::randomness(sqlite3_vfs* vfs, int size, char* out) {
  for (int i = 0; i < size; ++i)
    out[i] = static_cast<char>(diskOf(vfs).draw_.next() >> 40);
  return size;
}

int CrashDisk::read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const auto* handle = reinterpret_cast<Handle*>(file);
  if (handle->disk->off_)
    return SQLITE_IOERR_READ;
  const std::string& content = handle->file->now;
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(offset), content.size());
  const auto length = std::min<std::size_t>(static_cast<std::size_t>(size), content.size() - begin);
  std::memcpy(out, content.data() + begin, length);
  if (length == static_cast<std::size_t>(size))
    return SQLITE_OK;
  std::memset(static_cast<char*>(out) + length, 0, static_cast<std::size_t>(size) - length);
  return SQLITE_IOERR_SHORT_READ;
}

int CrashDisk::write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const auto* handle = reinterpret_cast<Handle*>(file);
  if (!handle->disk->spend())
    return SQLITE_IOERR_WRITE;
  if (handle->disk->full_ && static_cast<std::uint64_t>(offset + size) > handle->file->now.size())
    return SQLITE_FULL;
  Write write{static_cast<std::uint64_t>(offset),
              {static_cast<const char*>(bytes), static_cast<std::size_t>(size)},
              false};
  applyTo(handle->file->now, write);
  handle->file->unsynced.push_back(std::move(write));
  return SQLITE_OK;
}

int CrashDisk::truncate(sqlite3_file* file, sqlite3_int64 size) {
  const auto* handle = reinterpret_cast<Handle*>(file);
  if (!handle->disk->spend())
    return SQLITE_IOERR_TRUNCATE;
  Write write{static_cast<std::uint64_t>(size), {}, true};
  applyTo(handle->file->now, write);
  handle->file->unsynced.push_back(std::move(write));
  return SQLITE_OK;
}

int CrashDisk::sync(sqlite3_file* file, int) {
  const auto* handle = reinterpret_cast<Handle*>(file);
  if (!handle->disk->spend())
    return SQLITE_IOERR_FSYNC;
  if (handle->disk->lies_)
    return SQLITE_OK;
  for (const Write& write : handle->file->unsynced)
    applyTo(handle->file->synced, write);
  handle->file->unsynced.clear();
  return SQLITE_OK;
}

const sqlite3_io_methods* CrashDisk::methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods made{};
    made.iVersion = 2;
    made.xClose = [](sqlite3_file*) { return SQLITE_OK; };
    made.xRead = &CrashDisk::read;
    made.xWrite = &CrashDisk::write;
    made.xTruncate = &CrashDisk::truncate;
    made.xSync = &CrashDisk::sync;
    made.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
      *size = static_cast<sqlite3_int64>(reinterpret_cast<Handle*>(file)->file->now.size());
      return SQLITE_OK;
    };
    // One connection a file: locks have nobody to keep out.
    made.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xCheckReservedLock = [](sqlite3_file*, int* result) {
      *result = 0;
      return SQLITE_OK;
    };
    made.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    made.xSectorSize = [](sqlite3_file*) { return static_cast<int>(kSectorBytes); };
    made.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
    made.xShmMap = [](sqlite3_file* file, int region, int size, int extend, void volatile** out) {
      auto& shared = reinterpret_cast<Handle*>(file)->file->shared;
      *out = nullptr;
      if (static_cast<std::size_t>(region) >= shared.size() && extend == 0)
        return SQLITE_OK;
      while (shared.size() <= static_cast<std::size_t>(region))
        shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
      *out = shared[static_cast<std::size_t>(region)].get();
      return SQLITE_OK;
    };
    made.xShmLock = [](sqlite3_file*, int, int, int) { return SQLITE_OK; };
    made.xShmBarrier = [](sqlite3_file*) {};
    made.xShmUnmap = [](sqlite3_file* file, int) {
      reinterpret_cast<Handle*>(file)->file->shared.clear();
      return SQLITE_OK;
    };
    return made;
  }();
  return &methods;
}

}  // namespace doorstep::simulation
