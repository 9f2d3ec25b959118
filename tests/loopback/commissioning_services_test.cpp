// SPDX-License-Identifier: Apache-2.0
// What a council says is commissioned, over the public API, against a server process: also what
// contradicts itself, what two officers say at once, and files with more faults than anybody reads.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "shared/core/clock.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "tests/loopback/office_server.h"
#include "tests/support/command_run.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::support {
namespace {

constexpr const char* kBinary = DOORSTEP_SERVER_BINARY;
const std::string kCommissioningService = "/doorstep.admin.v1.CommissioningService/";
constexpr const char* kPackage = "COMMISSIONED_KIND_PACKAGE";

// A local day so many days from today.
struct CommissionedServer : OfficeServer {
  CommissionedServer() {
    Browser council = browser("council");
    contract = council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
                   .body["contracts"][0]["contractId"];
    person = people(council)[0]["personId"];
  }
  Browser::Answer call(Browser& browser, const std::string& method, json request) const {
    if (!request.contains("providerId"))
      request["providerId"] = id();
    return browser.call(kCommissioningService + method, request);
  }
  json people(Browser& browser, const std::string& day = "") const {
    return call(browser, "ListPackages", {{"contractId", contract}, {"day", day}}).body["people"];
  }
  json package(std::uint32_t minutes, const std::string& from) const {
    return {{"kind", kPackage},
            {"subjectId", person},
            {"name", "day"},
            {"fromDay", from},
            {"package", {{"serviceKind", "day"}, {"weekMinutes", minutes}}}};
  }
  Browser::Answer set(Browser& browser, const json& rows) const {
    return call(browser, "SetCommissioned", {{"rows", rows}, {"why", "Review"}});
  }
  json history(Browser& browser) const {
    return call(browser, "ListCommissioned", {{"kind", kPackage}, {"subjectId", person}}).body;
  }

  std::string contract, person;
};

TEST_CASE("a council says what is commissioned, the provider reads it, and verify agrees") {
  CommissionedServer server;
  Browser council = server.browser("council");
  const std::string day = inDays(7);
  const json lot = {{"kind", "COMMISSIONED_KIND_LOT"},
                    {"subjectId", server.contract},
                    {"name", "north"},
                    {"fromDay", day},
                    {"lot", {{"patches", {{{"name", "Hills"}, {"rurality", "rural"}}}}}}};
  const json rate = {{"kind", "COMMISSIONED_KIND_RATE"},
                     {"subjectId", server.contract},
                     {"name", "weekday/day"},
                     {"fromDay", day},
                     {"rate", {{"pencePerHour", 2250}}}};
  const json uplift = {{"kind", "COMMISSIONED_KIND_RATE"},
                       {"subjectId", server.contract},
                       {"name", "uplift/"},
                       {"fromDay", inDays(30)},
                       {"rate", {{"upliftBp", 450}}}};
  const json rating = {{"kind", "COMMISSIONED_KIND_RATING"},
                       {"name", "cqc"},
                       {"fromDay", day},
                       {"rating", {{"rating", "good"}}}};
  const auto written = server.set(council, {lot, rate, uplift, rating, server.package(300, day)});
  REQUIRE(written.status == 200);
  CHECK(written.body["rowsChanged"] == 5);
  CHECK(written.body["commissioningVersion"] == "1");
  CHECK_FALSE(server.set(council, {lot, rating}).body.contains("rowsChanged"));

  Browser supervisor = server.browser("supervisor");
  const auto then = supervisor.call(kCommissioningService + "GetCommissionedDay",
                                    {{"contractId", server.contract}, {"day", inDays(30)}});
  REQUIRE(then.status == 200);
  CHECK_FALSE(then.body.contains("maySet"));
  CHECK(then.body["lots"][0]["description"]["lot"]["patches"][0]["name"] == "Hills");
  CHECK(then.body["rates"][0]["pencePerHour"] == 2351);
  CHECK(then.body["ratings"][0]["rating"]["rating"] == "good");
  CHECK(server.people(supervisor, day)[0]["packages"][0]["package"]["weekMinutes"] == 300);
  CHECK_FALSE(server.people(supervisor, inDays(6))[0].contains("packages"));
  const json told = server.history(supervisor);
  CHECK(told["acts"][0]["decidedBy"] == "council");
  CHECK(told["acts"][0]["why"] == "Review");

  CHECK(server.stop() == 0);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("Review") != std::string::npos);
}

