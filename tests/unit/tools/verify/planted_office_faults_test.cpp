// SPDX-License-Identifier: Apache-2.0
// What somebody changes in a bundle of what the office decided is found and named.
#include <random>
#include <sstream>

#include "tests/unit/tools/verify/office_day.h"

namespace doorstep::verify {
namespace {

struct PlantedOffice : OfficeDay {
  PlantedOffice() { write(); }

  // The evidence of a visit without, or with other, parts.
  template <typename Edit>
  void edit(const std::string& ref, Edit change) const {
    const std::string before = line("evidence.jsonl", "\"visit_ref\":\"" + ref + "\"");
    pb::VisitEvidence evidence;
    REQUIRE(google::protobuf::util::JsonStringToMessage(before, &evidence).ok());
    change(evidence);
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(evidence, &json, options).ok());
    forge("evidence.jsonl", replaced(read("evidence.jsonl"), before, json + "\n"));
  }
  std::string adjustmentOf(const std::string& ref, int index) const {
    pb::VisitEvidence evidence;
    REQUIRE(google::protobuf::util::JsonStringToMessage(
                line("evidence.jsonl", "\"visit_ref\":\"" + ref + "\""), &evidence)
                .ok());
    return evidence.adjustments(index).decision();
  }
};

TEST_CASE("each value of what is commissioned or adjusted that is changed is found") {
  const PlantedOffice planted;
  const std::string csv = planted.read("visits.csv");
  const std::string row = planted.line("visits.csv", ",v2,");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {",Hills,", ",Dales,"},
           {",rural,", ",urban,"},
           {",reablement,", ",day,"},
           {",personal_budget,", ",time_and_task,"},
           {",spot,", ",block,"},
           {",health,", ",council,"},
           {",agreed_terms,", ",safe_and_well,"},
           {",2026-11-23T09:05:00.000Z,2026-11-23T09:35",
            ",2026-11-23T09:00:00.000Z,2026-11-23T09:35"},
           {",C7,A3,", ",C9,A3,"},
           {",C7,A3,", ",C7,A1,"},
           {",supervisor,", ",operator,"}}) {
    INFO(from);
    planted.forge("visits.csv", replaced(csv, row, replaced(row, from, to)));
    CHECK(planted.check().differ == 1);
  }
  // Of the visit that is explained.
  const std::string explained = planted.line("visits.csv", ",v5,");
  planted.forge("visits.csv", replaced(csv, explained, replaced(explained, ",person,", ",nhs,")));
  CHECK(finds(planted.check(), "visits.csv:7:", "responsibility"));
  planted.forge("visits.csv", csv);
  CHECK(planted.check().clean());
}

TEST_CASE("an adjustment that is put on a row, or taken off it, does not follow") {
  const PlantedOffice planted;
  const std::string csv = planted.read("visits.csv");
  const std::string row = planted.line("visits.csv", ",v4,");
  const std::size_t from = row.find("2026-11-23T11:00:00.000Z,2026-11-23T11:30:00.000Z,C7,A3");
  const std::size_t end = row.find(",,", from);
  REQUIRE(end != std::string::npos);
  planted.forge("visits.csv", replaced(csv, row, row.substr(0, from) + ",,,,," + row.substr(end)));
  CHECK(finds(planted.check(), "visits.csv:6:", "adj_start_utc: the row says nothing"));
  planted.forge("visits.csv", csv);
  planted.edit("v4", [](pb::VisitEvidence& evidence) { evidence.clear_adjustments(); });
  const Verdict verdict = planted.check();
  CHECK(finds(verdict, "visits.csv:6:", "adj_start_utc"));
  CHECK(finds(verdict, "decisions/", "nothing of the evidence names this file"));
}

TEST_CASE("an adjustment that was left out between two others is missed by its number") {
  const PlantedOffice planted;
  const std::string dropped = planted.adjustmentOf("v2", 1);
  planted.edit("v2", [](pb::VisitEvidence& evidence) {
    evidence.mutable_adjustments()->DeleteSubrange(1, 1);
  });
  planted.drop(dropped);
  CHECK(finds(planted.check(),
              "evidence.jsonl:2:", "revision 2 is missing: an adjustment was left out"));
}

