// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::crypto {

// SHA-256 of the concatenated parts. Thread: any; one reused context per thread.
Hash sha256(std::initializer_list<std::string_view> parts);
inline Hash sha256(std::string_view bytes) { return sha256({bytes}); }

// The same of bytes that come piece by piece. Thread: one.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void add(std::string_view bytes);
  // Once, at the end.
  Hash hash();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// HMAC-SHA-256 (RFC 2104) of the concatenated parts. Thread: as sha256.
Hash hmacSha256(std::string_view key, std::initializer_list<std::string_view> parts);

}  // namespace doorstep::crypto
