// SPDX-License-Identifier: Apache-2.0
// From a phone's entry over gRPC to a supervisor's and a council officer's HTTPS calls.
#include <google/protobuf/util/json_util.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/core/local_time.h"
#include "shared/evidence/checkpoint.h"
#include "shared/wire/plan_proof.h"
#include "shared/wire/proof_extra.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

using nlohmann::json;

constexpr const char* kBoard = "doorstep.monitoring.v1.BoardService/";
constexpr const char* kRecords = "doorstep.records.v1.RecordsService/";
constexpr const char* kMeasures = "doorstep.records.v1.MeasuresService/";
constexpr const char* kPassword = "a long enough password";

template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    FAIL(result.error().reason << ": " << result.error().text);
  return std::move(result).value();
}

// A server with a supervisor, an officer of the council that pays, and one of another council.
struct Site {
  TestServer server{{}};
  EnrolledPhone phone = server.enrol(0);

  Site() {
    addAccount("sue", identity::Role::Supervisor, server.provider(), {});
    addAccount("olu", identity::Role::Council, {}, "Example Council");
    addAccount("eve", identity::Role::Council, {}, "Elsewhere Council");
    server.start();
  }
  void addAccount(const std::string& login, identity::Role role, ProviderId provider,
                  const std::string& council) {
    SystemClock clock;
    SystemIdSource ids;
    const auto password = must(identity::hashPassword(kPassword, ids, {.logN = 10}));
    const auto database = server.openDatabase();
    must(database->write([&](sql::Database& writer) -> Status {
      identity::Account account;
      account.login = login;
      account.displayName = login;
      account.role = role;
      account.provider = provider;
      if (!council.empty()) {
        DOORSTEP_ASSIGN(account.council, roster::ensureCouncil(writer, council, clock, ids));
      }
      DOORSTEP_TRY(identity::addAccount(writer, account, password, clock, ids));
      return kDone;
    }));
  }
  void checkIn(VisitId visit) {
    SyncClient client(server, &phone);
    const auto entry = phone.signer.record(visit, 1);
    const auto answer = client.exchange({entry});
    REQUIRE(answer.status.ok());
    REQUIRE(answer.response.verdicts(0).verdict() == doorstep::sync::v1::VERDICT_ACCEPTED);
  }
};

