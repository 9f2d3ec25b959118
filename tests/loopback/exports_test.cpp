// SPDX-License-Identifier: Apache-2.0
// Files of records over the public API and by command, against a server process, and who is told
// that they were taken.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "shared/core/bytes.h"
#include "shared/core/local_time.h"
#include "shared/crypto/sha256.h"
#include "tests/loopback/connect_stream.h"
#include "tests/loopback/office_server.h"
#include "tests/support/command_run.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExports = "/doorstep.records.v1.ExportsService/";

std::string cookieOf(const Browser& browser) {
  return browser.setCookie.substr(0, browser.setCookie.find(';'));
}

// A server whose first visit a phone has recorded.
struct ExportingServer : OfficeServer {
  explicit ExportingServer(int visits = 4) : OfficeServer({.carers = 2, .visits = visits}) {
    SyncClient client(*this, &phone);
    REQUIRE(client.exchange({phone.signer.record(visit(0), 1)}).status.ok());
  }
  ConnectStream write(const Browser& as, const json& request) {
    return {webPort(), cookieOf(as), std::string(kExports) + "WriteExport", request};
  }
  json list(Browser& as, const json& request = json::object()) {
    const auto answer = as.call(std::string(kExports) + "ListExports", request);
    REQUIRE(answer.status == 200);
    return answer.body.value("exports", json::array());
  }
  EnrolledPhone phone = enrol(0);
};

std::string bytesOf(const json& message, const char* member) {
  return message.contains(member) ? fromBase64(message[member].get<std::string>()).value() : "";
}

json jsonLines(const std::string& token = "") {
  json request{{"format", "EXPORT_FORMAT_VISITS_JSONL"}, {"filter", json::object()}};
  if (!token.empty())
    request["pageToken"] = token;
  return request;
}

TEST_CASE("an export that was broken off goes on by its token, and is said when it was taken") {
  ExportingServer server(6'000);  // more than what lies in buffers on the way
  Browser council = server.browser("council");
  std::string whole;
  std::string token;
  {
    ConnectStream stream = server.write(council, jsonLines());
    const auto first = stream.next();
    REQUIRE(first);
    whole = bytesOf(*first, "chunk");
    token = (*first)["nextPageToken"];
    CHECK((*first)["rows"] == "500");
    CHECK(first->contains("reachedUnixMs"));
    CHECK_FALSE(first->contains("made"));
  }
  CHECK(server.list(council).empty());
  json made;
  std::string firstAgain = token;
  ConnectStream stream = server.write(council, jsonLines(token));
  while (const auto piece = stream.next()) {
    whole += bytesOf(*piece, "chunk");
    if (piece->contains("made"))
      made = (*piece)["made"];
    else
      token = (*piece)["nextPageToken"];
  }
  CHECK(stream.reason().empty());
  REQUIRE(made.is_object());
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 6'000);
  CHECK(made["files"][0]["format"] == "visits.jsonl");
  CHECK(made["files"][0]["rows"] == "6000");
  CHECK(made["files"][0]["bytes"] == std::to_string(whole.size()));
  CHECK(bytesOf(made["files"][0], "sha256") == crypto::sha256(whole).view());
  CHECK(made["accountName"] == "council");

  // Who asks for the end again hears what was said, and nothing is said twice.
  ConnectStream again = server.write(council, jsonLines(token));
  const auto last = again.next();
  REQUIRE(last);
  CHECK((*last)["made"]["exportId"] == made["exportId"]);
  CHECK_FALSE(again.next());
  CHECK(server.list(council).size() == 1);
  Browser supervisor = server.browser("supervisor");
  CHECK(server.list(supervisor).size() == 1);

  // The token is of this account, file and filter.
  json other = jsonLines(firstAgain);
  other["filter"]["lot"] = "north";
  ConnectStream wrong = server.write(council, other);
  CHECK_FALSE(wrong.next());
  CHECK(wrong.reason() == "PAGE_TOKEN_INVALID");
  ConnectStream foreign = server.write(supervisor, jsonLines(firstAgain));
  CHECK_FALSE(foreign.next());
  CHECK(foreign.reason() == "PAGE_TOKEN_INVALID");

  CHECK(server.stop() == 0);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("visits.jsonl (6000 rows, SHA-256 " + toHex(crypto::sha256(whole).view())) !=
        std::string::npos);
}

// Another provider's rota, under a contract of another council.
void importElsewhere(OfficeServer& server) {
  const TemporaryFolder rota;
  std::ofstream(rota.file("people.csv")) << "person_ref,name,latitude,longitude,lot\n"
                                            "p0,Bea Elsewhere,52.6,-1.1,south\n";
  std::ofstream(rota.file("carers.csv")) << "carer_ref,name,skills,shift_start,shift_end\n"
                                            "c0,Carer Elsewhere,,,\n";
  const std::string day = londonDay(SystemClock().wallUnixMs());
  std::ofstream(rota.file("visits.csv"))
      << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
         "window_end,duration_min,after_visit_ref,min_gap_min,max_gap_min\nv0,p0,1,1,c0,s1,"
      << day << "T00:05:00," << day << "T23:00:00,30,,,\n";
  std::string output;
  const int code = server.run({"import-rota", "--provider", "Other Care", "--council",
                               "Elsewhere Council", rota.path().string()},
                              &output);
  INFO(output);
  REQUIRE(code == 0);
}

