// SPDX-License-Identifier: Apache-2.0
// What an office does over the public API, against a server process: sign-in, import, enrolment,
// reassignment, revocation, and what each role is refused.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/formats.h"
#include "tests/loopback/office_server.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

constexpr const char* kOffice = "/doorstep.admin.v1.OfficeService/";

TEST_CASE("a session is a cookie that scripts cannot read and that ends with sign-out") {
  OfficeServer server;
  Browser browser(server);
  CHECK(browser.call(std::string(kAccounts) + "GetSession", json::object()).reason() ==
        "NOT_SIGNED_IN");
  const auto signedIn = browser.signIn("supervisor", server.passwords.at("supervisor"));
  CHECK(signedIn.body["session"]["organisationName"] == "Example Care");
  for (const char* attribute : {"; HttpOnly", "; Secure", "; SameSite=Strict", "; Path=/"})
    CHECK(browser.setCookie.find(attribute) != std::string::npos);
  CHECK(
      browser.call(std::string(kAccounts) + "GetSession", json::object()).body["session"]["role"] ==
      "ROLE_SUPERVISOR");
  CHECK(browser.call(std::string(kAccounts) + "SignOut", json::object()).status == 200);
  CHECK(browser.call(std::string(kAccounts) + "GetSession", json::object()).reason() ==
        "NOT_SIGNED_IN");
}

TEST_CASE("wrong passwords get one answer, then are slowed down") {
  OfficeServer server;
  Browser browser(server);
  std::string reason;
  for (int attempt = 0; attempt < 16 && reason != "TOO_MANY_ATTEMPTS"; ++attempt) {
    const auto refused = browser.signIn("supervisor", "a wrong password");
    CHECK(refused.status != 200);
    reason = refused.reason();
    CHECK((reason == "SIGN_IN_FAILED" || reason == "TOO_MANY_ATTEMPTS"));
  }
  CHECK(reason == "TOO_MANY_ATTEMPTS");
  CHECK(browser.setCookie.empty());
}

TEST_CASE("every call of the office asks who calls and for which provider") {
  OfficeServer server;
  Browser nobody(server);
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  for (const char* method : {"ImportRota", "ReassignVisit", "CreateEnrolmentCode", "ListDevices",
                             "RevokeDevice", "ListCarers", "ListQuarantine", "ListAlarms"}) {
    INFO(method);
    const std::string path = std::string(kOffice) + method;
    CHECK(nobody.call(path, {{"providerId", server.id()}}).reason() == "NOT_SIGNED_IN");
    CHECK(council.call(path, {{"providerId", server.id()}}).reason() == "ROLE_NOT_ALLOWED");
    CHECK(supervisor.call(path, {{"providerId", "1"}}).reason() == "OTHER_PROVIDER");
  }
}

TEST_CASE("a rota is imported whole over the API, and its faults are told") {
  OfficeServer server;
  Browser supervisor = server.browser("supervisor");
  const std::string people = "person_ref,name,latitude,longitude,lot\np9,Bea Example,,,north\n";
  const std::string carers = "carer_ref,name\nc0,Carer Example\nc1,Carer Example\n";
  const std::string header =
      "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,window_end,"
      "duration_min\n";
  const auto import = [&](const std::string& rows) {
    return supervisor
        .call(std::string(kOffice) + "ImportRota", {{"peopleCsv", toBase64(people)},
                                                    {"carersCsv", toBase64(carers)},
                                                    {"visitsCsv", toBase64(header + rows)}})
        .body;
  };
  const std::string good = "w1,p9,1,1,c0,tea,2031-03-03T16:00:00,2031-03-03T17:00:00,30\n";
  const json refused =
      import(good + "w2,p8,1,1,c0,tea,2031-03-03T18:00:00,2031-03-03T17:00:00,30\n");
  REQUIRE(refused["faults"].size() == 2);
  CHECK(refused["faults"][0]["reason"] == "UNKNOWN_REFERENCE");
  CHECK(refused["faults"][1]["column"] == "window_end");
  CHECK(refused["faults"][1]["line"] == "3");
  CHECK_FALSE(refused.contains("planVersion"));

  const json imported = import(good);
  CHECK_FALSE(imported.contains("faults"));
  CHECK(imported["visits"] == "1");
  CHECK(imported["planVersion"] == "2");

  const json versions =
      supervisor.call(std::string(kOffice) + "ListPlanVersions", {{"pageSize", 1}}).body;
  REQUIRE(versions.at("versions").size() == 1);
  const json& newest = versions.at("versions")[0];
  CHECK(newest["publication"]["planVersion"] == "2");
  CHECK(newest["publication"]["reason"] == "PLAN_REASON_IMPORT");
  CHECK_FALSE(newest["publication"]["accountName"].get<std::string>().empty());
  CHECK(newest["visitsNew"] == "1");
  CHECK(newest["files"].size() == 3);
  const json older = supervisor
                         .call(std::string(kOffice) + "ListPlanVersions",
                               {{"pageSize", 1}, {"pageToken", versions.at("nextPageToken")}})
                         .body;
  CHECK(older.at("versions")[0]["publication"]["planVersion"] == "1");
  CHECK_FALSE(older.at("versions")[0]["publication"].contains("accountName"));
}

