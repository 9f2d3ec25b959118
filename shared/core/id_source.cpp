// SPDX-License-Identifier: Apache-2.0
#include "shared/core/id_source.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>

#include "shared/core/check.h"

namespace doorstep {

std::uint64_t IdSource::newId(const Clock& clock) {
  constexpr std::int64_t k2020UnixMs = 1'577'836'800'000;
  constexpr int kRandomBits = 22;
  std::uint8_t random[4];
  fillRandom(random);
  const std::uint64_t low =
      (random[0] | random[1] << 8 | random[2] << 16) & ((1U << kRandomBits) - 1);
  // A wall clock before 2020 counts as 2020.
  const auto elapsedMs =
      static_cast<std::uint64_t>(std::max(k2020UnixMs, clock.wallUnixMs()) - k2020UnixMs);
  const std::uint64_t fresh = ((elapsedMs << kRandomBits) | low) & 0x7FFF'FFFF'FFFF'FFFFULL;
  lastId_ = std::max(lastId_ + 1, fresh);
  return lastId_;
}

void SystemIdSource::fillRandom(std::span<std::uint8_t> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
    if (got < 0 && errno == EINTR)
      continue;
    DOORSTEP_CHECK(got > 0);  // without randomness nothing can be sealed or signed
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace doorstep
