// SPDX-License-Identifier: Apache-2.0
// What is recorded against what is planned: the phone's program and the server's, with imports
// while a carer is in a visit and after the server was put back to an older copy.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "shared/core/local_time.h"
#include "sync-server/monitoring/board_loader.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/roster_store.h"
#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;
using monitoring::v1::BoardState;

// A line of visits.csv.
struct Line {
  std::string ref;
  std::string carer = "c0";
  int daysAhead = 0;
};

class Site {
 public:
  Site() {
    server.start();
    server.keepPorts();
    std::string printed;
    REQUIRE(server.run({"enrol", "--carer", "c0", "--json"}, &printed) == 0);
    REQUIRE(phone({"enrol", "--text", nlohmann::json::parse(printed)["enrolment_text"]}) == 0);
  }

  void import(const std::vector<Line>& lines) {
    const fs::path folder = folder_.file("rota");
    fs::create_directories(folder);
    std::ofstream(folder / "people.csv")
        << "person_ref,name,latitude,longitude,lot\np0,Ada Example,52.6,-1.1,north\n";
    std::ofstream(folder / "carers.csv") << "carer_ref,name,skills,shift_start,shift_end\n"
                                            "c0,Carer Example,,,\nc1,Other Example,,,\n";
    std::ofstream visits(folder / "visits.csv");
    visits << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
              "window_end,duration_min,after_visit_ref,min_gap_min,max_gap_min\n";
    for (const Line& line : lines) {
      const std::string day =
          londonDay(SystemClock().wallUnixMs() + line.daysAhead * 24LL * 3'600'000);
      visits << line.ref << ",p0,1,1," << line.carer << ",s1," << day << "T00:05:00," << day
             << "T23:00:00,30,,,\n";
    }
    visits.close();
    std::string printed;
    const int code =
        server.run({"import-rota", "--provider", "Example Care", folder.string()}, &printed);
    INFO(printed);
    REQUIRE(code == 0);
  }
  nlohmann::json exchange() {
    std::string printed;
    phone({"exchange", "--until-drained"}, &printed);
    INFO(printed);
    REQUIRE_FALSE(printed.empty());
    return nlohmann::json::parse(printed);
  }
  int record(const std::string& action, const std::string& ref) {
    std::ofstream(folder_.file("script.csv"))
        << SystemClock().wallUnixMs() << "," << action << "," << ref << "\n";
    return phone({"record", "--script", folder_.file("script.csv")});
  }

  VisitId idOf(const std::string& ref) {
    const auto database = server.openDatabase();
    auto row = database->writer().prepare("SELECT visit_id FROM visit WHERE ref = ?");
    row->bindText(0, ref);
    REQUIRE(*row->step());
    return VisitId(row->columnId(0));
  }
  BoardState stateOnToday(const std::string& ref, std::string* carer = nullptr) {
    const VisitId visit = idOf(ref);
    const std::int64_t now = SystemClock().wallUnixMs();
    const auto database = server.openDatabase();
    const auto loaded =
        monitoring::loadBoard(database->writer(), server.provider(), londonDayAround(now), now);
    REQUIRE(loaded.ok());
    const auto* row = loaded->board.row(visit);
    if (row == nullptr)
      return monitoring::v1::BOARD_STATE_UNSPECIFIED;
    if (carer != nullptr)
      *carer = row->slots(0).carer_name();
    return row->state();
  }
  std::size_t recordsOf(const std::string& ref) {
    const VisitId visit = idOf(ref);
    const auto database = server.openDatabase();
    auto reader = projections::AttendanceReader::open(database->writer());
    return reader->ofVisit(server.provider(), visit)->size();
  }
  std::string databaseCopy() {
    REQUIRE(server.stop() == 0);
    const std::string copy = folder_.file("copy.db");
    fs::copy_file(server.directory().databasePath(), copy);
    server.start();
    return copy;
  }
  void restore(const std::string& copy) {
    REQUIRE(server.stop() == 0);
    for (const char* suffix : {"", "-wal", "-shm"})
      fs::remove(server.directory().databasePath() + suffix);
    fs::copy_file(copy, server.directory().databasePath());
    server.start();
  }

  TestServer server{{.carers = 2, .visits = 2}};

 private:
  int phone(const std::vector<std::string>& arguments, std::string* output = nullptr) {
    std::vector<std::string> all{DOORSTEP_PHONE_BINARY, "--dir", folder_.file("phone"),
                                 "--scrypt-log-n", "4"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return runProgram(all, output);
  }
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a visit that is given away, moved or cancelled under a carer is hers until she leaves") {
  const std::vector<Line> changes[] = {
      {{"w1", "c1"}, {"w2"}}, {{"w1", "c0", 1}, {"w2"}}, {{"w1", "c1", 3}, {"w2"}}, {{"w2"}}};
  for (std::size_t change = 0; change < std::size(changes); ++change) {
    INFO(change);
    Site site;
    site.import({{"w1"}, {"w2"}});
    REQUIRE(site.exchange()["drained"] == true);
    REQUIRE(site.record("check_in", "w1") == 0);
    REQUIRE(site.exchange()["drained"] == true);
    const bool cancelled = change == 3;
    site.import(changes[change]);
    std::string carer;
    CHECK(site.stateOnToday("w1", &carer) == (cancelled
                                                  ? monitoring::v1::BOARD_STATE_CANCELLED_ATTENDED
                                                  : monitoring::v1::BOARD_STATE_IN_PROGRESS));
    CHECK(carer == "Carer Example");
    REQUIRE(site.exchange()["drained"] == true);
    REQUIRE(site.record("check_out", "w1") == 0);
    const auto standing = site.exchange();
    CHECK(standing["drained"] == true);
    CHECK(standing["quarantined"] == 0);
    CHECK(standing["acknowledged_events"] == 2);
    CHECK(site.recordsOf("w1") == 1);
  }
}

TEST_CASE("what a restored server set aside is counted when the rota is imported again") {
  Site site;
  const std::string copy = site.databaseCopy();
  site.import({{"w1"}, {"w2"}});
  REQUIRE(site.exchange()["drained"] == true);
  const VisitId lost = site.idOf("w1");
  REQUIRE(site.record("check_in", "w1") == 0);
  REQUIRE(site.exchange()["quarantined"] == 0);
  site.restore(copy);
  const auto unplanned = site.exchange();
  CHECK(unplanned["drained"] == true);
  CHECK(unplanned["quarantined"] == 1);
  site.import({{"w1"}, {"w2"}});
  REQUIRE(site.idOf("w1") != lost);
  auto standing = site.exchange();
  CHECK(standing["drained"] == true);
  CHECK(standing["quarantined"] == 0);
  CHECK(site.recordsOf("w1") == 1);
  // She leaves by the id that she came with.
  REQUIRE(site.record("check_out", "w1") == 0);
  standing = site.exchange();
  CHECK(standing["quarantined"] == 0);
  CHECK(site.recordsOf("w1") == 1);
  CHECK(site.stateOnToday("w1") == monitoring::v1::BOARD_STATE_DONE);
  REQUIRE(site.server.stop() == 0);
  CHECK(site.server.run({"verify"}) == 0);
  REQUIRE(site.server.run({"rebuild"}) == 0);
  CHECK(site.recordsOf("w1") == 1);
  CHECK(site.stateOnToday("w1") == monitoring::v1::BOARD_STATE_DONE);
}

}  // namespace doorstep::support
