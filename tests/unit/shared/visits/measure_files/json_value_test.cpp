// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/json_value.h"

#include <catch2/catch.hpp>

#include "shared/visits/measure_files/limits.h"
#include "shared/visits/measure_files/rules_file.h"

using namespace doorstep;
using namespace doorstep::measure_files;

namespace {

Result<JsonValue> readValue(const std::string& text) { return readJson(asTextFile("f", text)); }

std::string faultOfValue(const std::string& text) {
  const auto value = readValue(text);
  return value ? std::string("none") : value.error().text.substr(0, value.error().text.find(": "));
}

}  // namespace

TEST_CASE("every value knows where it stands") {
  const JsonValue root =
      readValue("\xEF\xBB\xBF {\"a\\\"b\": [1, -2.5e3 ,true],\n\"c\":\"x\"}").value();
  REQUIRE(root.kind == JsonValue::Kind::Object);
  const JsonValue* array = root.member("a\"b");
  REQUIRE(array != nullptr);
  CHECK(array->offset == 13);
  REQUIRE(array->items.size() == 3);
  CHECK(array->items[0].kind == JsonValue::Kind::Whole);
  CHECK(array->items[0].offset == 14);
  CHECK(array->items[1].kind == JsonValue::Kind::OtherNumber);
  CHECK(array->items[1].text == "-2.5e3");
  CHECK(array->items[1].offset == 17);
  CHECK(array->items[2].offset == 25);
  CHECK(root.member("c")->text == "x");
  CHECK(root.member("c")->offset == 36);
  CHECK(root.member("d") == nullptr);
  CHECK(array->member("a") == nullptr);
}

TEST_CASE("a key that stands twice is a fault at its second place") {
  CHECK(faultOfValue("{\"a\":1,\n \"a\":2}") == "f:2:2");
  CHECK(faultOfValue("{\"a\":{\"a\":2},\"b\":{\"a\":1}}") == "none");
}

TEST_CASE("depth and number of values are bounded") {
  const std::string deep(kJsonDepthMax, '[');
  CHECK(faultOfValue(deep + std::string(kJsonDepthMax, ']')) == "none");
  CHECK(faultOfValue(deep + "[") == "f:1:" + std::to_string(kJsonDepthMax + 1));
  CHECK(faultOfValue(std::string(10'000'000, '[')).rfind("f:1:", 0) == 0);
}

TEST_CASE("what is no JSON is told where it ceases to be") {
  CHECK(faultOfValue("") == "f:1:1");
  CHECK(faultOfValue("{\"a\":}").rfind("f:1:6", 0) == 0);
  CHECK(faultOfValue("[1,\n2,]").rfind("f:2:", 0) == 0);
  CHECK(faultOfValue("[01]").rfind("f:1:", 0) == 0);
  CHECK(faultOfValue("[1e999]").rfind("f:1:", 0) == 0);
  CHECK(faultOfValue("[\"a\nb\"]").rfind("f:", 0) == 0);
  CHECK(faultOfValue("[] []").rfind("f:1:", 0) == 0);
}

TEST_CASE("a parameter's fault names the parameter and says what to write") {
  const auto file = asTextFile(
      "rules.json",
      "{\"schema\":\"doorstep-rules/1\",\"tz\":\"Europe/London\",\"contracts\":[{\"contract_id\":"
      "\"K\",\n\"versions\":[{\"rule_version\":1,\"effective_from\":\"2026-01-01\",\n\"params\":{"
      "\"late_tolerance_min\":7.5}}]}]}");
  const auto rules = readRules(file);
  REQUIRE_FALSE(rules);
  CHECK(rules.error().text ==
        "rules.json:3:32: late_tolerance_min: write a whole number from 0, of at most 15 digits");
}
