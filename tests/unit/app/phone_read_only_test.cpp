// SPDX-License-Identifier: Apache-2.0
// Files and folders of a phone that may not be written, and write-ahead logs that are lost.
#include <catch2/catch.hpp>
#include <filesystem>

#include "app/journal/journal_head.h"
#include "app/recording/intent.h"
#include "shared/core/durable_file.h"
#include "tests/support/disk/failing_disk.h"
#include "tests/unit/app/phone_folder_desk.h"

namespace doorstep::test {
namespace {

namespace fs = std::filesystem;
using support::FailingDisk;

const std::string kPin = "4711";

// A phone that recorded one visit at the office and another that waits.
struct Used {
  Used() {
    desk.server.planDay(3);
    desk.enrol(kPin);
    phone = desk.open(kPin).value();
    desk.start(*phone);
    desk.talk(*phone);
    desk.visit(*phone, 101);
    desk.talk(*phone);
    desk.visit(*phone, 102);
  }
  // As a kill leaves the folder.
  void kill() {
    desk.saveFolder();
    phone.reset();
    desk.sent.clear();
    desk.restoreFolder();
  }
  void goOn() {
    phone.reset();
    desk.sent.clear();
    auto opened = desk.open(kPin);
    REQUIRE(opened.ok());
    phone = std::move(opened).value();
    CHECK(phone->journal().lastEvent() == 6);
    CHECK(phone->record(recording::AddNote{VisitId(102), "Ate well"}).value() == 7);
    desk.start(*phone);
    desk.talk(*phone);
    CHECK(phone->engine().isDrained());
    CHECK(phone->office().entriesQuarantined == 0);
    CHECK(phone->round().visits.size() == 3);
  }

  FolderDesk desk;
  FailingDisk disk{desk.path("")};
  std::unique_ptr<app::Phone> phone;
};

void setMode(const std::string& path, fs::perms mode) { fs::permissions(path, mode); }

const char* const kFiles[] = {"roster.db", "journal.db",    "journal.db-head", "device",
                              "data-key",  "data-key.copy", "unlock-attempts", "."};

}  // namespace

TEST_CASE("a file or folder that lost its permissions gets them back, killed or closed before") {
  for (const char* file : kFiles) {
    for (const fs::perms mode : {fs::perms::owner_read, fs::perms::none}) {
      for (const bool killed : {false, true}) {
        INFO(file << " " << static_cast<int>(mode) << (killed ? " killed" : " closed"));
        Used used;
        if (killed)
          used.kill();
        used.phone.reset();
        used.disk.setModesCount(true);
        setMode(used.desk.path(file), mode);
        used.goOn();
      }
    }
  }
}

TEST_CASE("a write-ahead log that may not be written is no loss") {
  Used used;
  used.kill();
  used.disk.setModesCount(true);
  for (const char* file : {"journal.db-wal", "roster.db-wal"})
    setMode(used.desk.path(file), fs::perms::owner_read);
  used.goOn();
}

TEST_CASE("a disk that is mounted read-only is told, and gone on with when it can be written") {
  Used used;
  used.disk.setReadOnly(true);
  CHECK(used.phone->record(recording::AddNote{VisitId(102), "Ate"}).error().reason ==
        "SQLITE_READONLY");
  used.phone.reset();
  CHECK(used.desk.open(kPin).error().reason == "FILE_READONLY");
  CHECK(used.desk.files().access() == app::Access::Locked);
  used.disk.recover();
  used.goOn();
}

TEST_CASE("a phone that cannot be set up on a read-only disk says so and can be later") {
  FolderDesk desk;
  desk.server.planDay(3);
  (void)desk.files();
  {
    FailingDisk disk(desk.path(""));
    disk.setReadOnly(true);
    CHECK(desk.tryEnrol(kPin).error().reason == "FILE_READONLY");
  }
  CHECK(desk.files().access() == app::Access::NotEnrolled);
  CHECK(desk.tryEnrol(kPin).ok());
}

TEST_CASE("a journal that lost its write-ahead log, or the end of it, gives no number twice") {
  for (const double part : {0.0, 0.3, 0.6, 0.9, 0.999}) {
    INFO(part);
    Used used;
    used.kill();
    const std::string log = used.desk.path("journal.db-wal");
    REQUIRE(fs::file_size(log) > 0);
    if (part == 0.0)
      fs::remove(log);
    else
      fs::resize_file(log,
                      static_cast<std::uintmax_t>(part * static_cast<double>(fs::file_size(log))));
    CHECK(used.desk.open(kPin).error().reason == "JOURNAL_DAMAGED");
    auto meanwhile = used.desk.open(kPin);
    REQUIRE(meanwhile.ok());
    CHECK((*meanwhile)->awaitsCode());
    CHECK((*meanwhile)->record(recording::CheckIn{VisitId(103), {}}).ok());
    meanwhile->reset();
    used.desk.enrol(kPin);
    auto phone = used.desk.open(kPin);
    REQUIRE(phone.ok());
    CHECK((*phone)->journal().device() == DeviceId(8));
    used.desk.start(**phone);
    used.desk.talk(**phone);
    CHECK((*phone)->engine().isDrained());
    CHECK((*phone)->office().entriesQuarantined == 0);
  }
}

TEST_CASE("an older copy of the journal is not gone on with") {
  Used used;
  used.phone.reset();
  const std::string older = used.desk.path("older");
  fs::copy_file(used.desk.path("journal.db"), older);
  used.phone = used.desk.open(kPin).value();
  used.desk.visit(*used.phone, 103);
  used.phone.reset();
  fs::copy_file(older, used.desk.path("journal.db"), fs::copy_options::overwrite_existing);
  CHECK(used.desk.open(kPin).error().reason == "JOURNAL_DAMAGED");
}

TEST_CASE("a journal's head that is missing, empty, garbage or another's says nothing") {
  for (const char* fault : {"missing", "empty", "garbage", "another's"}) {
    INFO(fault);
    Used used;
    used.phone.reset();
    const std::string head = used.desk.path("journal.db-head");
    REQUIRE(fs::exists(head));
    if (fault == std::string("missing"))
      fs::remove(head);
    else if (fault == std::string("empty"))
      fs::resize_file(head, 0);
    else if (fault == std::string("garbage"))
      REQUIRE(writeDurably(head, std::string(100, 'x')).ok());
    else
      journal::JournalHead(head).write({DeviceId(99), 1'000, 1'000});
    used.goOn();
    CHECK(journal::JournalHead(head).read()->lastEvent == 7);
  }
}

TEST_CASE("a roster that lost its write-ahead log fetches what it lacks") {
  Used used;
  used.kill();
  REQUIRE(fs::exists(used.desk.path("roster.db-wal")));
  fs::remove(used.desk.path("roster.db-wal"));
  used.goOn();
}

}  // namespace doorstep::test
