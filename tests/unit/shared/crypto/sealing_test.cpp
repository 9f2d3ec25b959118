// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/sealing.h"

#include <catch2/catch.hpp>

#include "shared/core/bytes.h"

using namespace doorstep;
using namespace doorstep::crypto;

namespace {

SecretKey someKey(std::uint8_t fill) {
  SecretKey key{};
  key.fill(fill);
  return key;
}

std::string hexOf(const SecretKey& key) {
  return toHex({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace

TEST_CASE("sealed bytes open with their key in their place") {
  SystemIdSource ids;
  const std::string sealed = seal(someKey(1), "note/7", "He refused lunch.", ids);
  CHECK(sealed.size() == 12 + 17 + 16);
  CHECK(sealed.find("lunch") == std::string::npos);
  CHECK(open(someKey(1), "note/7", sealed).value() == "He refused lunch.");
  CHECK(open(someKey(1), "", seal(someKey(1), "", "", ids)).value().empty());
}

TEST_CASE("sealed bytes do not open elsewhere, with another key, or altered") {
  SystemIdSource ids;
  const std::string sealed = seal(someKey(1), "note/7", "text", ids);
  CHECK(open(someKey(2), "note/7", sealed).error().reason == "SEAL_BROKEN");
  CHECK(open(someKey(1), "note/8", sealed).error().reason == "SEAL_BROKEN");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CHECK_FALSE(open(someKey(1), "note/7", altered).ok());
    CHECK_FALSE(open(someKey(1), "note/7", sealed.substr(0, i)).ok());
  }
}

TEST_CASE("the same text is sealed differently each time") {
  SystemIdSource ids;
  CHECK(seal(someKey(1), "c", "text", ids) != seal(someKey(1), "c", "text", ids));
}

TEST_CASE("scrypt gives the published value") {
  // RFC 7914, section 12: N = 16384, r = 8, p = 1; ours are the first 32 of its 64 bytes.
  CHECK(hexOf(scrypt("pleaseletmein", "SodiumChloride", {14})) ==
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST_CASE("a derived key depends on each secret, their borders and the purpose") {
  const SecretKey key = deriveKey({"pin", "device"}, "journal");
  CHECK(key == deriveKey({"pin", "device"}, "journal"));
  CHECK(key != deriveKey({"pind", "evice"}, "journal"));
  CHECK(key != deriveKey({"device", "pin"}, "journal"));
  CHECK(key != deriveKey({"pin", "device"}, "roster"));
}

TEST_CASE("secrets are compared whole") {
  CHECK(equalSecrets("abc", "abc"));
  CHECK(equalSecrets("", ""));
  CHECK_FALSE(equalSecrets("abc", "abd"));
  CHECK_FALSE(equalSecrets("abc", "abcd"));
}
