// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "doorstep/admin/v1/page_token.pb.h"
#include "shared/core/result.h"
#include "shared/crypto/sealing.h"

namespace doorstep::rpc {

// Ours have at most 100 characters; a larger guard, because tokens come from outside.
inline constexpr std::size_t kPageTokenBytesMax = 512;

// Page tokens of all lists: the position to continue at, authenticated together with its list
// (admin.v1.PageToken). Opaque and unforgeable for callers. A token of another list or account, or
// an altered one, is refused rather than returning a page of something else. Thread: any.
class PageTokens {
 public:
  // key: the server's, unchanged by restarts, so that tokens stay valid.
  explicit PageTokens(const crypto::SecretKey& key) : key_(key) {}

  // list: what must be the same in the next request.
  std::string write(std::string_view list, const doorstep::admin::v1::PagePlace& place) const;
  // The position, of the expected kind (PagePlace::kId ...). Error INVALID_ARGUMENT
  // (PAGE_TOKEN_INVALID).
  Result<doorstep::admin::v1::PagePlace> read(std::string_view list, std::string_view token,
                                              doorstep::admin::v1::PagePlace::PlaceCase kind) const;

  // For lists that continue at an id. An empty token: 0.
  std::string writeId(std::string_view list, std::uint64_t id) const;
  Result<std::uint64_t> readId(std::string_view list, std::string_view token) const;

 private:
  std::string code(std::string_view list, std::string_view place) const;
  crypto::SecretKey key_;
};

}  // namespace doorstep::rpc
