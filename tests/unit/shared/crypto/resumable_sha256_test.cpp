// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/resumable_sha256.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"

namespace doorstep::crypto {
namespace {

std::string someBytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(i * 31 + i / 64);
  return bytes;
}

TEST_CASE("a hash that is taken up again is that of the whole, wherever it was left") {
  for (const std::size_t size : {0, 1, 55, 56, 63, 64, 65, 127, 128, 1'000, 70'001}) {
    const std::string bytes = someBytes(size);
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, size / 3, size / 2, size}) {
      ResumableSha256 begun;
      begun.add(std::string_view(bytes).substr(0, std::min(first, size)));
      auto resumed = ResumableSha256::load(begun.save());
      REQUIRE(resumed.ok());
      CHECK(resumed->hash() == sha256(bytes.substr(0, std::min(first, size))));
      resumed->add(std::string_view(bytes).substr(std::min(first, size)));
      INFO(size << " after " << first);
      CHECK(resumed->hash() == sha256(bytes));
      CHECK(resumed->save().size() <= 103);
    }
  }
}

TEST_CASE("bytes that come one by one are hashed as together") {
  const std::string bytes = someBytes(300);
  ResumableSha256 hash;
  for (const char byte : bytes)
    hash.add({&byte, 1});
  CHECK(hash.hash() == sha256(bytes));
}

TEST_CASE("the count of bits does not end at 32") {
  // 2^29 bytes are 2^32 bits.
  const std::string piece(1 << 20, 'x');
  ResumableSha256 hash;
  Sha256 whole;
  for (int i = 0; i < 520; ++i) {
    hash.add(piece);
    whole.add(piece);
  }
  hash.add("y");
  whole.add("y");
  CHECK(ResumableSha256::load(hash.save())->hash() == whole.hash());
}

TEST_CASE("what is no state is refused") {
  ResumableSha256 hash;
  hash.add("abc");
  const std::string state = hash.save();
  for (std::size_t length = 0; length < state.size(); ++length)
    CHECK(ResumableSha256::load(state.substr(0, length)).error().reason == "HASH_STATE_FORMAT");
  CHECK(ResumableSha256::load(state + "x").error().reason == "HASH_STATE_FORMAT");
}

}  // namespace
}  // namespace doorstep::crypto