TEST_CASE("the newest adjustment that was left out shows in its row, and only there") {
  const PlantedOffice planted;
  const std::string dropped = planted.adjustmentOf("v2", 2);
  planted.edit("v2", [](pb::VisitEvidence& evidence) {
    evidence.mutable_adjustments()->DeleteSubrange(2, 1);
  });
  planted.drop(dropped);
  CHECK(finds(planted.check(), "visits.csv:3:", "adj_start_utc"));
  CHECK(verdictText(planted.check()).find("not proved: that nothing was decided after the last") !=
        std::string::npos);
}

TEST_CASE("an adjustment of another visit or slot proves nothing of this one") {
  const PlantedOffice planted;
  const std::string other = planted.adjustmentOf("v4", 0);
  planted.edit("v2", [&](pb::VisitEvidence& evidence) {
    evidence.mutable_adjustments(0)->set_decision(other);
  });
  const Verdict verdict = planted.check();
  CHECK(finds(verdict, "evidence.jsonl:2:", "says something else than revision 1 of slot 1"));
  planted.edit("v2", [&](pb::VisitEvidence& evidence) {
    auto* more = evidence.add_adjustments();
    more->set_slot(2);
    more->set_revision(1);
    more->set_decision("decisions/none.tlog-proof");
  });
  CHECK(finds(planted.check(), "evidence.jsonl:2:", "is not there"));
}

TEST_CASE("a row of what is commissioned that was changed, added or left out is found") {
  const PlantedOffice planted;
  const std::string rows = planted.read("commissioned.jsonl");
  const std::string package = planted.line("commissioned.jsonl", "\"kind\":22");
  const std::string lot = planted.line("commissioned.jsonl", "\"kind\":24");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"name\":\"reablement\"", "\"name\":\"day\""},
           {"\"made_version\":\"1\"", "\"made_version\":\"2\""},
           {"\"from_day\":\"", "\"from_day\":\"1"},
           {"\"content\":\"", "\"content\":\"AAAA"}}) {
    INFO(from);
    planted.forge("commissioned.jsonl", replaced(rows, package, replaced(package, from, to)));
    CHECK(finds(planted.check(), "commissioned.jsonl:", "the office put no such row"));
  }
  SECTION("left out") {
    planted.forge("commissioned.jsonl", replaced(rows, package, ""));
    CHECK(finds(planted.check(), "visits.csv:2:", "model"));
    planted.forge("commissioned.jsonl", replaced(rows, lot, ""));
    CHECK(finds(planted.check(), "visits.csv:2:", "rurality"));
  }
  SECTION("twice") {
    planted.forge("commissioned.jsonl", rows + package);
    CHECK(finds(planted.check(), "commissioned.jsonl:3:", "stands above"));
  }
  SECTION("of another person") {
    pb::CommissionedRowProof proof;
    REQUIRE(google::protobuf::util::JsonStringToMessage(package, &proof).ok());
    proof.set_subject_id(proof.subject_id() + 1);
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(proof, &json).ok());
    planted.forge("commissioned.jsonl", rows + json + "\n");
    CHECK(finds(planted.check(), "commissioned.jsonl:3:", "the office put no such row"));
  }
  SECTION("no row at all") {
    planted.forge("commissioned.jsonl", rows + "{\"kind\":\n");
    const auto verdict = checkBundle(planted.path(), {});
    REQUIRE_FALSE(verdict.ok());
    CHECK(verdict.error().text.find("commissioned.jsonl:3:1") != std::string::npos);
  }
}

