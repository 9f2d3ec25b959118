// SPDX-License-Identifier: Apache-2.0
#include "shared/core/bytes.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace doorstep;

TEST_CASE("base64 gives the published values") {
  // RFC 4648, section 10.
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(toBase64(plain) == text);
    CHECK(fromBase64(text).value() == plain);
  }
}

TEST_CASE("base64 that is not written in the one right way is refused") {
  for (const char* wrong : {"Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Zm9=", "Z===", "====",
                            "Zg==Zg==", "Zm-_", "Z*==", "Zg=a"})
    CHECK(fromBase64(wrong).error().reason == "BASE64_INVALID");
}

TEST_CASE("any bytes survive base64") {
  CHECK(rc::check(
      [](const std::string& bytes) { RC_ASSERT(fromBase64(toBase64(bytes)).value() == bytes); }));
}

TEST_CASE("hexadecimal and big-endian write the high part first") {
  CHECK(toHex(std::string("\x00\x7F\xFF", 3)) == "007fff");
  CHECK(toHex(bigEndian64(0x0123456789ABCDEF)) == "0123456789abcdef");
}

TEST_CASE("big-endian bytes are read as the number that they are") {
  CHECK(fromBigEndian("") == 0);
  CHECK(fromBigEndian("\xFF") == 255);
  CHECK(fromBigEndian(std::string("\x80\x00\x01", 3)) == 0x800001);
  CHECK(rc::check(
      [](std::uint64_t value) { RC_ASSERT(fromBigEndian(bigEndian64(value)) == value); }));
}

TEST_CASE("a hash has 32 bytes") {
  CHECK(hashFromBytes(std::string(32, 'h')).value().view() == std::string(32, 'h'));
  CHECK(hashFromBytes(std::string(31, 'h')).error().reason == "HASH_LENGTH");
  CHECK(hashFromBytes("").error().reason == "HASH_LENGTH");
}
