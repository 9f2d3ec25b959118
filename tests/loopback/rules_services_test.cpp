// SPDX-License-Identifier: Apache-2.0
// A contract's rules over the public API, against a server process: read, tried, published, and
// refused where they cannot stand.
#include <algorithm>
#include <thread>

#include "shared/core/clock.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "tests/loopback/office_server.h"

namespace doorstep::support {
namespace {

const std::string kRulesService = "/doorstep.records.v1.RulesService/";

struct RulesServer : OfficeServer {
  RulesServer() {
    Browser council = browser("council");
    contract = council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
                   .body["contracts"][0]["contractId"];
  }
  Browser::Answer call(Browser& browser, const std::string& method, json request) const {
    if (!request.contains("contractId"))
      request["contractId"] = contract;
    return browser.call(kRulesService + method, request);
  }
  // What a preview comes to: the answer behind its progress, or why there is none.
  struct Tried {
    json preview;
    std::string reason;
  };
  Tried preview(Browser& browser, json request) const {
    if (!request.contains("contractId"))
      request["contractId"] = contract;
    Tried tried;
    for (const json& message : browser.stream(kRulesService + "PreviewRules", request)) {
      if (message.contains("preview"))
        tried.preview = message["preview"];
      if (message.contains("error"))
        tried.reason = message["error"]["message"];
    }
    return tried;
  }
  json draft(const json& parameters, std::uint32_t newestSeen = 1) const {
    return {{"parameters", parameters},
            {"newestSeen", newestSeen},
            {"firstDay", inDays(1)},
            {"reason", "agreed"}};
  }
  std::size_t versions(Browser& browser) const {
    return call(browser, "ListRuleVersions", json::object()).body["versions"].size();
  }
  std::string contract;
};

TEST_CASE("a council tries rules and publishes them, the provider reads them, and verify agrees") {
  RulesServer server;
  Browser council = server.browser("council");
  const json rules = {{"lateToleranceMin", 25}, {"veryLateMin", 60}};
  const auto tried =
      server.preview(council, {{"draft", rules}, {"firstDay", inDays(-7)}, {"lastDay", inDays(0)}});
  REQUIRE(tried.preview.is_object());
  CHECK_FALSE(tried.preview.contains("faults"));
  CHECK(server.versions(council) == 1);  // nothing was stored

  const auto published = server.call(council, "PublishRules", server.draft(rules));
  REQUIRE(published.status == 200);
  CHECK(published.body["ruleVersion"] == 2);
  CHECK(server.call(council, "PublishRules", server.draft(rules, 2)).reason() == "RULES_AS_BEFORE");
  json past = server.draft({{"lateToleranceMin", 20}}, 2);
  past["firstDay"] = inDays(-1);
  CHECK(server.call(council, "PublishRules", past).reason() == "RULES_FROM_PAST");
  past["isCorrection"] = true;
  CHECK(server.call(council, "PublishRules", past).body["ruleVersion"] == 3);

  Browser supervisor = server.browser("supervisor");
  const auto read = server.call(supervisor, "ListRuleVersions", json::object());
  REQUIRE(read.body["versions"].size() == 3);
  CHECK_FALSE(read.body.contains("mayPublish"));
  CHECK(read.body["versions"][0]["isCorrection"] == true);
  CHECK(read.body["versions"][0]["decidedBy"] == "council");
  CHECK(read.body["versions"][1]["parameters"]["lateToleranceMin"] == 25);

  CHECK(server.stop() == 0);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("rules version 3") != std::string::npos);
}

TEST_CASE("only the council of the contract and operators try and publish rules") {
  RulesServer server;
  Browser nobody(server);
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  for (const char* method : {"ListRuleVersions", "PublishRules"}) {
    INFO(method);
    CHECK(server.call(nobody, method, json::object()).reason() == "NOT_SIGNED_IN");
    CHECK(server.call(council, method, {{"contractId", "7"}}).reason() == "CONTRACT_UNKNOWN");
  }
  CHECK(server.call(supervisor, "PublishRules", json::object()).reason() == "ROLE_NOT_ALLOWED");
  CHECK(server.preview(nobody, json::object()).reason == "NOT_SIGNED_IN");
  CHECK(server.preview(council, {{"contractId", "7"}}).reason == "CONTRACT_UNKNOWN");
  CHECK(server.preview(supervisor, json::object()).reason == "ROLE_NOT_ALLOWED");
}

TEST_CASE("rules that are out of bounds or contradict each other are refused with the parameters") {
  RulesServer server;
  Browser council = server.browser("council");
  const auto faultsOf = [&](const json& rules) {
    const auto tried = server.preview(
        council, {{"draft", rules}, {"firstDay", inDays(-7)}, {"lastDay", inDays(0)}});
    CHECK(tried.reason.empty());
    REQUIRE(tried.preview.is_object());
    CHECK_FALSE(tried.preview.contains("visits"));
    const auto refused = server.call(council, "PublishRules", server.draft(rules));
    CHECK(refused.reason() == "RULES_REFUSED");
    return tried.preview.value("faults", json::array());
  };
  for (const json& rules :
       {json{{"lateToleranceMin", -1}}, json{{"lateToleranceMin", 1'000'000'000}},
        json{{"earlyToleranceMin", -1}}, json{{"missedAfterMin", 2'147'483'647}}}) {
    INFO(rules);
    const json faults = faultsOf(rules);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults[0]["reason"] == "NUMBER_OUT_OF_BOUNDS");
    CHECK_FALSE(faults[0]["text"].get<std::string>().empty());
  }
  // A window of zero: no start could be on time.
  const json noWindow = {{"windowInclusive", false},
                         {"lateToleranceMin", 0},
                         {"earlyToleranceMin", 0},
                         {"timeCriticalToleranceMin", 0}};
  const json faults = faultsOf(noWindow);
  REQUIRE_FALSE(faults.empty());
  CHECK(faults[0]["reason"] == "RULES_CONTRADICT");
  CHECK(faults[0]["parameters"].size() == 2);
  CHECK(faultsOf({{"driftLowPct", 120}, {"driftHighPct", 90}})[0]["reason"] == "RULES_CONTRADICT");
  CHECK(server.call(council, "PublishRules", server.draft({{"weekStart", "someday"}})).reason() ==
        "RULES_FORMAT");
  CHECK(server.call(council, "PublishRules", server.draft({{"lateToleranceMin", 1e12}})).status !=
        200);
  CHECK(server.versions(council) == 1);
}

TEST_CASE("days of rules and previews that cannot be are refused") {
  RulesServer server;
  Browser council = server.browser("council");
  const auto tried = [&](const std::string& first, const std::string& last) {
    return server
        .preview(council, {{"draft", json::object()}, {"firstDay", first}, {"lastDay", last}})
        .reason;
  };
  CHECK(tried("", "") == "DAY_FORMAT");
  CHECK(tried(inDays(0), inDays(-1)) == "DAYS_REVERSED");
  CHECK(tried(inDays(-92), inDays(0)) == "DAYS_TOO_MANY");
  CHECK(tried("0001-01-01", "9999-12-31") == "DAYS_TOO_MANY");
  json request = server.draft({{"lateToleranceMin", 20}});
  request["lastDay"] = inDays(-5);
  CHECK(server.call(council, "PublishRules", request).reason() == "DAYS_REVERSED");
  request.erase("lastDay");
  request["reason"] = "";
  CHECK(server.call(council, "PublishRules", request).reason() == "REASON_MISSING");
  request["reason"] = std::string(501, 'x');
  CHECK(server.call(council, "PublishRules", request).reason() == "REASON_TOO_LONG");
  CHECK(server.versions(council) == 1);
}

TEST_CASE("of officers who publish at once exactly one does, and the others are told") {
  RulesServer server;
  Browser council = server.browser("council");
  constexpr int kOfficers = 8;
  std::vector<std::string> reasons(kOfficers);
  {
    std::vector<Browser> browsers;
    for (int i = 0; i < kOfficers; ++i)
      browsers.emplace_back(server, council);
    std::vector<std::jthread> officers;
    for (int i = 0; i < kOfficers; ++i)
      officers.emplace_back([&, i] {
        json request = server.draft({{"lateToleranceMin", 16 + i}});
        request["contractId"] = server.contract;
        const auto answer = browsers[i].tryCall(kRulesService + "PublishRules", request);
        reasons[i] = answer.status == 200 ? "" : answer.status == 0 ? "none" : answer.reason();
      });
  }
  CHECK(std::count(reasons.begin(), reasons.end(), "") == 1);
  CHECK(std::count(reasons.begin(), reasons.end(), "RULES_CHANGED") == kOfficers - 1);
  CHECK(server.versions(council) == 2);
}

}  // namespace
}  // namespace doorstep::support