TEST_CASE("the office makes a code for a carer, sees her phone and can refuse it") {
  OfficeServer server;
  server.enrol(1);
  Browser office = server.browser("operator");
  const json carers =
      office.call(std::string(kOffice) + "ListCarers", {{"providerId", server.id()}}).body;
  REQUIRE(carers.at("carers").size() == 2);
  const auto coded =
      office.call(std::string(kOffice) + "CreateEnrolmentCode",
                  {{"providerId", server.id()}, {"carerId", carers.at("carers")[1].at("carerId")}});
  const auto offer = wire::parseEnrolmentText(coded.body.at("enrolmentText").get<std::string>());
  REQUIRE(offer.ok());
  CHECK(offer->port == server.devicePort());
  // A phone enrols on the device port; the front does not pass the method on.
  CHECK(office.call("/doorstep.enrolment.v1.EnrolmentService/Enrol", json::object()).status != 200);

  const auto devices = [&] {
    return office.call(std::string(kOffice) + "ListDevices", {{"providerId", server.id()}})
        .body.at("devices");
  };
  const json before = devices();
  REQUIRE(before.size() == 1);
  CHECK_FALSE(before[0].contains("revoked"));
  const json revoke = {{"providerId", server.id()}, {"deviceId", before[0].at("deviceId")}};
  CHECK(office.call(std::string(kOffice) + "RevokeDevice", revoke).status == 200);
  CHECK(devices()[0].at("revoked") == true);
}

TEST_CASE("the office sees which app a phone has, and what that app does not know") {
  OfficeServer server;
  auto phone = server.enrol(0);
  Browser office = server.browser("supervisor");
  const auto device = [&] {
    return office.call(std::string(kOffice) + "ListDevices", {{"providerId", server.id()}})
        .body.at("devices")[0];
  };
  CHECK_FALSE(device().contains("appVersion"));
  wire::Formats formats = wire::ownFormats();
  const auto tell = [&] {
    doorstep::sync::v1::ExchangeRequest request;
    request.set_formats(wire::encodeFormats(formats));
    REQUIRE(SyncClient(server, &phone).exchange(request).status.ok());
  };
  tell();
  CHECK(device().at("appVersion") == formats.appVersion);
  CHECK_FALSE(device().contains("unreadPlanKinds"));
  CHECK_FALSE(device().contains("unknownFactKinds"));
  formats.appVersion = "0.1.9";
  formats.planKinds.pop_back();
  formats.factKinds.pop_back();
  tell();
  CHECK(device().at("appVersion") == "0.1.9");
  CHECK(device().at("unreadPlanKinds").size() == 1);
  CHECK(device().at("unknownFactKinds").size() == 1);
}

TEST_CASE("the office sees what is not counted, in the log and outside it, page by page") {
  OfficeServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  const auto send = [&](const SigningPhone::Signed& entry) {
    REQUIRE(client.exchange({entry}).status.ok());
  };
  send(phone.signer.record(VisitId(1)));
  send(phone.signer.record(server.visit(0)));
  auto altered = phone.signer.record(server.visit(0));
  altered.spoilSignature();
  send(altered);
  send(phone.signer.record(VisitId(2)));

  Browser office = server.browser("supervisor");
  const auto page = [&](const json& token) {
    return office
        .call(std::string(kOffice) + "ListQuarantine", {{"pageSize", 2}, {"pageToken", token}})
        .body;
  };
  const json first = page("");
  REQUIRE(first.at("entries").size() == 2);
  CHECK(first.at("entries")[0].at("reason") == "UNKNOWN_VISIT");
  CHECK(first.at("entries")[0].at("position") == std::to_string(kOfficeEntries + 2));
  CHECK_FALSE(first.at("entries")[1].contains("position"));
  const json second = page(first.at("nextPageToken"));
  REQUIRE(second.at("entries").size() == 1);
  CHECK(second.at("entries")[0].at("n") == "1");
  CHECK(second.at("entries")[0].at("carerName") == first.at("entries")[1].at("carerName"));
  CHECK_FALSE(second.contains("nextPageToken"));
  CHECK(office.call(std::string(kOffice) + "ListQuarantine", {{"pageToken", "1.x"}}).reason() ==
        "PAGE_TOKEN_INVALID");
}

