// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk/failing_disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <utility>

#include "shared/core/check.h"

namespace doorstep::support {
namespace {

FailingDisk* active = nullptr;

template <typename Function>
Function* realOf(const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  DOORSTEP_CHECK(found != nullptr);
  return found;
}

std::string pathOf(int file) {
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  return length < 0 ? std::string() : std::string(path, static_cast<std::size_t>(length));
}

std::string folderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool modeAllows(const std::string& path, mode_t bits) {
  struct stat found {};
  return ::stat(path.c_str(), &found) != 0 || (found.st_mode & bits) == bits;
}

int failWith(int error) {
  errno = error;
  return -1;
}

// 0, or -1 with errno: for calls on a path.
int refusal(FailingDisk::Change change, const char* path) {
  FailingDisk* const disk = FailingDisk::watching(path);
  const int error = disk == nullptr ? 0 : disk->ask(change, path);
  return error == 0 ? 0 : failWith(error);
}

int refusal(FailingDisk::Change change, int file) {
  return active == nullptr ? 0 : refusal(change, pathOf(file).c_str());
}

SyncedDisk* syncedDiskOf(const std::string& path) {
  FailingDisk* const disk = FailingDisk::watching(path);
  return disk == nullptr ? nullptr : disk->synced();
}

// A file that is watched survives a kill without it.
int synced(int file, int (*real)(int)) {
  std::string path = active == nullptr ? std::string() : pathOf(file);
  // The folder itself counts for a power cut only: its sync needs no room.
  if (FailingDisk::watching(path) == nullptr && syncedDiskOf(path + "/") != nullptr)
    path += "/";
  if (FailingDisk::watching(path) == nullptr)
    return real(file);
  const int refused = refusal(FailingDisk::Change::Sync, path.c_str());
  if (SyncedDisk* const disk = syncedDiskOf(path); disk != nullptr && refused == 0)
    disk->synced(path);
  return refused;
}

int shrunk(int file, off64_t size, int (*real)(int, off64_t)) {
  if (refusal(FailingDisk::Change::Shrink, file) != 0)
    return -1;
  const std::string path = active == nullptr ? std::string() : pathOf(file);
  if (SyncedDisk* const disk = syncedDiskOf(path); disk != nullptr)
    disk->contentChanges(path);
  return real(file, size);
}

int removedBy(const char* path, int (*real)(const char*)) {
  if (refusal(FailingDisk::Change::Remove, path) != 0)
    return -1;
  SyncedDisk* const disk = syncedDiskOf(path);
  const auto gone = disk == nullptr ? std::nullopt : disk->aboutToGo(path);
  const int result = real(path);
  if (result == 0 && gone)
    disk->removed(path, *gone);
  return result;
}

std::int64_t allowed(int file, std::int64_t offset, std::size_t bytes) {
  const std::string path = active == nullptr ? std::string() : pathOf(file);
  FailingDisk* const disk = FailingDisk::watching(path);
  if (disk == nullptr)
    return static_cast<std::int64_t>(bytes);
  const std::int64_t taken = disk->askWrite(file, path, offset, bytes);
  if (taken > 0 && disk->synced() != nullptr)
    disk->synced()->contentChanges(path);
  return taken;
}

template <typename Open>
int openWith(Open* real, const char* path, int flags, mode_t mode) {
  FailingDisk* const disk = FailingDisk::watching(path);
  const int error = disk == nullptr ? 0 : disk->askOpen(path, flags);
  if (error != 0)
    return failWith(error);
  SyncedDisk* const synced = disk == nullptr ? nullptr : disk->synced();
  const bool isThere = synced != nullptr && ::access(path, F_OK) == 0;
  if (isThere && (flags & O_TRUNC) != 0)
    synced->contentChanges(path);
  const int file = real(path, flags, mode);
  if (synced != nullptr && !isThere && file >= 0)
    synced->made(path);
  return file;
}

}  // namespace

FailingDisk::FailingDisk(std::string folder) : folder_(std::move(folder)) {
  DOORSTEP_CHECK(active == nullptr);
  active = this;
}
FailingDisk::~FailingDisk() { active = nullptr; }

FailingDisk* FailingDisk::watching(const std::string& path) {
  return active != nullptr && path.starts_with(active->folder_) ? active : nullptr;
}

void FailingDisk::fullFrom(std::uint64_t change, bool once) {
  recover();
  armed_ = true;
  once_ = once;
  failFrom_ = change;
}

void FailingDisk::powerEndsAt(std::uint64_t change) {
  fullFrom(change);
  synced_.emplace(folder_.substr(0, folder_.find_last_not_of('/') + 1));
}

void FailingDisk::cutPower(SyncedDisk::Lost lost) {
  active = nullptr;
  synced_->cut(lost);
  active = this;
  recover();
}

void FailingDisk::recover() {
  synced_.reset();
  nothingGrows_ = readOnly_ = armed_ = once_ = refused_ = false;
  changes_ = 0;
}

int FailingDisk::refuse(int error) {
  refused_ = true;
  return error;
}

int FailingDisk::spend() {
  const std::uint64_t change = changes_++;
  const bool full = armed_ && (once_ ? change == failFrom_ : change >= failFrom_);
  return full ? refuse(synced_ ? EIO : ENOSPC) : 0;
}

int FailingDisk::ask(Change change, const std::string& path) {
  if (readOnly_ && change != Change::Sync)
    return refuse(EROFS);
  const bool ofFolder =
      change == Change::Make || change == Change::Remove || change == Change::Rename;
  if (modesCount_ && ofFolder && !modeAllows(folderOf(path), S_IWUSR | S_IXUSR))
    return refuse(EACCES);
  const bool needsRoom = change != Change::Remove && change != Change::Shrink;
  return needsRoom || synced_ ? spend() : 0;
}

std::int64_t FailingDisk::askWrite(int file, const std::string& path, std::int64_t offset,
                                   std::size_t bytes) {
  struct stat found {};
  const std::int64_t size = ::fstat(file, &found) == 0 ? found.st_size : 0;
  if (nothingGrows_ && offset + static_cast<std::int64_t>(bytes) > size)
    return failWith(refuse(ENOSPC));
  const bool first = armed_ && !synced_ && changes_ == failFrom_;
  if (const int error = ask(Change::Write, path); error != 0)
    return first && bytes > 1 ? static_cast<std::int64_t>(bytes / 2) : failWith(error);
  return static_cast<std::int64_t>(bytes);
}

int FailingDisk::askOpen(const std::string& path, int flags) {
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
  const bool isThere = ::access(path.c_str(), F_OK) == 0;
  if (modesCount_ && isThere && !modeAllows(path, writes ? S_IRUSR | S_IWUSR : S_IRUSR))
    return refuse(EACCES);
  if (!writes)
    return 0;
  if (isThere)
    return readOnly_ ? refuse(EROFS) : 0;
  return (flags & O_CREAT) != 0 ? ask(Change::Make, path) : 0;
}

}  // namespace doorstep::support

