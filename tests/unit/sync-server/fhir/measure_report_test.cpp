// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/measure_report.h"

#include <map>
#include <set>

#include "shared/visits/measures/measure_table.h"
#include "sync-server/fhir/measure_definition.h"
#include "sync-server/fhir/measure_kind.h"
#include "sync-server/fhir/measure_words.h"
#include "sync-server/records/figures/measure_reading.h"
#include "tests/unit/sync-server/fhir/exported_day.h"

namespace doorstep::fhir {
namespace {

namespace pb = doorstep::records::v1;

bool isFhirId(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.") ==
             std::string::npos;
}

pb::GetMeasuresResponse answerOf(const std::string& id, std::int64_t numerator,
                                 std::int64_t denominator) {
  pb::GetMeasuresResponse answer;
  pb::MeasureFigure& figure = *answer.add_groups()->add_figures();
  figure.set_id(id);
  figure.set_numerator(numerator);
  figure.set_denominator(denominator);
  return answer;
}

const ReportScope kScope{ContractId(5), CouncilId(6), "County", {}, {}, "2026-11-01", "2026-11-30"};

Json groupOf(const pb::GetMeasuresResponse& answer) {
  return measureReports(kScope, answer).at(0)["group"][0];
}

TEST_CASE("every measure has a definition in words, an id that FHIR takes and one URL") {
  std::set<std::string> ids;
  std::set<std::string> urls;
  for (const Json& each : measureDefinitions()) {
    const std::string id = each["id"];
    INFO(id);
    CHECK(isFhirId(id));
    CHECK(ids.insert(id).second);
    CHECK(urls.insert(each["url"]).second);
    CHECK(each["title"] != each["identifier"][0]["value"]);
  }
  CHECK(ids.size() == measures::measureTable().size() + 2);
  // The catalogue has words for the table, and for the shares of funders.
  CHECK(measureWords().size() == measures::measureTable().size() + 1);
}

TEST_CASE("a share has its counts, its score and which way is better") {
  const auto report =
      measureReports(kScope, answerOf("punctuality.on_time_of_attended", 16, 17)).at(0);
  CHECK(isFhirId(report["id"]));
  CHECK(report["type"] == "summary");
  CHECK(report["measure"] == "urn:doorstep:measure:punctuality.on_time_of_attended|1");
  CHECK(report["period"] == Json{{"start", "2026-11-01"}, {"end", "2026-11-30"}});
  CHECK(codesOf(report["improvementNotation"]) == std::vector<std::string>{"increase"});
  const Json& group = report["group"][0];
  CHECK(group["population"][0]["count"] == 16);
  CHECK(group["population"][1]["count"] == 17);
  CHECK(line(group["measureScore"]["value"]) == "0.941176\n");
  CHECK(group["extension"][0]["valueRatio"]["numerator"]["value"] == 16);
}

TEST_CASE("of nothing there is no score") {
  CHECK_FALSE(groupOf(answerOf("missed.rate", 0, 0)).contains("measureScore"));
  CHECK(groupOf(answerOf("missed.rate", 0, 0))["population"][1]["count"] == 0);
}

TEST_CASE("times are no counts, and what no count can hold stands in the figure alone") {
  const Json clip = groupOf(answerOf("length.clip_rate", 3'600'000, 9'000'000'000));
  CHECK_FALSE(clip["population"][0].contains("count"));
  CHECK(clip["extension"][0]["valueRatio"]["denominator"]["value"] == 9'000'000'000);
  const Json late = groupOf(answerOf("punctuality.late_p90", 150'000, 60'000));
  CHECK(line(late["measureScore"]["value"]) == "2.5\n");
  CHECK(late["measureScore"]["code"] == "min");
  CHECK(late["population"].size() == 1);
  const Json many = groupOf(answerOf("tasks.done", 1, 3'000'000'000));
  CHECK(many["population"][0]["count"] == 1);
  CHECK_FALSE(many["population"][1].contains("count"));
}

TEST_CASE("a figure that was too large to be given is an error, and none is made up") {
  auto answer = answerOf("missed.rate", 0, 0);
  answer.mutable_groups(0)->mutable_figures(0)->set_is_too_large(true);
  const Json report = measureReports(kScope, answer).at(0);
  CHECK(report["status"] == "error");
  CHECK_FALSE(report["group"][0].contains("extension"));
  CHECK_FALSE(report["group"][0].contains("measureScore"));
}

TEST_CASE("the shares of funders are strata of one report, whatever a funder is called") {
  auto answer = answerOf("recharge.minutes.NHS \xe2\x80\xae 1", 600'000'000, 600'000'000);
  pb::MeasureFigure& other = *answer.mutable_groups(0)->add_figures();
  other.set_id("recharge.minutes.\xff");
  const Json report = measureReports(kScope, answer).at(0);
  CHECK(report["measure"] == "urn:doorstep:measure:recharge.minutes|1");
  const Json& strata = report["group"][0]["stratifier"][0]["stratum"];
  REQUIRE(strata.size() == 2);
  CHECK(strata[0]["value"]["text"] == "NHS \xef\xbf\xbd 1");
  CHECK(strata[0]["measureScore"]["value"] == 1.0);
  CHECK_FALSE(strata[1].contains("measureScore"));
}

TEST_CASE("of an answer without a group there is no report") {
  CHECK(measureReports(kScope, pb::GetMeasuresResponse()).empty());
}

TEST_CASE("a report of other days, or of one provider, is another resource") {
  std::set<std::string> ids;
  ReportScope scope = kScope;
  const auto answer = answerOf("missed.rate", 1, 2);
  ids.insert(measureReports(scope, answer).at(0)["id"]);
  scope.lastDay = "2026-11-29";
  ids.insert(measureReports(scope, answer).at(0)["id"]);
  scope.provider = ProviderId(7);
  scope.providerName = "Dales Care";
  const Json ofProvider = measureReports(scope, answer).at(0);
  ids.insert(ofProvider["id"]);
  CHECK(ofProvider["reporter"]["display"] == "Dales Care");
  CHECK(ids.size() == 3);
}

TEST_CASE("the figures of the reports are those that are asked of the server, every one") {
  ExportedDay of;
  of.attend(of.ann, of.plan("v1", {of.ann}), "08:10:00", "08:38:30");
  of.attend(of.ann, of.plan("v2", {of.ann}, "2026-11-23T10"), "10:50:00", "11:10:00");
  of.plan("v3", {of.ann, of.bea}, "2026-11-23T12");
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> reported;
  for (const Json& report : made.reports) {
    const Json& group = report["group"][0];
    const std::string id = group["code"]["coding"][0]["code"];
    if (id == kVisitsId || id == kRechargeId)
      continue;
    const Json& ratio = group["extension"][0]["valueRatio"];
    reported[id] = {ratio["numerator"]["value"], ratio["denominator"]["value"]};
  }
  pb::MeasureFilter filter;
  filter.set_contract_id(of.contract().value);
  filter.set_first_day("2026-11-23");
  filter.set_last_day("2026-11-23");
  const auto lease = of.day.storage().read();
  const auto opened = records::MeasureReading::open(of.reading(lease), filter, {});
  REQUIRE(opened.ok());
  const auto answer = (*opened)->figures({});
  REQUIRE(answer.ok());
  std::size_t compared = 0;
  for (const pb::MeasureFigure& figure : answer->groups(0).figures()) {
    if (figure.id().rfind(measures::kRechargePrefix, 0) == 0)
      continue;
    INFO(figure.id());
    CHECK(reported.at(figure.id()) == std::pair(figure.numerator(), figure.denominator()));
    ++compared;
  }
  CHECK(compared == reported.size());
  CHECK(reported.at("missed.rate") == std::pair<std::int64_t, std::int64_t>(1, 3));
}

}  // namespace
}  // namespace doorstep::fhir
