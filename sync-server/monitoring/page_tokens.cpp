// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/page_tokens.h"

#include "shared/core/bytes.h"

namespace doorstep::monitoring {
namespace {

constexpr std::size_t kCodeBytes = 16;

}  // namespace

std::string PageTokens::write(std::string_view request, std::string_view place) const {
  return toBase64(code(request, place) + std::string(place));
}

Result<std::string> PageTokens::read(std::string_view request, std::string_view token) const {
  const Error invalid{ErrorCode::InvalidArgument, "PAGE_TOKEN_INVALID",
                      "not a token of this request"};
  const auto bytes = fromBase64(token);
  if (!bytes.ok() || bytes->size() < kCodeBytes)
    return invalid;
  const std::string place = bytes->substr(kCodeBytes);
  if (!crypto::equalSecrets(bytes->substr(0, kCodeBytes), code(request, place)))
    return invalid;
  return place;
}

// deriveKey is a keyed pseudo-random function over length-prefixed parts: nothing shifts between
// them.
std::string PageTokens::code(std::string_view request, std::string_view place) const {
  const std::string_view key(reinterpret_cast<const char*>(key_.data()), key_.size());
  const crypto::SecretKey code = crypto::deriveKey({key, request, place}, "doorstep/page-token/v1");
  return std::string(reinterpret_cast<const char*>(code.data()), kCodeBytes);
}

}  // namespace doorstep::monitoring
