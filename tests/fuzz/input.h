// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::fuzz {

// The bytes of one fuzz input, split into a target's arguments.
class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size)
      : rest_(reinterpret_cast<const char*>(bytes), size) {}

  // The next eight bytes as a number; zeros after the end.
  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::size_t taken = rest_.size() < sizeof value ? rest_.size() : sizeof value;
    std::memcpy(&value, rest_.data(), taken);
    rest_.remove_prefix(taken);
    return value;
  }
  std::int64_t signedNumber() { return static_cast<std::int64_t>(number()); }
  std::string_view rest() const { return rest_; }
  // The rest, split at each byte 0x1E (ASCII record separator) into `count` parts; missing parts
  // are empty.
  std::vector<std::string> parts(std::size_t count) const {
    std::vector<std::string> parts;
    std::string_view left = rest_;
    while (parts.size() + 1 < count && left.find('\x1E') != std::string_view::npos) {
      parts.emplace_back(left.substr(0, left.find('\x1E')));
      left.remove_prefix(parts.back().size() + 1);
    }
    parts.emplace_back(left);
    parts.resize(count);
    return parts;
  }

 private:
  std::string_view rest_;
};

// Asserts a property of every input. Ends the process, with or without a sanitizer.
inline void require(bool holds) {
  if (!holds)
    __builtin_trap();
}

}  // namespace doorstep::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);
