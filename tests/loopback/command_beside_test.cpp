// SPDX-License-Identifier: Apache-2.0
// Commands that write, typed beside a running server and without one.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "shared/core/local_time.h"
#include "sync-server/identity/accounts.h"
#include "tests/loopback/server_program.h"
#include "tests/support/sync_client.h"
#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

// A folder with a rota of the server's carer and as many visits today.
struct Rota {
  explicit Rota(int visits, const std::string& carers = "c0,Carer Example,,,\n") {
    std::ofstream(folder.file("people.csv"))
        << "person_ref,name,latitude,longitude,lot\np0,Ada Example,52.6,-1.1,north\n";
    std::ofstream(folder.file("carers.csv")) << "carer_ref,name,skills,shift_start,shift_end\n"
                                             << carers;
    std::ofstream rows(folder.file("visits.csv"));
    rows << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
            "window_end,duration_min,after_visit_ref,min_gap_min,max_gap_min\n";
    const std::string day = londonDay(SystemClock().wallUnixMs());
    for (int i = 0; i < visits; ++i)
      rows << "v" << i << ",p0,1,1,c0,s1," << day << "T00:05:00," << day << "T23:00:00,30,,,\n";
  }
  TemporaryFolder folder;
};

CommandRun type(const TestServer& server, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{kBinary, "--directory", server.path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return runCommand(all);
}

CommandRun import(const TestServer& server, const Rota& rota,
                  const std::string& provider = "Example Care") {
  return type(server, {"import-rota", "--provider", provider, "--council", "Example Council",
                       rota.folder.path().string()});
}

// Ids are drawn anew for each provider.
std::string withoutIds(const std::string& text) {
  return std::regex_replace(text, std::regex("Provider [0-9]+"), "Provider N");
}

bool hasSocket(const TestServer& server) { return fs::exists(server.path() + "/command.sock"); }

TEST_CASE("an import beside a running server does and prints what it does without one") {
  TestServer alone({.carers = 1, .visits = 1});
  TestServer beside({.carers = 1, .visits = 1});
  beside.start();
  const Rota rota(3);
  const Rota wrong(2, "c9,Somebody Else,,,\n");
  for (const Rota* each : {&rota, &wrong, &rota}) {
    const CommandRun without = import(alone, *each, "Meadow Care");
    const CommandRun with = import(beside, *each, "Meadow Care");
    INFO(with.text);
    CHECK(with.code == without.code);
    CHECK(withoutIds(with.text) == withoutIds(without.text));
    CHECK(with.code == (each == &wrong ? 1 : 0));
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"import-rota", "--provider", "x", "/no/such/folder"},
        {"enrol", "--carer", "nobody", "--provider", "Example Care"},
        {"enrol"},
        {"account", "create", "ann", "--role", "boss"},
        {"account", "disable", "nobody"}}) {
    const CommandRun with = type(beside, command);
    CHECK(with.text == type(alone, command).text);
    CHECK(with.code == 1);
  }
  CHECK(beside.stop() == 0);
}

TEST_CASE("a phone is given what was imported beside the server at once") {
  TestServer server({.carers = 1, .visits = 1});
  auto phone = server.enrol(0);
  server.start();
  SyncClient client(server, &phone);
  doorstep::sync::v1::ExchangeRequest request;
  request.set_plan_cursor(client.exchange(request).response.plan().next_cursor());
  for (int visits = 2; visits < 6; ++visits) {
    REQUIRE(import(server, Rota(visits)).code == 0);
    const auto answer = client.exchange(request);
    REQUIRE(answer.status.ok());
    CHECK(answer.response.plan().changes_size() > 0);
    request.set_plan_cursor(answer.response.plan().next_cursor());
  }
  CHECK(server.stop() == 0);
}

TEST_CASE("a socket that a killed server left is nobody's, and the next server takes its place") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  struct stat there {};
  REQUIRE(lstat((server.path() + "/command.sock").c_str(), &there) == 0);
  CHECK((there.st_mode & 0777) == 0600);
  server.kill();
  REQUIRE(hasSocket(server));
  CHECK(import(server, Rota(2)).code == 0);
  CHECK(type(server, {"verify"}).code == 0);
  server.start();
  CHECK(import(server, Rota(3)).code == 0);
  CHECK(server.stop() == 0);
  CHECK_FALSE(hasSocket(server));
}

TEST_CASE("imports at once are done one after another, with and without a server") {
  TestServer server({.carers = 1, .visits = 1});
  const Rota rota(2);
  for (const bool runs : {false, true}) {
    if (runs)
      server.start();
    std::vector<CommandRun> done(6);
    std::vector<std::thread> typing;
    for (std::size_t i = 0; i < done.size(); ++i)
      typing.emplace_back([&, i] {
        done[i] = import(server, rota, "Care " + std::to_string(runs) + std::to_string(i));
      });
    for (std::thread& each : typing)
      each.join();
    for (const CommandRun& each : done) {
      INFO(each.text);
      CHECK(each.code == 0);
      CHECK(each.says("Plan version 1."));
    }
  }
  CHECK(server.stop() == 0);
}