class Browser {
 public:
  explicit Browser(const Site& site, const char* login = nullptr)
      : client_(
            must(HttpsClient::connect("127.0.0.1", site.server.webPort(),
                                      {.caPem = site.server.directory().keys().authority.pem}))) {
    if (login == nullptr)
      return;
    const auto response =
        must(client_->call("/doorstep.admin.v1.AccountService/SignIn",
                           json{{"login", login}, {"password", kPassword}}.dump()));
    REQUIRE(response.status == 200);
    const std::string cookie = response.header("set-cookie");
    cookie_ = "cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  }
  HttpResponse call(const std::string& method, const json& request) {
    return must(client_->call("/" + method, request.dump(), cookie_));
  }
  json answer(const std::string& method, const json& request = json::object()) {
    const auto response = call(method, request);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return json::parse(response.body);
  }
  std::string refusal(const std::string& method, const json& request = json::object()) {
    const auto response = call(method, request);
    REQUIRE(response.status != 200);
    return json::parse(response.body).value("message", "");
  }
  // A server-streaming call in Connect's envelopes: one byte of flags, four of length, the message.
  void openStream(const std::string& method, const json& request) {
    const std::string message = request.dump();
    std::string body(5, '\0');
    for (int byte = 0; byte < 4; ++byte)
      body[static_cast<std::size_t>(4 - byte)] = static_cast<char>(message.size() >> (8 * byte));
    body += message;
    REQUIRE(client_
                ->send("POST /" + method +
                       " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/connect+json\r\n"
                       "connect-protocol-version: 1\r\n" +
                       cookie_ + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" +
                       body)
                .ok());
    REQUIRE(must(client_->readHead()).status == 200);
  }
  // Nothing: the end of the stream, whose envelope is left in `end`.
  std::optional<json> next() {
    while (true) {
      if (buffer_.size() >= 5) {
        std::size_t size = 0;
        for (std::size_t byte = 1; byte < 5; ++byte)
          size = size << 8 | static_cast<std::uint8_t>(buffer_[byte]);
        if (buffer_.size() >= 5 + size) {
          const bool last = (buffer_[0] & 2) != 0;
          const json message = json::parse(buffer_.substr(5, size));
          buffer_.erase(0, 5 + size);
          if (!last)
            return message;
          end = message;
          return std::nullopt;
        }
      }
      const auto chunk = must(client_->readChunk());
      REQUIRE(chunk);
      buffer_ += *chunk;
    }
  }
  json end;

 private:
  std::unique_ptr<HttpsClient> client_;
  std::string cookie_;
  std::string buffer_;
};

json findRow(const json& rows, VisitId visit) {
  for (const json& row : rows) {
    if (row.value("visitId", "") == std::to_string(visit.value))
      return row;
  }
  return {};
}

TEST_CASE("a check-in over gRPC reaches a supervisor who watches over HTTPS, and her next page") {
  Site site;
  Browser page(site, "sue");
  const json board = page.answer(std::string(kBoard) + "GetBoard");
  CHECK(board["providerName"] == "Example Care");
  REQUIRE_FALSE(findRow(board["rows"], site.server.visit(0)).is_null());

  Browser stream(site, "sue");
  stream.openStream(std::string(kBoard) + "WatchBoard", {{"afterRevision", board["revision"]}});
  site.checkIn(site.server.visit(0));
  while (true) {
    const auto change = stream.next();
    REQUIRE(change);
    const json row = findRow(change->value("rows", json::array()), site.server.visit(0));
    if (!row.is_null() && row["slots"][0].contains("checkedInUnixMs"))
      break;
  }
  const json after = page.answer(std::string(kBoard) + "GetBoard");
  CHECK(findRow(after["rows"], site.server.visit(0))["slots"][0].contains("checkedInUnixMs"));
}

TEST_CASE("a watch from a revision that is unknown is told to begin again") {
  Site site;
  Browser stream(site, "sue");
  stream.openStream(std::string(kBoard) + "WatchBoard", {{"afterRevision", "1"}});
  const auto change = stream.next();
  REQUIRE(change);
  CHECK((*change)["reset"] == true);
  CHECK_FALSE(stream.next());
}

TEST_CASE("a server that stops ends its watches at once, so that it can") {
  Site site;
  Browser page(site, "sue");
  const json board = page.answer(std::string(kBoard) + "GetBoard");
  Browser stream(site, "sue");
  stream.openStream(std::string(kBoard) + "WatchBoard", {{"afterRevision", board["revision"]}});
  CHECK(site.server.stop() == 0);
}

TEST_CASE("a check-in is in a council's figures, which open down to its visit") {
  Site site;
  site.checkIn(site.server.visit(0));
  Browser officer(site, "olu");
  const json contracts = officer.answer(std::string(kRecords) + "ListContracts");
  REQUIRE(contracts["contracts"].size() == 1);
  // A visit without a plan that counts is of the day that its phone says, whichever that is.
  const json filter = {{"contractId", contracts["contracts"][0]["contractId"]},
                       {"firstDay", "2000-01-01"},
                       {"lastDay", "2100-01-01"}};
  // Whatever the time of day, a visit with a check-in was planned in time or too late to count.
  const std::string id = "unplanned.rate";
  const json figures = officer.answer(std::string(kMeasures) + "GetMeasures",
                                      {{"filter", filter}, {"measures", {id}}});
  CHECK(figures["groups"][0]["counts"]["inFile"] == "4");
  const json behind =
      officer.answer(std::string(kMeasures) + "ListMeasureVisits",
                     {{"filter", filter}, {"measure", id}, {"part", "MEASURE_PART_DENOMINATOR"}});
  const json visit = findRow(behind["visits"], site.server.visit(0));
  REQUIRE_FALSE(visit.is_null());
  CHECK(visit["slots"][0].contains("startUnixMs"));
  CHECK_FALSE(behind.contains("nextPageToken"));
  // Ids and refs of others are not told apart from none.
  Browser other(site, "eve");
  CHECK(other.refusal(std::string(kMeasures) + "GetMeasures", {{"filter", filter}}) ==
        "CONTRACT_UNKNOWN");
  CHECK(officer.refusal(std::string(kMeasures) + "ListMeasureVisits",
                        {{"filter", filter},
                         {"measure", id},
                         {"part", "MEASURE_PART_REST"},
                         {"pageToken", "AAAA"}}) == "PAGE_TOKEN_INVALID");
  Browser stranger(site);
  CHECK(stranger.call(std::string(kMeasures) + "ListMeasures", json::object()).status == 401);
}

TEST_CASE("a visit opens to its events, and the look is on record") {
  Site site;
  site.checkIn(site.server.visit(0));
  Browser browser(site, "sue");
  const json visit = browser.answer(std::string(kBoard) + "GetVisit",
                                    {{"visitId", std::to_string(site.server.visit(0).value)}});
  REQUIRE(visit["events"].size() == 1);
  CHECK(visit["events"][0]["fact"].contains("checkedIn"));
  CHECK(visit["events"][0]["receipt"]["logSize"] == std::to_string(kOfficeEntries + 1));
  const auto database = site.server.openDatabase();
  const auto planned =
      must(roster::visit(database->writer(), site.server.provider(), site.server.visit(0)));
  const auto looks =
      must(identity::looksAtPerson(database->writer(), site.server.provider(), planned.person, 10));
  REQUIRE(looks.size() == 1);
  CHECK(looks.front().visit == site.server.visit(0));
  CHECK(looks.front().purpose == identity::LookPurpose::Board);
}

TEST_CASE("a council officer has records, figures, a file and proofs, and no board") {
  Site site;
  site.checkIn(site.server.visit(0));
  Browser browser(site, "olu");
  const json contracts = browser.answer(std::string(kRecords) + "ListContracts");
  REQUIRE(contracts["contracts"].size() == 1);
  const json records = browser.answer(std::string(kRecords) + "ListVisitRecords");
  const json totals = browser.answer(std::string(kRecords) + "GetTotals");
  CHECK(totals["totals"]["carerVisits"] == std::to_string(records["records"].size()));

  const json rules = browser.answer(std::string(kRecords) + "ExportRules");
  CHECK_FALSE(rules["rulesJson"].get<std::string>().empty());

  const json proofs = browser.answer(std::string(kRecords) + "GetVisitProofs",
                                     {{"providerId", std::to_string(site.server.provider().value)},
                                      {"visitId", std::to_string(site.server.visit(0).value)}});
  REQUIRE(proofs["proofs"].size() == 1);
  const auto proof =
      must(evidence::parseTlogProof(proofs["proofs"][0]["tlogProof"].get<std::string>()));
  const auto log =
      must(evidence::NoteVerifier::fromVkey(proofs["logVerifierKey"].get<std::string>()));
  const auto shown = must(wire::readProofExtra(proof.extra));
  CHECK(evidence::verifyTlogProof(proof, shown.leafData, log).ok());
  CHECK(shown.events.at(0).event->visit == site.server.visit(0));

  Browser file(site, "olu");
  file.openStream(std::string(kRecords) + "ExportCsv", {{"filter", json::object()}});
  std::string csv;
  while (const auto piece = file.next())
    csv += must(fromBase64((*piece)["chunk"].get<std::string>()));
  CHECK(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) ==
        records["records"].size() + 1);