TEST_CASE("only the council of the contract and operators say what is commissioned") {
  CommissionedServer server;
  Browser nobody(server);
  Browser council = server.browser("council");
  Browser supervisor = server.browser("supervisor");
  for (const char* method :
       {"GetCommissionedDay", "ListPackages", "ListCommissioned", "SetCommissioned"}) {
    INFO(method);
    const json other = {{"providerId", "1"}, {"contractId", server.contract}, {"kind", kPackage}};
    json request = other;
    if (std::string(method) == "SetCommissioned")
      request.erase("contractId"), request.erase("kind");
    CHECK(server.call(nobody, method, request).reason() == "NOT_SIGNED_IN");
    const std::string refused = server.call(supervisor, method, request).reason();
    CHECK((refused == "OTHER_PROVIDER" || refused == "ROLE_NOT_ALLOWED"));
    request["providerId"] = "0";
    CHECK(server.call(council, method, request).reason() == "PROVIDER_MISSING");
  }
  CHECK(server.set(supervisor, {server.package(300, inDays(7))}).reason() == "ROLE_NOT_ALLOWED");
  for (const char* method : {"GetCommissionedDay", "ListPackages"})
    CHECK(server.call(council, method, {{"contractId", "7"}}).reason() == "CONTRACT_UNKNOWN");
  CHECK(server.call(council, "ListPackages", {{"contractId", server.contract}, {"pageToken", "x"}})
            .reason() == "PAGE_TOKEN_INVALID");
}

