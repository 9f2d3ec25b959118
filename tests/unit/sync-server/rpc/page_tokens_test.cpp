// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/page_tokens.h"

#include <catch2/catch.hpp>

#include "shared/core/bytes.h"

namespace doorstep::rpc {
namespace {

using doorstep::admin::v1::PagePlace;
using doorstep::admin::v1::PageToken;

crypto::SecretKey key(std::uint8_t first) {
  crypto::SecretKey secret{};
  secret[0] = first;
  return secret;
}

PagePlace recordPlace() {
  PagePlace place;
  place.mutable_record()->set_anchor_unix_ms(-5);
  place.mutable_record()->set_visit_id(UINT64_MAX);
  return place;
}

TEST_CASE("a page token gives back its place for the same list, also after a restart") {
  const std::string token = PageTokens(key(1)).write("records of november", recordPlace());
  CHECK(token.size() < 100);
  const auto place = PageTokens(key(1)).read("records of november", token, PagePlace::kRecord);
  CHECK(place->SerializeAsString() == recordPlace().SerializeAsString());
  const std::string id = PageTokens(key(1)).writeId("devices", UINT64_MAX);
  CHECK(PageTokens(key(1)).readId("devices", id).value() == UINT64_MAX);
  CHECK(PageTokens(key(1)).readId("devices", "").value() == 0);
}

TEST_CASE("a page token that was altered, cut or is of another list or server is refused") {
  const PageTokens tokens(key(1));
  const std::string token = tokens.write("records of november", recordPlace());
  const auto refused = [&](const std::string& list, const std::string& other) {
    const auto place = tokens.read(list, other, PagePlace::kRecord);
    return !place.ok() && place.error().reason == "PAGE_TOKEN_INVALID";
  };
  const std::string bytes = fromBase64(token).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK(refused("records of november", toBase64(altered)));
    CHECK(refused("records of november", toBase64(bytes.substr(0, at))));
  }
  CHECK(refused("records of november", "no base64!"));
  CHECK(refused("records of november", std::string(1'000'000, 'A')));
  CHECK(refused("records of october", token));
  CHECK_FALSE(PageTokens(key(2)).read("records of november", token, PagePlace::kRecord).ok());
}

TEST_CASE("a page token of another kind of list, or of a later release, is refused in words") {
  const PageTokens tokens(key(1));
  CHECK_FALSE(tokens.readId("list", tokens.write("list", recordPlace())).ok());
  CHECK_FALSE(tokens.read("list", tokens.writeId("list", 7), PagePlace::kBoard).ok());
  CHECK_FALSE(tokens.readId("list", tokens.write("list", PagePlace())).ok());
}

TEST_CASE("bytes cannot be shifted between list and place") {
  const PageTokens tokens(key(1));
  PageToken token;
  REQUIRE(token.ParseFromString(fromBase64(tokens.writeId("list", 7)).value()));
  token.set_place("t" + token.place());
  CHECK_FALSE(tokens.readId("lis", toBase64(token.SerializeAsString())).ok());
}

}  // namespace
}  // namespace doorstep::rpc