TEST_CASE("accounts and enrolment texts are made inside a running server, and hold at once") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  const auto made = runCommand({"/bin/sh", "-c",
                                "echo 'a long enough password' | exec \"$0\" --directory \"$1\" "
                                "account create ann --role operator --password-stdin",
                                kBinary, server.path()});
  INFO(made.text);
  CHECK(made.code == 0);
  CHECK(made.text.empty());
  CHECK(type(server, {"account", "list"}).says("ann\toperator"));
  CHECK(type(server, {"account", "set-password", "ann"}).text.starts_with("ann "));
  CHECK(type(server, {"account", "disable", "ann"}).code == 0);
  CHECK(type(server, {"account", "list"}).says("disabled"));
  CHECK(type(server, {"enrol", "--all", "--json"}).says("\"carer_ref\":\"c0\""));
  CHECK(server.stop() == 0);
}

TEST_CASE("a FHIR export is the same beside a server, and says what it lacks") {
  TestServer server({.carers = 1, .visits = 1});
  const Rota rota(2);
  std::ofstream(rota.folder.file("contracts.csv"))
      << "contract_ref,council,lot,late_tolerance_min,early_tolerance_min,"
         "time_critical_tolerance_min\nHC-1,Example Council,north,15,15,5\n";
  REQUIRE(import(server, rota, "Meadow Care").code == 0);
  const std::string day = londonDay(SystemClock().wallUnixMs());
  // Five past midnight is of the service day before.
  const std::string before = londonDay(SystemClock().wallUnixMs() - 86'400'000);
  const TemporaryFolder out;
  const auto exported = [&](const char* name, const std::vector<std::string>& more) {
    std::vector<std::string> all{"export", "--fhir", out.file(name)};
    all.insert(all.end(), more.begin(), more.end());
    return type(server, all);
  };
  CHECK(exported("none", {"--from", day, "--to", day}).says("CONTRACT_MISSING"));
  CHECK(exported("none", {"--contract", "HC-1", "--from", day}).says("DAYS_MISSING"));
  CHECK(exported("none", {"--contract", "HC-1", "--from", day, "--to", day, "--lot", "north"})
            .says("LOT_NOT_IN_FHIR"));
  CHECK_FALSE(fs::exists(out.file("none")));
  const std::vector<std::string> asked{"--contract", "HC-1", "--from", before, "--to", day};
  for (const char* name : {"alone", "beside"}) {
    const auto run = exported(name, asked);
    INFO(run.text);
    CHECK(run.code == 0);
    CHECK(run.says("2 Appointment, 0 Encounter, 0 Provenance"));
    CHECK(exported(name, asked).says("FOLDER_EXISTS"));
    if (std::string(name) == "alone")
      server.start();
  }
  const auto bytes = [&](const char* name) {
    std::ifstream file(std::string(out.file(name)) + "/Appointment.ndjson", std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  };
  CHECK(bytes("alone") == bytes("beside"));
  CHECK(bytes("alone").find("Ada") == std::string::npos);
  CHECK(server.stop() == 0);
}

// Commands write through the server alone: nothing happens past its socket.
TEST_CASE("an export's look and new certificates are written by the server that runs") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  CHECK(type(server, {"export"}).code == 0);
  const auto renewed = type(server, {"certificate", "--renew"});
  INFO(renewed.text);
  CHECK(renewed.code == 0);
  CHECK(renewed.says("Restart the server"));
  CHECK(renewed.says("until"));
  std::vector<std::thread> typing;
  std::vector<CommandRun> done(4);
  for (CommandRun& each : done)
    typing.emplace_back([&] { each = type(server, {"certificate", "--renew"}); });
  for (std::thread& each : typing)
    each.join();
  for (const CommandRun& each : done)
    CHECK(each.says("A new server's certificate is made."));
  CHECK(type(server, {"certificate", "--renew", "--authority", "7"}).says("AUTHORITY_UNKNOWN"));
  const TemporaryFolder other;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"export"}, {"certificate", "--renew"}, {"enrol", "--all"}}) {
    std::vector<std::string> withClock{"--clock", other.file("clock")};
    withClock.insert(withClock.end(), command.begin(), command.end());
    const CommandRun refused = type(server, withClock);
    INFO(refused.text);
    CHECK(refused.refused());
    CHECK(refused.says("CLOCK_OF_SERVER"));
  }
  fs::rename(server.path() + "/command.sock", server.path() + "/taken");
  CHECK(type(server, {"certificate"}).code == 0);
  CHECK(type(server, {"verify"}).code == 0);
  fs::rename(server.path() + "/taken", server.path() + "/command.sock");
  CHECK(server.stop() == 0);
  const auto storage = server.openDatabase();
  const auto lease = storage->read();
  auto looks = lease->prepare("SELECT count(*) FROM look");
  REQUIRE(looks.ok());
  REQUIRE(looks->step().ok());
  CHECK(looks->columnInt(0) == 1);
  server.start();
  CHECK(server.stop() == 0);
}

TEST_CASE("what may not be done beside a running server is refused, and the server goes on") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"rebuild"}, {"serve"}, {"init", "--new-database"}}) {
    const CommandRun refused = type(server, command);
    INFO(refused.text);
    CHECK(refused.code == 1);
    CHECK(refused.says("SERVER_RUNNING"));
  }
  // A file that was taken away from under it is not made anew beside it.
  fs::rename(server.path() + "/doorstep.db", server.path() + "/taken.db");
  CHECK(type(server, {"init", "--new-database"}).says("SERVER_RUNNING"));
  CHECK_FALSE(fs::exists(server.path() + "/doorstep.db"));
  fs::rename(server.path() + "/taken.db", server.path() + "/doorstep.db");
  CHECK(type(server, {"verify"}).code == 0);
  CHECK(type(server, {"export"}).code == 0);
  CHECK(server.stop() == 0);
}

}  // namespace
}  // namespace doorstep::support
