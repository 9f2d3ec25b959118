// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/page_tokens.h"

#include <catch2/catch.hpp>

#include "shared/core/bytes.h"

namespace doorstep::monitoring {
namespace {

crypto::SecretKey key(std::uint8_t first) {
  crypto::SecretKey secret{};
  secret[0] = first;
  return secret;
}

TEST_CASE("a page token gives back its place for the same request, also after a restart") {
  const std::string token = PageTokens(key(1)).write("records of november", "after visit 7");
  CHECK(PageTokens(key(1)).read("records of november", token).value() == "after visit 7");
}

TEST_CASE("a page token that was altered, cut or is of another request or server is refused") {
  const PageTokens tokens(key(1));
  const std::string token = tokens.write("records of november", "after visit 7");
  const auto refused = [&](const std::string& request, const std::string& other) {
    const auto place = tokens.read(request, other);
    return !place.ok() && place.error().reason == "PAGE_TOKEN_INVALID";
  };
  std::string bytes = fromBase64(token).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK(refused("records of november", toBase64(altered)));
  }
  CHECK(refused("records of november", toBase64(bytes.substr(0, 15))));
  CHECK(refused("records of november", toBase64(bytes + "x")));
  CHECK(refused("records of november", "no base64!"));
  CHECK(refused("records of october", token));
  CHECK_FALSE(PageTokens(key(2)).read("records of november", token).ok());
}

TEST_CASE("bytes cannot be shifted between request and place") {
  const PageTokens tokens(key(1));
  const std::string bytes = fromBase64(tokens.write("request", "place")).value();
  const std::string shifted = bytes.substr(0, 16) + "tplace";
  CHECK_FALSE(tokens.read("reques", toBase64(shifted)).ok());
}

}  // namespace
}  // namespace doorstep::monitoring
