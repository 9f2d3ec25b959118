// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "app/recording/intent.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/wire/entry_codec.h"
#include "tests/support/disk/failing_disk.h"
#include "tests/unit/app/phone_folder_desk.h"

// Steps of a phone that change its files, for tests of disk errors during them.
namespace doorstep::test {

inline const std::string kPin = "4711";

struct Disk {
  FolderDesk desk;
  support::FailingDisk failing{desk.path("")};
  std::unique_ptr<app::Phone> phone;  // unlocked
  std::uint64_t confirmed = 0;        // taps, of all identities
  std::set<std::string> told;         // reasons of failures

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

inline void begin(Disk& disk) {
  disk.desk.server.planDay(3);
  disk.desk.enrol(kPin);
  REQUIRE(disk.unlock());
  disk.talk();
  disk.visit(101);
  disk.talk();
  disk.visit(102);
}

inline void spoilDevice(Disk& disk) {
  begin(disk);
  disk.phone.reset();
  std::filesystem::resize_file(disk.desk.path("device"), 20);
}

inline const Step kSteps[] = {
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

// Room is available again: whatever happened, the phone continues offline, or with the code that it
// needed anyway, and everything confirmed reaches the office once.
inline void goesOn(Disk& disk) {
  if (!disk.phone && disk.desk.files().access() != app::Access::Locked &&
      !disk.desk.files().canRecordMeanwhile())
    disk.desk.enrol(kPin);
  disk.told.clear();
  const bool goesOn = disk.phone || disk.unlock();
  for (const std::string& reason : disk.told)
    UNSCOPED_INFO(reason);
  REQUIRE(goesOn);
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
  // What could not be taken over from an earlier identity is retried at the next start.
  REQUIRE(disk.unlock());
  disk.talk();
  CHECK(disk.phone->engine().isDrained());
  const sync::Enrolment& enrolment = disk.phone->enrolment();
  CHECK(crypto::certificateFitsKey(enrolment.certificateChainPem, enrolment.tlsKeyPem));
}

// Events at the office, of all devices of this phone; each was confirmed, or refused at the last
// moment.
inline std::uint64_t eventsAtOffice(Disk& disk) {
  std::uint64_t events = 0;
  for (std::uint64_t device = 7; device < disk.desk.nextDevice; ++device)
    for (const auto& [n, entry] : disk.desk.server.entries(DeviceId(device)))
      events += wire::decodeEntry(entry).value().entry.events.size();
  return events;
}

}  // namespace doorstep::test