  CHECK(browser.refusal(std::string(kBoard) + "GetBoard") == "ROLE_NOT_ALLOWED");
}

TEST_CASE("a council officer checks over HTTPS what a visit is judged by") {
  Site site;
  Browser browser(site, "olu");
  const std::string method = std::string(kRecords) + "GetPlanProofs";
  json request{{"providerId", std::to_string(site.server.provider().value)},
               {"visitId", std::to_string(site.server.visit(0).value)},
               {"withLater", true}};
  const json answer = browser.answer(method, request);
  records::v1::GetPlanProofsResponse response;
  REQUIRE(google::protobuf::util::JsonStringToMessage(answer.dump(), &response).ok());
  const auto log = must(evidence::NoteVerifier::fromVkey(response.log_verifier_key()));
  REQUIRE(response.visits_size() == 1);
  const auto plan = must(wire::readPlanVisitProof(response.visits(0), log));
  CHECK(plan.decision.provider == site.server.provider());
  CHECK(plan.visit.id == site.server.visit(0));
  CHECK_FALSE(plan.showsCarers);
  const json record = browser.answer(std::string(kRecords) + "ListVisitRecords")["records"][0];
  CHECK(std::to_string(plan.planVersion) == record["judgedPlan"]["publication"]["planVersion"]);
  const auto rules = must(wire::readRulesProof(response.rules(), log));
  CHECK(rules.rules.ruleVersion == record["ruleVersion"].get<std::uint32_t>());
  REQUIRE(response.terms_size() == 2);
  for (const auto& terms : response.terms())
    CHECK(must(wire::readTermsProof(terms, log)).decision.fact.decision.index() ==
          plan.decision.fact.decision.index());

  Browser other(site, "eve");
  CHECK(other.refusal(method, request) == "VISIT_UNKNOWN");
  request["visitId"] = "7";
  CHECK(browser.refusal(method, request) == "VISIT_UNKNOWN");
  request["providerId"] = "7";
  CHECK(browser.refusal(method, request) == "VISIT_UNKNOWN");

  // The office's decisions are found again by the log alone.
  REQUIRE(site.server.stop() == 0);
  REQUIRE(site.server.run({"rebuild"}) == 0);
  site.server.start();
  Browser again(site, "sue");
  request = {{"providerId", std::to_string(site.server.provider().value)},
             {"visitId", std::to_string(site.server.visit(0).value)}};
  REQUIRE(
      google::protobuf::util::JsonStringToMessage(again.answer(method, request).dump(), &response)
          .ok());
  CHECK(must(wire::readPlanVisitProof(response.visits(0), log)).showsCarers);
}