TEST_CASE("who may export what, and hear of whose exports") {
  ExportingServer server;
  importElsewhere(server);
  server.account("stranger", {"--role", "council", "--council", "Elsewhere Council"});
  Browser council = server.browser("council");
  Browser stranger = server.browser("stranger");
  const json contract =
      council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
          .body["contracts"][0];
  const auto refusal = [&](Browser& as, const json& request) {
    ConnectStream stream = server.write(as, request);
    CHECK_FALSE(stream.next());
    return stream.reason();
  };
  json asked = jsonLines();
  asked["filter"]["contractId"] = contract["contractId"];
  CHECK(refusal(stranger, asked) == "CONTRACT_UNKNOWN");
  asked["asOfUnixMs"] = "9999999999999";
  CHECK(refusal(council, asked) == "AS_OF_IN_FUTURE");
  CHECK(refusal(council, {{"filter", json::object()}}) == "FORMAT_UNKNOWN");
  asked = jsonLines();
  asked["filter"]["lot"] = std::string(300, 'x');
  CHECK(refusal(council, asked) == "EXPORT_FORMAT");

  // What the old call exports is said too.
  ConnectStream csv(server.webPort(), cookieOf(council),
                    "/doorstep.records.v1.RecordsService/ExportCsv",
                    {{"filter", {{"contractId", contract["contractId"]}}}});
  std::string text;
  while (const auto piece = csv.next())
    text += bytesOf(*piece, "chunk");
  CHECK(csv.reason().empty());
  const json listed = server.list(council);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["files"][0]["format"] == "visits.csv");
  CHECK(bytesOf(listed[0]["files"][0], "sha256") == crypto::sha256(text).view());
  CHECK(listed[0]["contractRef"] == contract["ref"]);
  CHECK(server.list(council, {{"contractId", contract["contractId"]}}).size() == 1);
  CHECK(server.list(stranger).empty());
}

std::string readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("a folder is exported beside a running server, whole or not at all, and is in the log") {
  ExportingServer server;
  Browser council = server.browser("council");
  const json contract =
      council.call("/doorstep.records.v1.RecordsService/ListContracts", json::object())
          .body["contracts"][0];
  const fs::path folder = DOORSTEP_EXPORTED_FOLDER;
  fs::remove_all(folder);
  fs::remove_all(folder.string() + ".part");
  const std::string today = londonDay(SystemClock().wallUnixMs());
  std::vector<std::string> command{"export",
                                   "--out",
                                   folder.string(),
                                   "--contract",
                                   contract["ref"].get<std::string>(),
                                   "--from",
                                   today,
                                   "--to",
                                   today,
                                   "--format",
                                   "csv,jsonl,packages,rules,measures"};
  REQUIRE(server.run(command) == 0);
  CHECK_FALSE(fs::exists(folder.string() + ".part"));
  const json listed = server.list(council);
  REQUIRE(listed.size() == 1);
  CHECK_FALSE(listed[0].contains("accountId"));
  REQUIRE(listed[0]["files"].size() == 6);
  for (const json& file : listed[0]["files"])
    CHECK(bytesOf(file, "sha256") ==
          crypto::sha256(readFile(folder / file["format"].get<std::string>())).view());
  CHECK(listed[0]["files"][0]["rows"] == "4");
  CHECK(listed[0]["files"][1]["rows"] == "4");

  // The same figures from the files, by the program that needs no server.
  std::string recomputed;
  REQUIRE(runProgram({DOORSTEP_RECOMPUTE_BINARY, "--visits", folder / "visits.csv", "--rules",
                      folder / "rules.json", "--from", today, "--to", today},
                     &recomputed) == 0);
  const json values = json::parse(readFile(folder / "measures.json"))["values"];
  CHECK(values["groups"].dump() == json::parse(recomputed)["groups"].dump());
  CHECK(values["groups"].size() == 1);

  // What cannot be written leaves no folder and no fact.
  CHECK(server.run(command) == 1);
  command[2] = folder.string() + "-2";
  command.resize(5);
  command.insert(command.end(), {"--format", "measures"});
  CHECK(server.run(command) == 1);
  CHECK_FALSE(fs::exists(command[2]));
  CHECK_FALSE(fs::exists(command[2] + ".part"));
  CHECK(server.list(council).size() == 1);
  CHECK(server.run({"export", "--out", command[2], "--format", "xlsx"}) != 0);

  CHECK(server.stop() == 0);
  CHECK(server.run({"export", "--out", command[2]}) == 0);
  CHECK(fs::exists(fs::path(command[2]) / "checksums.txt"));
  fs::remove_all(command[2]);
  std::string output;
  CHECK(server.run({"verify"}, &output) == 0);
  CHECK(output.find("measures.json (0 rows") != std::string::npos);
  CHECK(output.find("of all contracts, the beginning to the end") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::support
