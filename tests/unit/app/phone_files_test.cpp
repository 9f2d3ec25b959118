// SPDX-License-Identifier: Apache-2.0
// Each file of a phone's folder, with each thing that can become of it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "app/platform/desktop_platform.h"
#include "app/recording/intent.h"
#include "shared/core/durable_file.h"
#include "tests/unit/app/phone_folder_desk.h"

namespace doorstep::test {
namespace {

namespace fs = std::filesystem;

const char* const kFaults[] = {"missing", "empty", "garbage", "truncated", "another's", "a folder"};

void spoil(const std::string& path, const std::string& fault, const std::string& other) {
  const auto size = fs::exists(path) ? fs::file_size(path) : 0;
  const auto put = [&](const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  };
  if (fault == "empty")
    put("");
  else if (fault == "garbage")
    put(std::string(8192, 'x'));
  else if (fault == "truncated")
    fs::resize_file(path, size / 2);
  else
    fs::remove(path);
  if (fault == "another's")
    fs::copy_file(other, path);
  if (fault == "a folder")
    fs::create_directory(path);
}

// A phone that recorded one visit at the office and another that waits, then closed.
struct Used {
  explicit Used(std::uint64_t firstDevice = 7) : desk(firstDevice) {
    const std::string pin = "4711";
    desk.server.planDay(2);
    desk.enrol(pin);
    auto phone = desk.open(pin);
    REQUIRE(phone.ok());
    desk.start(**phone);
    desk.visit(**phone, 101);
    desk.talk(**phone);
    desk.visit(**phone, 102);
  }
  FolderDesk desk;
};

// Unlocks, in whatever state the folder is; the reason of the last error.
std::string comeBack(FolderDesk& desk) {
  for (int turn = 0; turn < 3; ++turn) {
    auto phone = desk.open("4711");
    if (phone.ok())
      return (*phone)->awaitsCode() ? "meanwhile" : "opened";
    if (phone.error().reason != "JOURNAL_DAMAGED")
      return phone.error().reason;
    if (!desk.files().canRecordMeanwhile())
      return "needs a code";
  }
  return "damaged for ever";
}

}  // namespace

TEST_CASE("no fault of a phone's file stops it, loses what waits, or gives a number twice") {
  struct Case {
    const char* file;
    std::vector<std::string> outcomes;  // of kFaults
  };
  const std::vector<std::string> opens(6, "opened");
  const std::vector<std::string> meanwhile(6, "meanwhile");
  const Case cases[] = {
      {"roster.db", {"opened", "opened", "opened", "opened", "opened", "opened"}},
      {"journal.db", meanwhile},
      {"device", {"NOT_ENROLLED", "meanwhile", "meanwhile", "meanwhile", "meanwhile", "FILE_READ"}},
      {"data-key", opens},
      {"data-key.copy", opens},
      {"unlock-attempts", {"opened", "opened", "opened", "opened", "opened", "FILE_WRITE"}},
      {"enrolment-request", opens},
  };
  for (const Case& one : cases) {
    for (std::size_t fault = 0; fault < std::size(kFaults); ++fault) {
      INFO(one.file << " " << kFaults[fault]);
      Used used;
      Used other(17);
      const std::string theirs = other.desk.path(one.file);
      if (!fs::exists(theirs))
        continue;
      spoil(used.desk.path(one.file), kFaults[fault], theirs);
      const std::string outcome = comeBack(used.desk);
      CHECK(outcome == one.outcomes[fault]);
      if (outcome == "FILE_READ" || outcome == "FILE_WRITE")
        continue;  // somebody put a folder there: told, nothing is touched
      if (outcome == "opened") {
        auto phone = used.desk.open("4711");
        REQUIRE(phone.ok());
        CHECK((*phone)->journal().lastEvent() == 6);
        CHECK((*phone)->record(recording::AddNote{VisitId(102), "Ate well"}).value() == 7);
        used.desk.start(**phone);
        used.desk.talk(**phone);
        CHECK((*phone)->engine().isDrained());
        CHECK((*phone)->round().visits.size() == 2);
        continue;
      }
      // The identity ended: what she goes on recording, and what waited, reaches the office.
      const bool meanwhilePossible = outcome == "meanwhile";
      if (meanwhilePossible) {
        auto phone = used.desk.open("4711");
        REQUIRE(phone.ok());
        CHECK((*phone)->round().awaitsCode);
        CHECK((*phone)->record(recording::CheckIn{VisitId(103), {}}).ok());
        used.desk.take((*phone)->afterRecording(recording::CheckIn{VisitId(103), {}}));
      }
      used.desk.enrol("4711");
      auto phone = used.desk.open("4711");
      REQUIRE(phone.ok());
      CHECK((*phone)->journal().device() == DeviceId(8));
      const bool journalWasThere =
          std::string(one.file) != "journal.db" || kFaults[fault] == std::string("truncated");
      if (std::string(one.file) != "journal.db")
        CHECK((*phone)->journal().lastEvent() == (meanwhilePossible ? 4u : 3u));
      else
        CHECK((*phone)->journal().lastEvent() >= 1);
      CHECK((journalWasThere || (*phone)->journal().lastEvent() == 1));
      used.desk.start(**phone);
      used.desk.talk(**phone);
      CHECK((*phone)->engine().isDrained());
      CHECK(used.desk.server.heldN(DeviceId(8)) >= 1);
      CHECK((*phone)->office().entriesQuarantined == 0);
    }
  }
}

TEST_CASE("both key files lost ask for a code, and what they sealed is kept") {
  Used used;
  spoil(used.desk.path("data-key"), "garbage", "");
  spoil(used.desk.path("data-key.copy"), "missing", "");
  CHECK(comeBack(used.desk) == "needs a code");
  CHECK(used.desk.files().access() == app::Access::JournalDamaged);
  used.desk.enrol("2468");
  auto phone = used.desk.open("2468");
  REQUIRE(phone.ok());
  CHECK((*phone)->journal().lastEvent() == 0);
  bool kept = false;
  for (const auto& one : fs::recursive_directory_iterator(used.desk.path("")))
    kept = kept || (one.path().filename() == "journal.db" &&
                    one.path().parent_path().filename() != "phone");
  CHECK(kept);
}

TEST_CASE("what was set aside is sent once, however often the phone starts") {
  Used used;
  spoil(used.desk.path("device"), "garbage", "");
  REQUIRE(comeBack(used.desk) == "meanwhile");
  used.desk.enrol("4711");
  for (int start = 0; start < 3; ++start) {
    auto phone = used.desk.open("4711");
    REQUIRE(phone.ok());
    CHECK((*phone)->journal().lastEvent() == 3);
    for (const auto& one : fs::directory_iterator(used.desk.path("")))
      if (one.is_directory())
        fs::remove(one.path() / "adopted");
  }
}

TEST_CASE("the next carer neither sees the last one's people nor records what she did") {
  Used used;
  spoil(used.desk.path("device"), "garbage", "");
  REQUIRE(comeBack(used.desk) == "meanwhile");
  used.desk.carer = CarerId(71);
  used.desk.enrol("4711");
  auto phone = used.desk.open("4711");
  REQUIRE(phone.ok());
  CHECK((*phone)->round().visits.empty());
  CHECK((*phone)->roster().people().empty());
  CHECK((*phone)->journal().lastEvent() == 0);
}

TEST_CASE("the same carer keeps her plan through a new code") {
  Used used;
  spoil(used.desk.path("journal.db"), "missing", "");
  REQUIRE(comeBack(used.desk) == "meanwhile");
  {
    auto phone = used.desk.open("4711");
    REQUIRE(phone.ok());
    CHECK((*phone)->round().visits.size() == 2);
  }
  used.desk.enrol("4711");
  auto phone = used.desk.open("4711");
  REQUIRE(phone.ok());
  CHECK((*phone)->round().visits.size() == 2);
}

TEST_CASE("power that goes between any two steps of ending an identity is made good") {
  // After each number of renames that were done, as the folder would be found.
  for (const bool journalMoved : {false, true}) {
    for (const bool meanwhileWritten : {false, true}) {
      Used used;
      if (journalMoved) {
        fs::create_directory(used.desk.path("set-aside-1"));
        fs::rename(used.desk.path("journal.db"), used.desk.path("set-aside-1") + "/journal.db");
      } else {
        spoil(used.desk.path("journal.db"), "garbage", "");
      }
      if (meanwhileWritten)
        fs::copy_file(used.desk.path("device"), used.desk.path("meanwhile"));
      CHECK(comeBack(used.desk) == "meanwhile");
      used.desk.enrol("4711");
      auto phone = used.desk.open("4711");
      REQUIRE(phone.ok());
      CHECK((*phone)->journal().lastEvent() == (journalMoved ? 3 : 0));
    }
  }
}

TEST_CASE("another signing key ends the identity, and one that does not answer does not") {
  Used used;
  used.desk.signer.gone = true;
  CHECK(comeBack(used.desk) == "opened");
  used.desk.signer.gone = false;
  platform::MemorySigner other;
  used.desk.useSigner(other);
  CHECK(comeBack(used.desk) == "meanwhile");
}

TEST_CASE("a journal of a newer release is left as it is") {
  Used used;
  {
    auto journal = sql::openSqlite(used.desk.path("journal.db"));
    REQUIRE(journal.ok());
    REQUIRE(journal->execute("UPDATE schema_version SET number = 99").ok());
  }
  CHECK(comeBack(used.desk) == "SCHEMA_NEWER");
  CHECK(used.desk.files().access() == app::Access::Locked);
}

TEST_CASE("a roster of a newer release is fetched again") {
  Used used;
  {
    auto roster = sql::openSqlite(used.desk.path("roster.db"));
    REQUIRE(roster.ok());
    REQUIRE(roster->execute("UPDATE schema_version SET number = 99").ok());
  }
  CHECK(comeBack(used.desk) == "opened");
}

TEST_CASE("a device secret or a signing key that is lost on a desktop is damage and told") {
  support::TemporaryFolder folder;
  platform::SeededIdSource ids{1};
  platform::FileSecretStore secrets(folder.path().string(), ids);
  const auto made = secrets.secret();
  REQUIRE(made.ok());
  CHECK(secrets.secret().value() == *made);
  std::ofstream(folder.file("data-key")) << "a key";
  fs::remove(folder.file("device-secret"));
  CHECK(secrets.secret().error().reason == "SECRET_DAMAGED");

  const auto spki = platform::FileDeviceSigner(folder.path().string()).publicKeySpki();
  REQUIRE(spki.ok());
  std::ofstream(folder.file("signing-key.pem")) << "no key";
  const auto other = platform::FileDeviceSigner(folder.path().string()).publicKeySpki();
  REQUIRE(other.ok());
  CHECK(*other != *spki);
  CHECK(fs::exists(folder.file("signing-key.pem.damaged")));
}

TEST_CASE("a file that is far too large is no file of ours") {
  support::TemporaryFolder folder;
  std::ofstream(folder.file("device")) << std::string(4 * kFileBytesMax, 'x');
  CHECK(readFile(folder.file("device")).error().reason == "FILE_TOO_LARGE");
}

}  // namespace doorstep::test