// In front of the C library's, for this program and for the libraries that it loads.
#define DOORSTEP_IN_FRONT extern "C" __attribute__((visibility("default")))

using doorstep::support::FailingDisk;
using Change = FailingDisk::Change;
namespace of = doorstep::support;

DOORSTEP_IN_FRONT int open(const char* path, int flags, ...) {
  static auto* const real = of::realOf<int(const char*, int, ...)>("open");
  va_list more;
  va_start(more, flags);
  const auto mode = static_cast<mode_t>((flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0);
  va_end(more);
  return of::openWith(real, path, flags, mode);
}
DOORSTEP_IN_FRONT int open64(const char* path, int flags, ...) {
  static auto* const real = of::realOf<int(const char*, int, ...)>("open64");
  va_list more;
  va_start(more, flags);
  const auto mode = static_cast<mode_t>((flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0);
  va_end(more);
  return of::openWith(real, path, flags, mode);
}
DOORSTEP_IN_FRONT ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const real = of::realOf<ssize_t(int, const void*, size_t)>("write");
  if (of::active == nullptr)
    return real(file, bytes, count);
  const auto taken = of::allowed(file, ::lseek(file, 0, SEEK_CUR), count);
  return taken < 0 ? -1 : real(file, bytes, static_cast<size_t>(taken));
}
DOORSTEP_IN_FRONT ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  static auto* const real = of::realOf<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  const auto taken = of::allowed(file, offset, count);
  return taken < 0 ? -1 : real(file, bytes, static_cast<size_t>(taken), offset);
}
DOORSTEP_IN_FRONT ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static auto* const real = of::realOf<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  const auto taken = of::allowed(file, offset, count);
  return taken < 0 ? -1 : real(file, bytes, static_cast<size_t>(taken), offset);
}
DOORSTEP_IN_FRONT int fsync(int file) {
  static auto* const real = of::realOf<int(int)>("fsync");
  return of::synced(file, real);
}
DOORSTEP_IN_FRONT int fdatasync(int file) {
  static auto* const real = of::realOf<int(int)>("fdatasync");
  return of::synced(file, real);
}
DOORSTEP_IN_FRONT int ftruncate(int file, off_t size) noexcept {
  static auto* const real = of::realOf<int(int, off_t)>("ftruncate");
  return of::shrunk(file, size, real);
}
DOORSTEP_IN_FRONT int ftruncate64(int file, off64_t size) noexcept {
  static auto* const real = of::realOf<int(int, off64_t)>("ftruncate64");
  return of::shrunk(file, size, real);
}
DOORSTEP_IN_FRONT int rename(const char* from, const char* to) noexcept {
  static auto* const real = of::realOf<int(const char*, const char*)>("rename");
  if (of::refusal(Change::Remove, from) != 0 || of::refusal(Change::Rename, to) != 0)
    return -1;
  of::SyncedDisk* const disk = of::syncedDiskOf(to);
  const auto replaced = disk == nullptr ? std::nullopt : disk->aboutToGo(to);
  const int result = real(from, to);
  if (disk != nullptr && result == 0)
    disk->renamed(from, to, replaced);
  return result;
}
DOORSTEP_IN_FRONT int unlink(const char* path) noexcept {
  static auto* const real = of::realOf<int(const char*)>("unlink");
  return of::removedBy(path, real);
}
DOORSTEP_IN_FRONT int remove(const char* path) noexcept {
  static auto* const real = of::realOf<int(const char*)>("remove");
  return of::removedBy(path, real);
}
DOORSTEP_IN_FRONT int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = of::realOf<int(const char*, mode_t)>("mkdir");
  if (of::refusal(Change::Make, path) != 0)
    return -1;
  of::SyncedDisk* const disk = of::syncedDiskOf(path);
  const int result = real(path, mode);
  if (disk != nullptr && result == 0)
    disk->made(path);
  return result;
}
DOORSTEP_IN_FRONT int statvfs(const char* path, struct statvfs* found) noexcept {
  static auto* const real = of::realOf<int(const char*, struct statvfs*)>("statvfs");
  const int result = real(path, found);
  const FailingDisk* const disk = FailingDisk::watching(std::string(path) + "/");
  if (result == 0 && disk != nullptr && disk->isFull())
    found->f_bavail = 0;
  return result;
}
