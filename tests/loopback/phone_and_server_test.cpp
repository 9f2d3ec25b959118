// SPDX-License-Identifier: Apache-2.0
// The phone's program against the server's: journal, engine, TLS, intake and log as they ship.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

// A phone of the server's first carer, with a folder of its own.
class PhoneProgram {
 public:
  explicit PhoneProgram(TestServer& server) {
    std::string printed;
    REQUIRE(server.run({"enrol", "--carer", "c0", "--json"}, &printed) == 0);
    const std::string text = nlohmann::json::parse(printed)["enrolment_text"];
    REQUIRE(run({"enrol", "--text", text}) == 0);
    exchange();
  }
  // Where things stand afterwards.
  nlohmann::json exchange() { return standing({"exchange", "--until-drained"}); }
  nlohmann::json exchangeOnce() { return standing({"exchange"}); }
  // A whole visit, offline.
  void recordVisit(const std::string& ref) {
    std::ofstream script(folder_.file("script.csv"));
    std::int64_t unixMs = SystemClock().wallUnixMs() - 1'000;
    for (const char* action : {"check_in", "note", "check_out"})
      script << unixMs++ << "," << action << "," << ref
             << (action == std::string("note") ? ",All well" : "") << "\n";
    script.close();
    REQUIRE(run({"record", "--script", folder_.file("script.csv")}) == 0);
  }

 private:
  nlohmann::json standing(const std::vector<std::string>& arguments) {
    std::string printed;
    run(arguments, &printed);
    INFO(printed);
    REQUIRE_FALSE(printed.empty());
    return nlohmann::json::parse(printed);
  }
  int run(const std::vector<std::string>& arguments, std::string* output = nullptr) {
    std::vector<std::string> all{DOORSTEP_PHONE_BINARY, "--dir", folder_.file("phone"),
                                 "--scrypt-log-n", "4"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return runProgram(all, output);
  }
  TemporaryFolder folder_;
};

TEST_CASE("visits recorded while the server was gone are receipted when it is back") {
  TestServer server({.carers = 1, .visits = 4});
  server.start();
  server.keepPorts();
  PhoneProgram phone(server);
  REQUIRE(server.stop() == 0);
  phone.recordVisit("v0");
  phone.recordVisit("v1");
  const auto offline = phone.exchangeOnce();
  REQUIRE(offline["events"] == 6);
  REQUIRE(offline["acknowledged"] == 0);
  server.start();
  const auto standing = phone.exchange();
  REQUIRE(standing["drained"] == true);
  REQUIRE(standing["acknowledged"] == standing["entries"]);
  REQUIRE(standing["acknowledged_events"] == 6);
}

TEST_CASE(
    "a server restored from an older copy is caught by the phone, which sends again what was "
    "lost") {
  TestServer server({.carers = 1, .visits = 4});
  server.start();
  server.keepPorts();
  PhoneProgram phone(server);
  phone.recordVisit("v0");
  REQUIRE(phone.exchange()["drained"] == true);
  REQUIRE(server.stop() == 0);
  const fs::path copy = server.path() + "/copy.db";
  fs::copy_file(server.directory().databasePath(), copy);

  server.start();
  phone.recordVisit("v1");
  REQUIRE(phone.exchange()["drained"] == true);
  REQUIRE(server.stop() == 0);
  for (const char* suffix : {"", "-wal", "-shm"})
    fs::remove(server.directory().databasePath() + suffix);
  fs::copy_file(copy, server.directory().databasePath());

  server.start();
  const auto standing = phone.exchange();
  REQUIRE(standing["drained"] == true);
  REQUIRE(standing["log_contradicted"] == true);
  REQUIRE(standing["acknowledged_events"] == 6);
  REQUIRE(server.stop() == 0);
  std::string report;
  REQUIRE(server.run({"verify"}, &report) == 0);
  auto database = server.openDatabase();
  auto alarms = database->writer().prepare("SELECT count(*) FROM alarm WHERE kind IN (2, 3)");
  REQUIRE(*alarms->step());
  REQUIRE(alarms->columnInt(0) >= 1);
}

TEST_CASE("what a phone recorded is in the log with a verified receipt") {
  TestServer server({.carers = 1, .visits = 4});
  server.start();
  PhoneProgram phone(server);
  phone.recordVisit("v0");
  const auto standing = phone.exchange();
  REQUIRE(standing["drained"] == true);
  REQUIRE(standing["acknowledged"] == standing["entries"]);
  REQUIRE(standing["events"] == 3);
  REQUIRE(standing["quarantined"] == 0);
  REQUIRE(standing["visits"] == 4);
  REQUIRE(server.stop() == 0);
  REQUIRE(server.run({"verify"}) == 0);
}

}  // namespace
}  // namespace doorstep::support
