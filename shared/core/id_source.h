// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shared/core/clock.h"

namespace doorstep {

// The only source of randomness and of new ids. Thread: any for SystemIdSource, except newId.
class IdSource {
 public:
  virtual ~IdSource() = default;

  // Fills with cryptographically random bytes.
  virtual void fillRandom(std::span<std::uint8_t> bytes) = 0;

  // A new 63-bit id: 41 bits of milliseconds since 2020, 22 random bits. Each id is larger than the
  // one before. Growing keys append to the end of an index; the random part keeps two servers, and
  // a server restored from a backup, from making the same id. Thread: one at a time.
  std::uint64_t newId(const Clock& clock);

 private:
  std::uint64_t lastId_ = 0;
};

// The operating system's random source. newId: one thread at a time.
class SystemIdSource final : public IdSource {
 public:
  void fillRandom(std::span<std::uint8_t> bytes) override;
};

}  // namespace doorstep
