// SPDX-License-Identifier: Apache-2.0
// A disk that is full at each step of what a phone does, for good or for a moment, and afterwards
// the process that goes on, the app that is closed and the one that is killed.
#include "tests/unit/app/phone_disk_steps.h"

namespace doorstep::test {
namespace {

namespace fs = std::filesystem;

// What the carer is told with "This phone is full" (app/ui/gateway/wording.cpp). SQLite does not
// keep why a file could not be made or synced: of a moment that has passed nothing can be asked.
bool isToldRight(const std::string& reason, bool once) {
  return reason == "FILE_FULL" || reason == "SQLITE_FULL" ||
         (once && (reason == "SQLITE_CANTOPEN" || reason == "SQLITE_IOERR"));
}

enum class End { GoesOn, Closed, Killed };

void end(Disk& disk, End how) {
  if (how == End::Killed) {
    disk.failing.recover();  // only so that the copy can be made
    disk.desk.saveFolder();
    disk.failing.setReadOnly(true);
    disk.phone.reset();
    disk.failing.recover();
    disk.desk.restoreFolder();
  } else if (how == End::Closed) {
    disk.phone.reset();
  }
  disk.failing.recover();
}

// Few enough for a test, so that each change meets one that goes on and one that starts again.
std::vector<End> endsOf(std::uint64_t change, bool once) {
  const End again = change % 2 == 0 ? End::Closed : End::Killed;
  return once ? std::vector{change % 3 == 0 ? End::GoesOn : again}
              : std::vector{End::GoesOn, again};
}

}  // namespace

TEST_CASE("a disk that is full at any step is told, loses nothing, and is gone on with") {
  for (const Step& step : kSteps) {
    for (const bool once : {false, true}) {
      bool more = true;
      // Each of the first changes; of the many that make a database fewer and fewer.
      for (std::uint64_t change = 0; more; change += 1 + change / 8) {
        for (const End how : endsOf(change, once)) {
          INFO(step.name << ", change " << change << (once ? " alone" : " and all later")
                         << ", end " << static_cast<int>(how));
          Disk disk;
          step.before(disk);
          disk.told.clear();
          disk.failing.fullFrom(change, once);
          step.act(disk);
          more = disk.failing.refused();
          for (const std::string& reason : disk.told) {
            INFO(reason);
            CHECK(isToldRight(reason, once));
          }
          end(disk, how);
          goesOn(disk);
          CHECK(eventsAtOffice(disk) >= disk.confirmed);
        }
      }
    }
  }
}

TEST_CASE("on a full disk she still sees her round, and a tap that has no room is not confirmed") {
  Disk disk;
  begin(disk);
  disk.phone.reset();
  disk.failing.setNothingGrows(true);
  REQUIRE(disk.unlock());
  CHECK(disk.phone->round().visits.size() == 3);
  disk.visit(103);
  CHECK(disk.confirmed == 6);
  CHECK(disk.told == std::set<std::string>{"SQLITE_FULL"});
  // Nobody gets a free try by filling the disk.
  disk.phone.reset();
  for (int i = 0; i < 3; ++i)
    CHECK(disk.desk.open("0000").error().reason == "PIN_WRONG");
  CHECK(disk.desk.open(kPin).error().reason == "PIN_WAIT");
  disk.desk.clock.advance(10'000);
  disk.failing.recover();
  goesOn(disk);
}

TEST_CASE("another PIN may be chosen when setting up was cut off before anything was sealed") {
  Disk disk;
  disk.desk.server.planDay(3);
  bool more = true;
  for (std::uint64_t change = 0; more; ++change) {
    fs::remove_all(disk.desk.path(""));
    disk.failing.fullFrom(change);
    more = !disk.desk.tryEnrol("9876").ok() && disk.failing.refused();
    disk.failing.recover();
    INFO(change);
    if (disk.desk.files().access() == app::Access::NotEnrolled)
      CHECK(disk.desk.tryEnrol(kPin).ok());
  }
}

}  // namespace doorstep::test
