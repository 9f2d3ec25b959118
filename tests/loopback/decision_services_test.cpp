// SPDX-License-Identifier: Apache-2.0
// What supervisors say of visits over the public API, against a server process.
#include "shared/core/clock.h"
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