TEST_CASE("the office and verify see alarms, the newest first") {
  OfficeServer server;
  auto phone = server.enrol(0);
  {
    SyncClient client(server, &phone);
    const auto copy = phone.signer;  // the phone's key and chain, copied
    REQUIRE(client.exchange({phone.signer.record(server.visit(0))}).status.ok());
    auto forked = copy;
    REQUIRE(client.exchange({forked.record(server.visit(1))}).status.ok());
    doorstep::sync::v1::ExchangeRequest regress;
    regress.set_held_log_size(1'000);
    REQUIRE(client.exchange(regress).status.ok());
  }
  Browser office = server.browser("supervisor");
  const auto page = [&](const json& token) {
    return office.call(std::string(kOffice) + "ListAlarms", {{"pageSize", 1}, {"pageToken", token}})
        .body;
  };
  const json first = page("");
  REQUIRE(first.at("alarms").size() == 1);
  CHECK(first.at("alarms")[0].at("kind") == "ALARM_KIND_LOG_REGRESS");
  CHECK(first.at("alarms")[0].at("carerName") == "Carer Example");
  const json second = page(first.at("nextPageToken"));
  REQUIRE(second.at("alarms").size() == 1);
  CHECK(second.at("alarms")[0].at("kind") == "ALARM_KIND_FORK");
  const std::string device = std::to_string(phone.signer.device().value);
  CHECK(second.at("alarms")[0].at("deviceId") == device);
  CHECK(page(second.at("nextPageToken")).empty());

  std::string report;
  CHECK(server.run({"verify"}, &report) == 0);
  CHECK(report.find("alarm: LOG_REGRESS device " + device) < report.find("alarm: FORK device"));
  CHECK(report.find("alarm: FORK device " + device) != std::string::npos);
  CHECK(report.find("in quarantine: 1 FORK\n") != std::string::npos);
}

TEST_CASE("a visit is given to another carer, and a list is paged") {
  OfficeServer server;
  Browser office = server.browser("supervisor");
  const auto first = office.call(std::string(kOffice) + "ListCarers", {{"pageSize", 1}}).body;
  REQUIRE(first["carers"].size() == 1);
  const auto second = office
                          .call(std::string(kOffice) + "ListCarers",
                                {{"pageSize", 1}, {"pageToken", first["nextPageToken"]}})
                          .body;
  REQUIRE(second["carers"].size() == 1);
  CHECK(second["carers"][0]["carerId"] != first["carers"][0]["carerId"]);
  CHECK(office.call(std::string(kOffice) + "ListCarers", {{"pageToken", "x"}}).reason() ==
        "PAGE_TOKEN_INVALID");

  const auto reassign = [&](const json& carer) {
    return office.call(
        std::string(kOffice) + "ReassignVisit",
        {{"visitId", std::to_string(server.visit(0).value)}, {"slot", 1}, {"carerId", carer}});
  };
  CHECK(reassign(second["carers"][0]["carerId"]).body["planVersion"] == "2");
  CHECK(reassign(second["carers"][0]["carerId"]).body["planVersion"] == "2");
  CHECK(reassign(first["carers"][0]["carerId"]).body["planVersion"] == "3");
  CHECK(reassign("12345").reason() == "CARER_UNKNOWN");
}

// A phone that has the plan as it was when it was made.
struct WatchingPhone {
  WatchingPhone(TestServer& server, int carer)
      : phone(server.enrol(carer)), client(server, &phone) {
    const auto answer = client.exchange(doorstep::sync::v1::ExchangeRequest());
    REQUIRE(answer.status.ok());
    request.set_plan_cursor(answer.response.plan().next_cursor());
  }
  ~WatchingPhone() { context.TryCancel(); }
  void watch() { reader = client.stub().Watch(&context, request); }
  // Of the next hint.
  std::uint64_t hintedCursor() {
    doorstep::sync::v1::WatchResponse hint;
    REQUIRE(reader->Read(&hint));
    return hint.newer_plan_cursor();
  }

  EnrolledPhone phone;
  SyncClient client;
  grpc::ClientContext context;
  doorstep::sync::v1::WatchRequest request;
  std::unique_ptr<grpc::ClientReader<doorstep::sync::v1::WatchResponse>> reader;
};

TEST_CASE("a change of the plan wakes the phones of those whom it concerns, whenever they listen") {
  OfficeServer server;
  Browser office = server.browser("supervisor");
  const auto takeAway = [&](std::size_t visit) {
    const auto answer =
        office.call(std::string(kOffice) + "ReassignVisit",
                    {{"visitId", std::to_string(server.visit(visit).value)}, {"slot", 1}});
    REQUIRE(answer.status == 200);
  };
  WatchingPhone cara(server, 0), caraLate(server, 0), dan(server, 1), danLate(server, 1);
  cara.watch();
  dan.watch();
  takeAway(0);  // of Cara's
  const std::uint64_t first = cara.hintedCursor();
  CHECK(first > cara.request.plan_cursor());
  caraLate.watch();
  CHECK(caraLate.hintedCursor() == first);
  danLate.watch();
  takeAway(1);  // of Dan's: the first that his phones hear
  const std::uint64_t second = dan.hintedCursor();
  CHECK(second > first);
  CHECK(danLate.hintedCursor() == second);
}

TEST_CASE(
    "the command enrols a carer of the only provider and tells of one that it does not know") {
  OfficeServer server;
  std::string output;
  CHECK(server.run({"enrol", "--provider", "Example Care", "--carer", "nobody"}, &output) == 1);
  CHECK(output.empty());
  CHECK(server.run({"enrol", "--carer", "c0"}, &output) == 0);
  CHECK(output.find("doorstep-enrol:1:") != std::string::npos);
  CHECK(server.stop() == 0);
}

}  // namespace
}  // namespace doorstep::support
