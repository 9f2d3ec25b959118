// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/crypto/sealing.h"

namespace doorstep::monitoring {

// Page tokens that a caller can neither read meaning into nor make: where the list goes on, and a
// code over that and the request it belongs to. A token of another request, of another account, or
// altered, is refused instead of giving a page of something else. Thread: any.
class PageTokens {
 public:
  // key: the server's, the same in each of its lives, so that a token outlives a restart.
  explicit PageTokens(const crypto::SecretKey& key) : key_(key) {}

  // request: what must be the same in the next request.
  std::string write(std::string_view request, std::string_view place) const;
  // The place. Error INVALID_ARGUMENT (PAGE_TOKEN_INVALID).
  Result<std::string> read(std::string_view request, std::string_view token) const;

 private:
  std::string code(std::string_view request, std::string_view place) const;
  crypto::SecretKey key_;
};

}  // namespace doorstep::monitoring
