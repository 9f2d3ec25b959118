// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/formats.h"

#include <catch2/catch.hpp>

#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::wire {
namespace {

TEST_CASE("what this build reads survives its encoding and is small") {
  const Formats own = ownFormats();
  const std::string bytes = encodeFormats(own);
  CHECK(decodeFormats(bytes).value() == own);
  CHECK(bytes.size() <= 32);
  CHECK(own.planKinds == std::vector<std::uint32_t>{1, 2});
  CHECK_FALSE(own.factKinds.empty());
}

TEST_CASE("formats that are none, name no release or exceed their limits are refused") {
  const auto refused = [](const std::string& bytes) {
    const auto read = decodeFormats(bytes);
    return !read.ok() && read.error().reason == "FORMATS_MALFORMED";
  };
  Formats formats{"1", {1}, {1}};
  CHECK_FALSE(refused(encodeFormats(formats)));
  CHECK(refused(""));
  CHECK(refused("\xff\xff\xff"));
  for (const std::string& version : {std::string(), std::string(33, 'x'), std::string("1\n2"),
                                     std::string("1\0", 2), std::string("\xc3\xa9")})
    CHECK(refused(encodeFormats({version, {1}, {1}})));
  CHECK(refused(encodeFormats({"1", std::vector<std::uint32_t>(65, 1), {1}})));
  CHECK(refused(encodeFormats({"1", {1}, std::vector<std::uint32_t>(257, 1)})));
  CHECK_FALSE(refused(encodeFormats({"1", std::vector<std::uint32_t>(64, 1), {}})));
  // Fields of a later release are skipped, up to the whole's limit.
  CHECK_FALSE(refused(encodeFormats(formats) + "\xa2\x1f\x03"
                                               "abc"));
  CHECK(refused(encodeFormats(formats) + "\xa2\x1f\x80\x08" + std::string(1024, 'x')));
}

TEST_CASE("numbers are read in any order and each once") {
  const auto read = decodeFormats(encodeFormats({"1", {7, 2, 2, 4'000'000'000}, {3, 1, 3}}));
  CHECK(read->planKinds == std::vector<std::uint32_t>{2, 7, 4'000'000'000});
  CHECK(read->factKinds == std::vector<std::uint32_t>{1, 3});
  CHECK(missingKinds({1, 2, 3}, {2}) == std::vector<std::uint32_t>{1, 3});
  CHECK(missingKinds({1}, {1, 2}).empty());
}

}  // namespace
}  // namespace doorstep::wire