TEST_CASE("an earlier start that is changed, left out or another's is found") {
  const PlantedOffice planted;
  const std::string csv = planted.read("visits.csv");
  const std::string v1 = planted.line("visits.csv", ",v1,");
  const std::string v2 = planted.line("visits.csv", ",v2,");
  SECTION("outside of the file") {
    planted.forge(
        "visits.csv",
        replaced(csv, v1, replaced(v1, "2026-11-22T08:03:00.000Z", "2026-11-22T09:03:00.000Z")));
    CHECK(finds(planted.check(), "visits.csv:2:", "prior_visit_utc"));
    planted.forge("visits.csv", replaced(csv, v1, replaced(v1, "2026-11-22T08:03:00.000Z", "")));
    CHECK(finds(planted.check(), "visits.csv:2:", "prior_visit_utc: the row says nothing"));
  }
  SECTION("inside") {
    // Of v2 the newest start before is v1's, and it may not be hidden by an older one.
    const std::size_t at = v2.rfind("2026-11-23T08:05:00.000Z");
    REQUIRE(at != std::string::npos);
    std::string changed = v2;
    changed.replace(at, 24, "2026-11-22T08:03:00.000Z");
    planted.forge("visits.csv", replaced(csv, v2, changed));
    CHECK(finds(planted.check(), "visits.csv:3:", "prior_visit_utc"));
  }
  SECTION("the evidence is gone") {
    const std::string file = planted.files("priors").at(0);
    planted.edit("v1", [](pb::VisitEvidence& evidence) { evidence.clear_prior_visits(); });
    CHECK(finds(planted.check(), "visits.csv:2:", "prior_visit_utc"));
    CHECK(finds(planted.check(), file, "nothing of the evidence names this file"));
  }
  SECTION("of another event") {
    const std::string file = planted.files("priors").at(0);
    planted.forge(file, planted.read(planted.entries().at(0)));
    CHECK(finds(planted.check(), "evidence.jsonl:1:", "the proof of its earlier start"));
  }
  SECTION("the plan is another visit's") {
    planted.edit("v1", [](pb::VisitEvidence& evidence) {
      evidence.mutable_prior_visits(0)->set_visit_id(evidence.visit_id());
      *evidence.mutable_prior_visits(0)->mutable_plan() = evidence.plan().visits(0);
      evidence.mutable_prior_visits(0)->set_decision(evidence.decisions(0));
    });
    CHECK(finds(planted.check(), "evidence.jsonl:1:", "or of another visit"));
  }
}

// Whether two texts of commissioned.jsonl say the same, as another spelling of bytes does.
bool saysTheSame(const std::string& a, const std::string& b) {
  std::istringstream left(a);
  std::istringstream right(b);
  std::string lineA;
  std::string lineB;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  while (std::getline(left, lineA) && std::getline(right, lineB)) {
    pb::CommissionedRowProof rowA;
    pb::CommissionedRowProof rowB;
    if (!google::protobuf::util::JsonStringToMessage(lineA, &rowA, options).ok() ||
        !google::protobuf::util::JsonStringToMessage(lineB, &rowB, options).ok() ||
        rowA.SerializeAsString() != rowB.SerializeAsString())
      return false;
  }
  return true;
}

TEST_CASE("any byte that is changed in what the office decided is found") {
  const PlantedOffice planted;
  std::vector<std::string> files = planted.files("decisions");
  files.push_back(planted.files("priors").at(0));
  files.push_back("commissioned.jsonl");
  std::mt19937_64 random(45);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  for (const std::string& file : files) {
    const std::string text = planted.read(file);
    for (int i = 0; i < 4; ++i) {
      std::string changed = text;
      const std::size_t at = below(text.size());
      changed[at] = static_cast<char>('!' + below(90));
      if (changed == text || (file == "commissioned.jsonl" && saysTheSame(changed, text)))
        continue;
      INFO(file << " at " << at << ": " << text[at] << " -> " << changed[at]);
      planted.forge(file, changed);
      const auto verdict = checkBundle(planted.path(), {});
      CHECK((!verdict.ok() || !verdict->clean()));
    }
    planted.forge(file, text);
  }
  CHECK(planted.check().clean());
}

}  // namespace
}  // namespace doorstep::verify
