// SPDX-License-Identifier: Apache-2.0
// What supervisors say of visits over the public API, against a server process.
#include "shared/core/clock.h"
#include "shared/core/local_time.h"
#include "tests/loopback/office_server.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

constexpr const char* kAdjustments = "/doorstep.records.v1.AdjustmentService/";

// A server whose first visit a phone has recorded.
struct RecordedServer : OfficeServer {
  RecordedServer() {
    SyncClient client(*this, &phone);
    REQUIRE(client.exchange({phone.signer.record(visit(0), 1)}).status.ok());
  }
  json slot(std::size_t index, std::uint32_t seen = 0) const {
    return {{"visitId", std::to_string(visit(index).value)}, {"slot", 1}, {"seenRevision", seen}};
  }
  EnrolledPhone phone = enrol(0);
};

TEST_CASE("a supervisor explains and adjusts, the council sees it, and verify agrees") {
  RecordedServer server;
  Browser supervisor = server.browser("supervisor");
  const std::string adjust = std::string(kAdjustments) + "AdjustTimes";
  const std::string explain = std::string(kAdjustments) + "ExplainSlot";
  const std::string list = std::string(kAdjustments) + "ListAdjustments";

  CHECK(supervisor.call(explain, {{"slot", server.slot(0)}, {"reason", "P2"}}).body["revision"] ==
        1);
  const auto late = supervisor.call(explain, {{"slot", server.slot(0)}, {"reason", "P3"}});
  CHECK(late.status != 200);
  CHECK(late.reason() == "ADJUSTMENT_CHANGED");
  CHECK(supervisor.call(adjust, {{"slot", server.slot(0, 1)}}).reason() == "REASON_MISSING");
  const std::int64_t now = SystemClock().wallUnixMs();
  const auto far = supervisor.call(adjust, {{"slot", server.slot(0, 1)},
                                            {"startUnixMs", std::to_string(now - 4 * 86'400'000)},
                                            {"reason", "C7"},
                                            {"action", "A3"}});
  CHECK(far.reason() == "TIME_FAR");

  const auto listed = supervisor.call(list, json::object());
  REQUIRE(listed.status == 200);
  REQUIRE(listed.body["adjustments"].size() == 1);
  CHECK(listed.body["adjustments"][0]["editorName"] == "supervisor");
  CHECK(listed.body["adjustments"][0]["inForce"] == true);
  Browser council = server.browser("council");
  CHECK(council.call(list, json::object()).body["adjustments"].size() == 1);
  CHECK(council.call(std::string(kAdjustments) + "GetAdjustmentTotals", json::object())
            .body["totals"]["explained"] == "1");

  CHECK(server.stop() == 0);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("explained by P2") != std::string::npos);
}

TEST_CASE("only supervisors of the provider and operators say what happened at its visits") {
  RecordedServer server;
  Browser nobody(server);
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  for (const char* method : {"AdjustTimes", "ExplainSlot", "WithdrawAdjustment"}) {
    INFO(method);
    const std::string path = std::string(kAdjustments) + method;
    json slot = server.slot(0);
    CHECK(nobody.call(path, {{"slot", slot}}).reason() == "NOT_SIGNED_IN");
    CHECK(council.call(path, {{"slot", slot}}).reason() == "ROLE_NOT_ALLOWED");
    slot["providerId"] = "1";
    CHECK(supervisor.call(path, {{"slot", slot}}).reason() == "OTHER_PROVIDER");
  }
}

TEST_CASE("a council closes months of its contracts, a supervisor does not") {
  OfficeServer server;
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  const std::string contract =
      council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
          .body["contracts"][0]["contractId"];
  const std::string freezes = "/doorstep.records.v1.FreezeService/";
  const auto order = [&](const std::string& month) {
    return json{{"contractId", contract}, {"month", month}};
  };
  CHECK(supervisor.call(freezes + "FreezeMonth", order("2020-01")).reason() == "ROLE_NOT_ALLOWED");
  CHECK(supervisor.call(freezes + "UnfreezeMonth", order("2020-01")).reason() ==
        "ROLE_NOT_ALLOWED");
  CHECK(council.call(freezes + "FreezeMonth", order("January")).reason() == "MONTH_FORMAT");
  CHECK(council.call(freezes + "FreezeMonth", order("9999-01")).reason() == "MONTH_NOT_OVER");
  CHECK(council.call(freezes + "FreezeMonth", order("2020-01")).reason() == "MONTH_EMPTY");
  CHECK(
      council.call(freezes + "FreezeMonth", {{"contractId", "1"}, {"month", "2020-01"}}).reason() ==
      "CONTRACT_UNKNOWN");
  json unfreeze = order("2020-01");
  unfreeze["freeze"] = 1;
  unfreeze["note"] = "why";
  CHECK(council.call(freezes + "UnfreezeMonth", unfreeze).reason() == "NOT_FROZEN");
  CHECK(council.call(freezes + "GetFreeze", order("2020-01")).reason() == "FREEZE_UNKNOWN");
  const auto listed = supervisor.call(freezes + "ListFreezes", {{"contractId", contract}});
  CHECK(listed.status == 200);
  CHECK_FALSE(listed.body.contains("freezes"));
}

