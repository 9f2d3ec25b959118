// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/page_tokens.h"

#include "shared/core/bytes.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::admin::v1;

constexpr std::size_t kCodeBytes = 16;

}  // namespace

std::string PageTokens::write(std::string_view list, const pb::PagePlace& place) const {
  pb::PageToken token;
  token.set_place(place.SerializeAsString());
  token.set_code(code(list, token.place()));
  return toBase64(token.SerializeAsString());
}

Result<pb::PagePlace> PageTokens::read(std::string_view list, std::string_view token,
                                       pb::PagePlace::PlaceCase kind) const {
  const Error invalid{ErrorCode::InvalidArgument, "PAGE_TOKEN_INVALID",
                      "not a token of this list; ask for its first page"};
  if (token.size() > kPageTokenBytesMax)
    return invalid;
  const auto bytes = fromBase64(token);
  pb::PageToken message;
  if (!bytes.ok() || !message.ParseFromString(*bytes) ||
      !crypto::equalSecrets(message.code(), code(list, message.place())))
    return invalid;
  // The code proves that one of our servers made the place, not that it was this release.
  pb::PagePlace place;
  if (!place.ParseFromString(message.place()) || place.place_case() != kind)
    return invalid;
  return place;
}

std::string PageTokens::writeId(std::string_view list, std::uint64_t id) const {
  pb::PagePlace place;
  place.set_id(id);
  return write(list, place);
}

Result<std::uint64_t> PageTokens::readId(std::string_view list, std::string_view token) const {
  if (token.empty())
    return std::uint64_t{0};
  DOORSTEP_ASSIGN(const auto place, read(list, token, pb::PagePlace::kId));
  return place.id();
}

// deriveKey is a keyed pseudo-random function over length-prefixed parts, so bytes cannot move
// between them.
std::string PageTokens::code(std::string_view list, std::string_view place) const {
  const std::string_view key(reinterpret_cast<const char*>(key_.data()), key_.size());
  const crypto::SecretKey code = crypto::deriveKey({key, list, place}, "doorstep/page-token/v2");
  return std::string(reinterpret_cast<const char*>(code.data()), kCodeBytes);
}

}  // namespace doorstep::rpc
