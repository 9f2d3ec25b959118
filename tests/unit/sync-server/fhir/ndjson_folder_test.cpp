// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/ndjson_folder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace doorstep::fhir {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a folder is whole or not there") {
  support::TemporaryFolder scratch;
  const fs::path path = scratch.file("out/");
  {
    auto folder = NdjsonFolder::create(path);
    REQUIRE(folder.ok());
    REQUIRE(folder->add(Kind::Measure, Json{{"resourceType", "Measure"}}).ok());
    CHECK(fs::exists(scratch.file("out.part")));
  }  // not finished
  CHECK_FALSE(fs::exists(scratch.file("out.part")));
  CHECK_FALSE(fs::exists(scratch.file("out")));
  auto folder = NdjsonFolder::create(path);
  REQUIRE(folder.ok());
  REQUIRE(folder->finish().ok());
  for (const char* kind : kKindNames)
    CHECK(fs::exists(scratch.file("out") + "/" + kind + ".ndjson"));
  CHECK(NdjsonFolder::create(path).error().reason == "FOLDER_EXISTS");
  CHECK(NdjsonFolder::create("").error().reason == "FOLDER_EXISTS");
  CHECK(NdjsonFolder::create("/proc/none/out").error().reason == "FOLDER_FAILED");
}

TEST_CASE("what is in the way from a crash is named, not removed") {
  support::TemporaryFolder scratch;
  fs::create_directories(scratch.file("out.part"));
  const auto folder = NdjsonFolder::create(scratch.file("out"));
  REQUIRE_FALSE(folder.ok());
  CHECK(folder.error().text.find("out.part") != std::string::npos);
  CHECK(fs::exists(scratch.file("out.part")));
}

TEST_CASE("texts of people are held to what FHIR takes") {
  CHECK(plainText("  p\u00a01 ") == "p 1");
  CHECK(plainText("a\tb\x01") ==
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd");
  CHECK(plainText("\xff") == "\xef\xbf\xbd");
  CHECK(plainCode(" personal   care ") == "personal care");
  CHECK(plainCode(" \t") == plainText(" \t"));
  CHECK_FALSE(identifier("urn:x", "  ").contains("value"));
  CHECK(visitResourceId(ProviderId(INT64_MAX), VisitId(INT64_MAX)).size() <= 50);
  CHECK(slotResourceId(ProviderId(INT64_MAX), VisitId(INT64_MAX), UINT32_MAX).size() + 12 <= 64);
}

}  // namespace
}  // namespace doorstep::fhir
