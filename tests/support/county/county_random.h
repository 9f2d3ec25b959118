// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace doorstep::county {

// Random numbers that are the same on every machine (splitmix64), unlike the standard library's
// distributions. Thread: one.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  // Inclusive bounds.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool percent(std::uint64_t share) { return below(100) < share; }
  // An index drawn by weights that add up to 100.
  std::size_t weighted(std::initializer_list<std::uint64_t> percents) {
    std::uint64_t left = below(100);
    std::size_t index = 0;
    for (const std::uint64_t percent : percents) {
      if (left < percent)
        return index;
      left -= percent;
      ++index;
    }
    return percents.size() - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace doorstep::county
