// SPDX-License-Identifier: Apache-2.0
// What somebody changes in a bundle is found and named, also when its manifest was made to agree.
#include "tests/unit/tools/verify/bundled_day.h"

namespace doorstep::verify {
namespace {

struct Planted : BundledDay {
  Planted() {
    pass();
    write();
  }
};

TEST_CASE("a changed file is not the one of the manifest") {
  const Planted planted;
  planted.change("visits.csv", planted.read("visits.csv") + " ");
  const auto verdict = checkBundle(planted.path(), {});
  INFO((verdict.ok() ? std::string() : verdict.error().text));
  REQUIRE(verdict.ok());
  CHECK(finds(*verdict, "visits.csv:1:1:", "not the one that the manifest"));
  CHECK(finds(*verdict, "visits.csv:9:2:", "the row has 1 fields"));
}

TEST_CASE("a changed time is named with its row and column") {
  const Planted planted;
  planted.forge("visits.csv", replaced(planted.read("visits.csv"), "2026-11-23T09:50:00.000Z",
                                       "2026-11-23T09:10:00.000Z"));
  const Verdict verdict = planted.check();
  CHECK(finds(verdict, "visits.csv:3:",
              "raw_start_utc: the row says \"2026-11-23T09:10:00.000Z\", "
              "and \"2026-11-23T09:50:00.000Z\" follows"));
  CHECK(verdict.differ == 1);
  CHECK(verdict.follow == 6);
}

TEST_CASE("each recorded or planned value that is changed is found") {
  const Planted planted;
  const std::string csv = planted.read("visits.csv");
  const std::string row = planted.line("visits.csv", ",v1,");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {",A,2026", ",C,2026"},
           {",nfc_tag,", ",manual,"},
           {",0-50,", ",501-,"},
           {"2026-11-23T10:06:00.000Z", "2026-11-23T08:36:00.000Z"},
           {"2026-11-23T08:34:00.000Z", "2026-11-23T08:54:00.000Z"},
           {",29.000,", ",49.000,"},
           {"2026-11-23T08:00:00.000Z", "2026-11-23T07:45:00.000Z"},
           {",personal-care,", ",respite,"},
           {",north,", ",south,"},
           {",false,", ",true,"}}) {
    INFO(from);
    planted.forge("visits.csv", replaced(csv, row, replaced(row, from, to)));
    CHECK(planted.check().differ >= 1);
  }
  planted.forge("visits.csv", csv);
  CHECK(planted.check().clean());
}

TEST_CASE("a row that was left out is found by its evidence, and by the events when that is gone") {
  const Planted planted;
  const std::string csv = planted.read("visits.csv");
  planted.forge("visits.csv", replaced(csv, planted.line("visits.csv", ",v2,"), ""));
  CHECK(finds(planted.check(), "evidence.jsonl:2:", "visits.csv has no row of it"));
  const std::string evidence = planted.read("evidence.jsonl");
  planted.forge("evidence.jsonl",
                replaced(evidence, planted.line("evidence.jsonl", "\"visit_ref\":\"v2\""), ""));
  CHECK(finds(planted.check(), "entries/", "a visit was left out"));
  // One of two carers.
  planted.forge("evidence.jsonl", evidence);
  planted.forge("visits.csv", replaced(csv, planted.line("visits.csv", ",v3,"), ""));
  CHECK(finds(planted.check(), "evidence.jsonl:3:", "a row was left out"));
}

TEST_CASE("a row that was added has no evidence, or a slot that is taken") {
  const Planted planted;
  const std::string csv = planted.read("visits.csv");
  const std::string row = planted.line("visits.csv", ",v1,");
  planted.forge("visits.csv", csv + replaced(row, ",v1,", ",v99,"));
  CHECK(finds(planted.check(), "visits.csv:9:", "the row was added"));
  planted.forge("visits.csv", csv + row);
  CHECK(finds(planted.check(), "visits.csv:9:", "this slot stands above already"));
}

TEST_CASE("a changed byte in a proof, and the proof of another entry, prove nothing") {
  const Planted planted;
  const auto names = planted.entries();
  REQUIRE(names.size() >= 4);
  const std::string proof = planted.read(names[0]);
  std::string changed = proof;
  const std::size_t middle = changed.find("extra ") + 200;
  changed[middle] = changed[middle] == 'A' ? 'B' : 'A';
  planted.forge(names[0], changed);
  const Verdict verdict = planted.check();
  CHECK(finds(verdict, names[0] + ":1:1:", "no proof of position"));
  CHECK(finds(verdict, "evidence.jsonl:", "no proof of it holds"));
  planted.forge(names[0], planted.read(names[1]));
  CHECK(finds(planted.check(), names[0] + ":1:1:", "it proves position"));
  planted.forge(names[0], proof);
  CHECK(planted.check().clean());
}

TEST_CASE("the plan of another visit proves nothing of this one") {
  const Planted planted;
  const std::string evidence = planted.read("evidence.jsonl");
  const std::string v1 = planted.line("evidence.jsonl", "\"visit_ref\":\"v1\"");
  const std::string v2 = planted.line("evidence.jsonl", "\"visit_ref\":\"v2\"");
  const std::size_t from = v1.find("\"plan\":");
  planted.forge("evidence.jsonl",
                replaced(evidence, v1, v1.substr(0, from) + v2.substr(v2.find("\"plan\":"))));
  const Verdict verdict = planted.check();
  CHECK(finds(verdict, "evidence.jsonl:1:", "another visit's"));
  CHECK(verdict.unchecked.at("a proof of the visit does not hold") == 1);
}

TEST_CASE("changed rules are named with what the office set") {
  const Planted planted;
  const std::string rules = planted.read("rules.json");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"late_tolerance_min\":15", "\"late_tolerance_min\":16"},
           {"\"missed_after_min\":60", "\"missed_after_min\":61"},
           {"\"merge_gap_min\":5", "\"merge_gap_min\":6"}}) {
    INFO(from);
    // Of the contract, which stands behind "*".
    planted.forge("rules.json", replaced(rules, from, to, 1));
    const Verdict verdict = planted.check();
    CHECK(finds(verdict, "rules.json:1:", "is not what the office set"));
    CHECK(finds(verdict, "visits.csv:2:", "rules.json says other rules"));
  }
}

TEST_CASE("files that are missing or that nobody lists, and a foreign log, are named") {
  const Planted planted;
  const auto names = planted.entries();
  std::filesystem::remove(planted.path() / names[0]);
  planted.change("entries/extra.tlog-proof", "x");
  const Verdict verdict = planted.check({"other.example/log+0+A"});
  CHECK(finds(verdict, names[0] + ":1:1:", "it is not there"));
  CHECK(finds(verdict, "entries/extra.tlog-proof:1:1:", "does not list"));
  CHECK(finds(verdict, "manifest.json:1:1:", "none of the keys that were given"));
}

TEST_CASE("what is no bundle is refused with its place") {
  const Planted planted;
  CHECK(checkBundle(planted.folder.path() / "none", {}).error().text.find("manifest.json") !=
        std::string::npos);
  planted.change("manifest.json", "{\"schema\":\"doorstep-bundle/9\"}");
  CHECK(checkBundle(planted.path(), {}).error().text.find("doorstep-bundle/1") !=
        std::string::npos);
  planted.change("manifest.json", "[]");
  CHECK_FALSE(checkBundle(planted.path(), {}).ok());
}

}  // namespace
}  // namespace doorstep::verify
