// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shared/core/clock.h"

namespace doorstep {

// The only source of randomness and of new ids. Thread: any for SystemIdSource.
class IdSource {
 public:
  virtual ~IdSource() = default;

  // Fills with random bytes that nobody can guess.
  virtual void fillRandom(std::span<std::uint8_t> bytes) = 0;

  // A new 63-bit id that grows with time: 41 bits of milliseconds since 2020, 22 random bits. Keys
  // that grow keep an index's inserts at its end; the random part keeps two servers, and a server
  // restored from a backup, from giving one id twice. Strictly larger than the id before.
  std::uint64_t newId(const Clock& clock);

 private:
  std::uint64_t lastId_ = 0;
};

// The operating system's random source. newId is for one thread at a time.
class SystemIdSource final : public IdSource {
 public:
  void fillRandom(std::span<std::uint8_t> bytes) override;
};

}  // namespace doorstep