TEST_CASE("rows that cannot stand are refused with their reason, and nothing of the call is kept") {
  CommissionedServer server;
  Browser council = server.browser("council");
  const std::string day = inDays(7);
  const json good = server.package(300, day);
  const auto refusal = [&](const std::function<void(json&)>& edit) {
    json row = server.package(300, inDays(20));
    edit(row);
    return server.set(council, {good, row}).reason();
  };
  CHECK(refusal([&](json& row) { row = good; }) == "ROWS_OVERLAP");
  CHECK(refusal([&](json& row) { row["fromDay"] = "9999-12-31"; }) == "DAY_FORMAT");
  CHECK(refusal([&](json& row) { row["untilDay"] = day; }) == "DAYS_REVERSED");
  CHECK(refusal([&](json& row) { row["package"]["weekMinutes"] = 1'000'000'000; }) ==
        "WEEK_MINUTES_RANGE");
  CHECK_FALSE(refusal([&](json& row) { row["package"]["weekMinutes"] = -1; }).empty());
  CHECK(refusal([&](json& row) { row["package"]["model"] = "free"; }) == "MODEL_UNKNOWN");
  CHECK(refusal([&](json& row) { row["package"]["shortVisitAgreed"] = true; }) ==
        "SHORT_VISIT_BASIS_MISSING");
  CHECK(refusal([&](json& row) { row["name"] = "live_in"; }) == "NAME_FORMAT");
  CHECK(refusal([&](json& row) { row["kind"] = "COMMISSIONED_KIND_RATE"; }) == "KIND_UNKNOWN");
  CHECK(refusal([&](json& row) { row["subjectId"] = "18446744073709551615"; }) == "PERSON_UNKNOWN");
  CHECK(refusal([&](json& row) { row["reason"] = std::string(501, 'x'); }) == "REASON_FORMAT");
  json two = server.package(400, day);
  two["untilDay"] = inDays(20);
  CHECK(server.set(council, {server.package(300, inDays(20)), two}).reason() == "ROWS_OVERLAP");
  CHECK(server.set(council, json(std::vector<json>(101, good))).reason() == "ROWS_TOO_MANY");
  const json stop = {{"kind", "COMMISSIONED_KIND_RATING"},
                     {"name", "stop_on_new_work"},
                     {"fromDay", day},
                     {"rating", json::object()}};
  CHECK(server.set(council, {stop}).reason() == "SOURCE_MISSING");
  CHECK_FALSE(server.history(council).contains("rows"));
}

TEST_CASE("of officers who change one package at once exactly one does, and the others are told") {
  CommissionedServer server;
  Browser council = server.browser("council");
  REQUIRE(server.set(council, {server.package(100, inDays(7))}).status == 200);
  constexpr std::uint32_t kOfficers = 8;
  std::vector<std::string> reasons(kOfficers);
  {
    std::vector<Browser> browsers;
    for (std::uint32_t i = 0; i < kOfficers; ++i)
      browsers.emplace_back(server, council);
    std::vector<std::jthread> officers;
    for (std::uint32_t i = 0; i < kOfficers; ++i)
      officers.emplace_back([&, i] {
        const json request = {{"providerId", server.id()},
                              {"rows", {server.package(200 + i, inDays(7))}},
                              {"newestSeen", "1"}};
        const auto answer = browsers[i].tryCall(kCommissioningService + "SetCommissioned", request);
        reasons[i] = answer.status == 200 ? "" : answer.status == 0 ? "none" : answer.reason();
      });
  }
  CHECK(std::count(reasons.begin(), reasons.end(), "") == 1);
  CHECK(std::count(reasons.begin(), reasons.end(), "COMMISSIONED_CHANGED") == kOfficers - 1);
  const json told = server.history(council);
  CHECK(told["commissioningVersion"] == "2");
  CHECK(told["rows"].size() == 2);
}

// A folder as `import-rota` reads it: the server's rota and what is commissioned.
struct Files {
  explicit Files(const std::string& packages) {
    write("people.csv", "person_ref,name,latitude,longitude,lot\np0,Ada Example,52.6,-1.1,north\n");
    write("carers.csv", "carer_ref,name\nc0,Carer Example\nc1,Carer Example\n");
    write("visits.csv",
          "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
          "window_end,duration_min\nv9,p0,1,1,c0,s1," +
              inDays(9) + "T08:00:00," + inDays(9) + "T09:00:00,30\n");
    write("packages.csv", packages);
  }
  void write(const char* name, const std::string& text) {
    std::ofstream(folder.file(name)) << text;
  }
  CommandRun import(const TestServer& server) const {
    return runCommand({kBinary, "--directory", server.path(), "import-rota", "--provider",
                       "Example Care", "--council", "Example Council", folder.path().string()});
  }
  TemporaryFolder folder;
};

constexpr const char* kHead = "person_ref,service_kind,week_minutes,from,until,funder_split\n";

TEST_CASE(
    "packages that overlap, payers of 110 per cent and unknown people are faults with a line") {
  CommissionedServer server;
  const std::string from = inDays(1);
  const auto fault = [&](const std::string& rows) {
    const CommandRun run = Files(kHead + rows).import(server);
    CHECK(run.code == 1);
    CHECK(run.says("Nothing was imported"));
    return run.text;
  };
  const std::string row = "p0,day,300," + from + ",,";
  CHECK(fault(row + "\n" + row + "\n").find("packages.csv:3") != std::string::npos);
  CHECK(fault(row + "council=8000;health=3000\n").find("funder_split") != std::string::npos);
  CHECK(fault("p8,day,300," + from + ",,\n").find("p8") != std::string::npos);
  Browser council = server.browser("council");
  CHECK_FALSE(server.history(council).contains("rows"));
}

TEST_CASE("the same files again change nothing, and no version is made") {
  CommissionedServer server;
  const Files files(kHead + ("p0,day,300," + inDays(-30) + ",,council=8000;health=2000\n"));
  const CommandRun first = files.import(server);
  INFO(first.text);
  CHECK(first.code == 0);
  CHECK(first.says("What is commissioned: 1 changed, 0 as it was. Commissioning version 1."));
  const CommandRun again = files.import(server);
  INFO(again.text);
  CHECK(again.says("What is commissioned: 0 changed, 1 as it was. Commissioning version 1."));
  Browser council = server.browser("council");
  const json people = server.people(council, inDays(9));  // payers hold from the first visit on
  REQUIRE(people[0].contains("packages"));
  CHECK(people[0]["packages"].size() == 1);
  CHECK(people[0]["funderSplit"] == "council=8000;health=2000");
}

TEST_CASE("a file of a million faults is answered in some lines, and the server goes on") {
  CommissionedServer server;
  std::string rows = "person_ref,service_kind,week_minutes,from\n";
  for (int i = 0; i < 250'000; ++i)
    rows += ",night,-1,never\n";
  const CommandRun run = Files(rows).import(server);
  CHECK(run.code == 1);
  CHECK(run.says("Nothing was imported: 1000000 faults"));
  CHECK(run.text.size() < 64U << 10);
  Browser council = server.browser("council");
  CHECK(server.set(council, {server.package(300, inDays(7))}).status == 200);
  CHECK(server.stop() == 0);
}

}  // namespace
}  // namespace doorstep::support
