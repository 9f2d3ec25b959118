// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::crypto {

// SHA-256 of bytes that come one after another, such as a file's; sha256.h is for those at hand.
// Thread: one.
class RunningSha256 {
 public:
  RunningSha256();
  RunningSha256(RunningSha256&&) noexcept;
  RunningSha256& operator=(RunningSha256&&) noexcept;
  ~RunningSha256();

  void add(std::string_view bytes);
  // Once, as the last call.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace doorstep::crypto