TEST_CASE("another council, and who is not signed in, sees nothing") {
  Site site;
  site.checkIn(site.server.visit(0));
  Browser other(site, "eve");
  CHECK(other.answer(std::string(kRecords) + "ListVisitRecords")
            .value("records", json::array())
            .empty());
  CHECK(other.refusal(std::string(kRecords) + "GetVisitProofs",
                      {{"providerId", std::to_string(site.server.provider().value)},
                       {"visitId", std::to_string(site.server.visit(0).value)}}) ==
        "VISIT_UNKNOWN");
  Browser stranger(site);
  for (const char* method : {"ListContracts", "ListVisitRecords", "GetTotals", "GetVisitProofs",
                             "GetPlanProofs", "ExportRules"})
    CHECK(stranger.refusal(std::string(kRecords) + method) == "NOT_SIGNED_IN");
  for (const char* method : {"GetBoard", "GetVisit"})
    CHECK(stranger.refusal(std::string(kBoard) + method) == "NOT_SIGNED_IN");
  stranger.openStream(std::string(kBoard) + "WatchBoard", json::object());
  CHECK_FALSE(stranger.next());
  CHECK(stranger.end["error"]["code"] == "unauthenticated");
}

TEST_CASE("pages follow one another, and a token of another list or hand is refused") {
  Site site;
  Browser sue(site, "sue");
  const std::string list = std::string(kRecords) + "ListVisitRecords";
  const json first = sue.answer(list, {{"pageSize", 1}});
  REQUIRE(first["records"].size() == 1);
  const std::string token = first["nextPageToken"];
  const json second = sue.answer(list, {{"pageSize", 1}, {"pageToken", token}});
  CHECK(second["records"][0]["visitId"] != first["records"][0]["visitId"]);
  CHECK(sue.refusal(list, {{"pageToken", token}, {"filter", {{"lot", "north"}}}}) ==
        "PAGE_TOKEN_INVALID");
  CHECK(sue.refusal(list, {{"pageToken", "AAAA"}}) == "PAGE_TOKEN_INVALID");
  Browser olu(site, "olu");
  CHECK(olu.refusal(list, {{"pageToken", token}}) == "PAGE_TOKEN_INVALID");

  const std::string getBoard = std::string(kBoard) + "GetBoard";
  const json top = sue.answer(getBoard, {{"pageSize", 1}});
  const json rest = sue.answer(getBoard, {{"pageSize", 1}, {"pageToken", top["nextPageToken"]}});
  CHECK(rest["rows"][0]["visitId"] != top["rows"][0]["visitId"]);
  CHECK(rest["revision"] == top["revision"]);
  CHECK(sue.refusal(getBoard, {{"pageToken", token}}) == "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace doorstep::support
