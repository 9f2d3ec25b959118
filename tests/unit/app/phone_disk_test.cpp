// SPDX-License-Identifier: Apache-2.0
// A disk that is full at each step of what a phone does, for good or for a moment, and afterwards
// the process that goes on, the app that is closed and the one that is killed.
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <set>

#include "app/recording/intent.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/wire/entry_codec.h"
#include "tests/support/failing_disk.h"
#include "tests/unit/app/phone_folder_desk.h"

namespace doorstep::test {
namespace {

namespace fs = std::filesystem;
using support::FailingDisk;

const std::string kPin = "4711";

// What the carer is told with "This phone is full" (app/ui/gateway/wording.cpp). SQLite does not
// keep why a file could not be made or synced: of a moment that has passed nothing can be asked.
bool isToldRight(const std::string& reason, bool once) {
  return reason == "FILE_FULL" || reason == "SQLITE_FULL" ||
         (once && (reason == "SQLITE_CANTOPEN" || reason == "SQLITE_IOERR"));
}

struct Disk {
  FolderDesk desk;
  FailingDisk failing{desk.path("")};
  std::unique_ptr<app::Phone> phone;  // unlocked
  std::uint64_t confirmed = 0;        // taps, of all identities
  std::set<std::string> told;         // reasons of what failed

  template <typename T>
  bool tell(const Result<T>& result) {
    if (!result.ok())
      told.insert(result.error().reason);
    return result.ok();
  }
  bool unlock() {
    phone.reset();
    auto opened = desk.open(kPin);
    if (!opened.ok() && opened.error().reason == "JOURNAL_DAMAGED")
      opened = desk.open(kPin);  // as AppContext does
    if (tell(opened))
      phone = std::move(opened).value();
    return phone != nullptr;
  }
  void tap(const recording::Intent& intent) {
    if (tell(phone->record(intent)))
      ++confirmed;
    desk.take(phone->afterRecording(intent));
    desk.clock.advance(1'000);
  }
  void visit(std::uint64_t id) {
    tap(recording::CheckIn{VisitId(id), {}});
    tap(recording::RecordTask{VisitId(id), {1, visits::TaskOutcome::Done}});
    tap(recording::CheckOut{VisitId(id), {}});
  }
  void talk() {
    desk.start(*phone);
    desk.talk(*phone);
    const std::string& failure = phone->engine().lastFailureReason();
    if (!failure.empty())
      told.insert(failure);
    desk.take(phone->engine().stop());
    desk.sent.clear();
  }
};

struct Step {
  const char* name;
  std::function<void(Disk&)> before;
  std::function<void(Disk&)> act;
};

void begin(Disk& disk) {
  disk.desk.server.planDay(3);
  disk.desk.enrol(kPin);
  REQUIRE(disk.unlock());
  disk.talk();
  disk.visit(101);
  disk.talk();
  disk.visit(102);
}

void spoilDevice(Disk& disk) {
  begin(disk);
  disk.phone.reset();
  fs::resize_file(disk.desk.path("device"), 20);
}

const Step kSteps[] = {
    {"setting up", [](Disk& disk) { disk.desk.server.planDay(3); },
     [](Disk& disk) {
       if (disk.tell(disk.desk.tryEnrol(kPin)))
         disk.unlock();
     }},
    {"unlocking", [](Disk& disk) { begin(disk), disk.phone.reset(); },
     [](Disk& disk) { disk.unlock(); }},
    {"taps", begin, [](Disk& disk) { disk.visit(103); }},
    {"an exchange", begin, [](Disk& disk) { disk.talk(); }},
    {"a renewed certificate",
     [](Disk& disk) {
       begin(disk);
       disk.desk.wantsRenewal = true;
       disk.talk();
     },
     [](Disk& disk) {
       disk.tap(recording::AddNote{VisitId(103), "Slept well"});
       disk.talk();
     }},
    {"making room",
     [](Disk& disk) {
       begin(disk);
       disk.talk();
       disk.desk.clock.advance(15LL * 86'400'000);
       disk.desk.server.nowUnixMs += 15LL * 86'400'000;
       disk.visit(103);
     },
     [](Disk& disk) { disk.talk(); }},
    {"a damaged identity", spoilDevice, [](Disk& disk) { disk.unlock(); }},
    {"a new identity",
     [](Disk& disk) {
       spoilDevice(disk);
       REQUIRE(disk.unlock());
       disk.tap(recording::CheckIn{VisitId(103), {}});
       disk.phone.reset();
     },
     [](Disk& disk) {
       if (disk.tell(disk.desk.tryEnrol(kPin)))
         disk.unlock();
     }},
    {"another device by a code", [](Disk& disk) { begin(disk), disk.phone.reset(); },
     [](Disk& disk) {
       auto files = disk.desk.files();
       const auto unlocked = files.unlock(kPin);
       if (disk.tell(unlocked) &&
           disk.tell(files.enrolAgain(*unlocked, FolderDesk::text(), disk.desk.answer())))
         disk.unlock();
     }},
};

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

// There is room again: whatever happened, she goes on without the office, or with the code that she
// needed anyway, and everything that was confirmed reaches the office once.
void goesOn(Disk& disk) {
  if (!disk.phone && disk.desk.files().access() != app::Access::Locked &&
      !disk.desk.files().canRecordMeanwhile())
    disk.desk.enrol(kPin);
  REQUIRE((disk.phone || disk.unlock()));
  if (disk.phone->awaitsCode()) {
    disk.tap(recording::AddNote{VisitId(103), "While she waits"});
    disk.phone.reset();
    disk.desk.enrol(kPin);
    REQUIRE(disk.unlock());
  }
  disk.told.clear();
  disk.tap(recording::AddNote{VisitId(103), "Ate well"});
  disk.talk();
  CHECK(disk.told.empty());
  CHECK(disk.phone->engine().isDrained());
  CHECK(disk.phone->office().entriesQuarantined == 0);
  CHECK(disk.phone->roster().visits().size() == 3);
  // What could not be taken over of an earlier identity is tried again at the next start.
  REQUIRE(disk.unlock());
  disk.talk();
  CHECK(disk.phone->engine().isDrained());
  const sync::Enrolment& enrolment = disk.phone->enrolment();
  CHECK(crypto::certificateFitsKey(enrolment.certificateChainPem, enrolment.tlsKeyPem));
}

// Events that the office holds, of all devices of this phone; each was confirmed, or refused at the
// last moment.
std::uint64_t eventsAtOffice(Disk& disk) {
  std::uint64_t events = 0;
  for (std::uint64_t device = 7; device < disk.desk.nextDevice; ++device)
    for (const auto& [n, entry] : disk.desk.server.entries(DeviceId(device)))
      events += wire::decodeEntry(entry).value().entry.events.size();
  return events;
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
