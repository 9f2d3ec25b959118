// SPDX-License-Identifier: Apache-2.0
#include "shared/core/shared_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace doorstep {

// A sequence lock: sequence is odd during a write. Each field is atomic, so a torn read is
// discarded and never undefined. The magic number is written last in a new file.
struct SharedClock::Mapped {
  std::atomic<std::uint64_t> magic;
  std::atomic<std::uint64_t> sequence;
  std::atomic<std::int64_t> baseWallUnixMs;
  std::atomic<std::int64_t> baseMonotonicMs;
  std::atomic<std::int64_t> ratePpm;
  std::atomic<std::int64_t> bootWallUnixMs;
  std::atomic<std::uint64_t> boot;
};

namespace {

constexpr std::uint64_t kMagic = 0x314B434C43545344;  // "DSTCLCK1"
constexpr std::int64_t kPpm = 1'000'000;
constexpr std::int64_t kBootBeforeMs = 3'600'000;
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t monotonicMs() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

std::int64_t wallOf(const SharedTime& time) {
  return time.baseWallUnixMs + (monotonicMs() - time.baseMonotonicMs) * time.ratePpm / kPpm;
}

Error fileError(const char* what) {
  return {ErrorCode::Unavailable, "CLOCK_FILE", std::string(what) + ": " + std::strerror(errno)};
}

Result<void*> mapFile(const std::string& path, bool writable, std::size_t size) {
  const int descriptor =
      ::open(path.c_str(), (writable ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return fileError("open");
  struct stat status {};
  const auto length = static_cast<off_t>(size);
  bool sized = ::fstat(descriptor, &status) == 0;
  if (sized && status.st_size < length)
    sized = writable && ::ftruncate(descriptor, length) == 0;
  void* mapped = MAP_FAILED;
  if (sized)
    mapped =
        ::mmap(nullptr, size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (mapped == MAP_FAILED)
    return fileError("map");
  return mapped;
}

}  // namespace

Result<std::unique_ptr<SharedClock>> SharedClock::open(const std::string& path) {
  DOORSTEP_ASSIGN(void* const memory, mapFile(path, false, sizeof(Mapped)));
  const auto* mapped = static_cast<const Mapped*>(memory);
  if (mapped->magic.load(std::memory_order_acquire) != kMagic) {
    ::munmap(memory, sizeof(Mapped));
    return Error{ErrorCode::FailedPrecondition, "CLOCK_FILE", "not a clock file"};
  }
  return std::unique_ptr<SharedClock>(new SharedClock(mapped));
}

SharedClock::~SharedClock() { ::munmap(const_cast<Mapped*>(mapped_), sizeof(Mapped)); }

SharedTime SharedClock::read() const {
  for (;;) {
    const std::uint64_t before = mapped_->sequence.load(std::memory_order_acquire);
    const SharedTime time{
        mapped_->baseWallUnixMs.load(std::memory_order_relaxed),
        mapped_->baseMonotonicMs.load(std::memory_order_relaxed),
        mapped_->ratePpm.load(std::memory_order_relaxed),
        mapped_->bootWallUnixMs.load(std::memory_order_relaxed),
        static_cast<std::uint32_t>(mapped_->boot.load(std::memory_order_relaxed))};
    std::atomic_thread_fence(std::memory_order_acquire);
    if (before % 2 == 0 && mapped_->sequence.load(std::memory_order_relaxed) == before)
      return time;
  }
}

std::int64_t SharedClock::wallUnixMs() const { return wallOf(read()); }

std::uint64_t SharedClock::bootMs() const {
  const SharedTime time = read();
  return static_cast<std::uint64_t>(wallOf(time) - time.bootWallUnixMs);
}

std::uint32_t SharedClock::boot() const { return read().boot; }

Status setSharedClock(const std::string& path, std::int64_t wallUnixMs, std::int64_t ratePpm) {
  using Mapped = SharedClock::Mapped;
  DOORSTEP_ASSIGN(void* const memory, mapFile(path, true, sizeof(Mapped)));
  auto* mapped = static_cast<Mapped*>(memory);
  const bool isNew = mapped->magic.load(std::memory_order_acquire) != kMagic;
  SharedTime time{wallUnixMs, monotonicMs(), ratePpm, wallUnixMs - kBootBeforeMs, 1};
  if (!isNew) {
    const SharedTime before{mapped->baseWallUnixMs, mapped->baseMonotonicMs, mapped->ratePpm,
                            mapped->bootWallUnixMs,
                            static_cast<std::uint32_t>(mapped->boot.load())};
    if (wallUnixMs < wallOf(before)) {
      ::munmap(memory, sizeof(Mapped));
      return Error{ErrorCode::InvalidArgument, "CLOCK_BACKWARDS", "the clock shows a later time"};
    }
    time.bootWallUnixMs = before.bootWallUnixMs;
    time.boot = before.boot;
  }
  mapped->sequence.fetch_add(1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  mapped->baseWallUnixMs.store(time.baseWallUnixMs, std::memory_order_relaxed);
  mapped->baseMonotonicMs.store(time.baseMonotonicMs, std::memory_order_relaxed);
  mapped->ratePpm.store(time.ratePpm, std::memory_order_relaxed);
  mapped->bootWallUnixMs.store(time.bootWallUnixMs, std::memory_order_relaxed);
  mapped->boot.store(time.boot, std::memory_order_relaxed);
  mapped->sequence.fetch_add(1, std::memory_order_release);
  mapped->magic.store(kMagic, std::memory_order_release);
  ::munmap(memory, sizeof(Mapped));
  return kDone;
}

}  // namespace doorstep