TEST_CASE("a council is told how far its preview of rules is, and lists a cell's visits") {
  OfficeServer server;
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  const std::string rules = "/doorstep.records.v1.RulesService/";
  const std::int64_t now = SystemClock().wallUnixMs();
  json question{{"contractId",
                 council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
                     .body["contracts"][0]["contractId"]},
                {"draft", {{"lateToleranceMin", 30}}},
                {"firstDay", londonDay(now - 2 * 86'400'000)},
                {"lastDay", londonDay(now + 2 * 86'400'000)}};
  const auto answers = council.stream(rules + "PreviewRules", question);
  REQUIRE(answers.size() >= 2);
  CHECK(answers.back() == json::object());
  const json preview = answers[answers.size() - 2]["preview"];
  CHECK(preview["visits"] == "4");
  REQUIRE_FALSE(preview["classes"].empty());
  const json cell = preview["classes"][0];

  json list = question;
  list["before"] = cell["before"];
  list["after"] = cell["after"];
  list["pageToken"] = cell["pageToken"];
  list["pageSize"] = 1;
  std::size_t found = 0;
  while (true) {
    const auto page = council.call(rules + "ListRuledVisits", list);
    INFO(page.body.dump());
    REQUIRE(page.status == 200);
    found += page.body.value("visits", json::array()).size();
    if (!page.body.contains("nextPageToken"))
      break;
    list["pageToken"] = page.body["nextPageToken"];
  }
  CHECK(std::to_string(found) == cell["visits"]);
  // A token is of its draft.
  list["pageToken"] = cell["pageToken"];
  list["draft"] = {{"lateToleranceMin", 29}};
  CHECK(council.call(rules + "ListRuledVisits", list).reason() == "PAGE_TOKEN_INVALID");

  CHECK(supervisor.stream(rules + "PreviewRules", question).back()["error"]["message"] ==
        "ROLE_NOT_ALLOWED");
  question["lastDay"] = question["firstDay"];
  question["firstDay"] = londonDay(now - 200 * 86'400'000LL);
  CHECK(council.stream(rules + "PreviewRules", question).back()["error"]["message"] ==
        "DAYS_TOO_MANY");
}

TEST_CASE("a supervisor replies to a figure, the council reads it, and verify agrees") {
  RecordedServer server;
  Browser supervisor = server.browser("supervisor");
  Browser council = server.browser("council");
  const std::string contract =
      council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
          .body["contracts"][0]["contractId"];
  const std::string replies = "/doorstep.records.v1.RepliesService/";
  json order = {
      {"filter", {{"contractId", contract}, {"firstDay", "2020-01-01"}, {"lastDay", "2099-12-31"}}},
      {"measure", "missed.rate"},
      {"text", "The road was closed."},
      {"visitIds", {std::to_string(server.visit(0).value)}}};
  CHECK(council.call(replies + "ReplyToFigure", order).reason() == "ROLE_NOT_ALLOWED");
  CHECK(Browser(server).call(replies + "ReplyToFigure", order).reason() == "NOT_SIGNED_IN");
  const auto made = supervisor.call(replies + "ReplyToFigure", order);
  REQUIRE(made.status == 200);
  CHECK(made.body["reply"]["reply"] == 1);
  CHECK(made.body["reply"]["accountName"] == "supervisor");
  order["text"] = " ";
  CHECK(supervisor.call(replies + "ReplyToFigure", order).reason() == "TEXT_MISSING");
  order["text"] = "again";
  order["visitIds"] = {"4711"};
  CHECK(supervisor.call(replies + "ReplyToFigure", order).reason() == "VISIT_NOT_OF_FIGURE");
  const json withdrawal = {{"contractId", contract}, {"reply", 1}, {"text", "It was open."}};
  CHECK(council.call(replies + "WithdrawReply", withdrawal).reason() == "ROLE_NOT_ALLOWED");
  CHECK(supervisor.call(replies + "WithdrawReply", withdrawal).body["reply"]["withdraws"] == 1);
  CHECK(supervisor.call(replies + "WithdrawReply", withdrawal).reason() == "REPLY_WITHDRAWN");

  json list = {{"contractId", contract}, {"pageSize", 1}};
  const auto first = council.call(replies + "ListReplies", list);
  REQUIRE(first.body["replies"].size() == 1);
  CHECK(first.body["replies"][0]["withdrawnBy"] == 2);
  CHECK(first.body["replies"][0]["visits"].size() == 1);
  list["pageToken"] = first.body["nextPageToken"];
  const auto second = council.call(replies + "ListReplies", list);
  CHECK(second.body["replies"][0]["text"] == "It was open.");
  CHECK_FALSE(second.body.contains("nextPageToken"));
  list["contractId"] = "1";
  list.erase("pageToken");
  CHECK(council.call(replies + "ListReplies", list).reason() == "CONTRACT_UNKNOWN");

  CHECK(server.stop() == 0);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("reply 2 withdraws reply 1") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::support
