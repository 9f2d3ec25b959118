// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tests/simulation/draw.h"

namespace doorstep::simulation {

// How bad this seed's world is. Each is drawn anew for each seed and may be nothing, so that some
// worlds have one fault alone and some have all of them.
struct Faults {
  std::uint32_t dropPermille = 0;
  std::uint32_t duplicatePermille = 0;
  std::uint32_t truncatePermille = 0;
  std::int64_t delayMeanMs = 50;
  std::uint32_t phonePowerCutPermille = 0;  // of taps and of answers
  std::uint32_t phoneKillPermille = 0;
  std::uint32_t serverPowerCutPermille = 0;  // of commits
  std::uint32_t serverKillPermille = 0;
  std::uint32_t wallStepPermille = 0;        // of taps
  std::uint32_t reassignPermille = 0;        // of taps
  std::uint32_t offlinePermille = 0;         // of taps: the phone leaves the network for a while
  std::uint32_t refusePermille = 0;          // of exchanges: the device is revoked for a while
  std::uint32_t spoilPermille = 0;           // of taps: the entry that holds it is signed wrongly
  std::uint32_t diskFullPermille = 0;        // of taps: the phone's disk is full for a while
  std::uint32_t serverDiskFullPermille = 0;  // of commits
  bool restore = false;

  static Faults draw(Draw& draw) {
    const auto some = [&](std::int64_t most) {
      return draw.chance(300) ? 0U : static_cast<std::uint32_t>(draw.between(1, most));
    };
    Faults faults;
    faults.dropPermille = some(300);
    faults.duplicatePermille = some(400);
    faults.truncatePermille = some(50);
    faults.delayMeanMs = draw.between(20, 8'000);
    faults.phonePowerCutPermille = some(20);
    faults.phoneKillPermille = some(20);
    faults.serverPowerCutPermille = some(30);
    faults.serverKillPermille = some(20);
    faults.wallStepPermille = some(30);
    faults.reassignPermille = some(40);
    faults.offlinePermille = some(40);
    faults.refusePermille = some(15);
    faults.spoilPermille = some(15);
    faults.diskFullPermille = some(15);
    faults.serverDiskFullPermille = some(15);
    faults.restore = draw.chance(350);
    return faults;
  }
};

// What must happen in some of the seeds, or the simulation does not test what it is for.
enum class Sometimes : std::size_t {
  MessageDropped,
  MessageDuplicated,
  MessageTruncated,
  AnswerLostThenKnown,
  AnswerDroppedAsStale,
  TwoPhonesInOneCommit,
  PhonePowerCutInTap,
  PhonePowerCutInAnswer,
  TapDurableThoughInterrupted,
  PhoneKilled,
  ServerPowerCutInCommit,
  ServerKilled,
  WriteTorn,
  WriteDropped,
  WallClockSteppedBack,
  RebootWithUnsent,
  OfflineForHalfADay,
  DeviceRefusedWithUnsent,
  VisitReassigned,
  ScopeShrankWithRecords,
  HintFollowed,
  ServerRestored,
  EntriesSentAgainAfterRestore,
  ContradictionNoticed,
  OlderEntryProved,
  EventAmended,
  EntryPassedOver,
  EntryAcceptedAfterPoison,
  TapRefusedByFullDisk,
  CommitRefusedByFullDisk,
  Count,
};

constexpr std::array<const char*, static_cast<std::size_t>(Sometimes::Count)> kSometimesNames = {
    "a message was dropped",
    "a message was duplicated",
    "a message was truncated",
    "an answer was lost and the entry was known at the next exchange",
    "an answer came late or twice and was dropped",
    "two phones shared one commit",
    "a phone lost power in a tap",
    "a phone lost power while it took in an answer",
    "a tap was durable although the power went before it was confirmed",
    "a phone's process was killed",
    "the server lost power in a commit",
    "the server's process was killed",
    "an unsynced write was torn",
    "an unsynced write was dropped",
    "a wall clock was set back",
    "a phone was rebooted with unsent events",
    "a phone was without network for half a day",
    "a device was refused while it had something unsent",
    "a visit was given to another carer in mid-round",
    "a visit left a phone's scope after something was recorded about it",
    "a hint was followed by an exchange",
    "the server was restored from an older copy",
    "entries were sent again after a restore",
    "a phone noticed that the log contradicts what it had verified",
    "an entry below the held size was proved",
    "an event was amended",
    "a wrongly signed entry was kept outside the log",
    "an entry was accepted after one that was passed over",
    "a tap was refused because the phone's disk was full",
    "a commit failed because the server's disk was full",
};

// Counts over all seeds of a run.
class SometimesCounts {
 public:
  void met(Sometimes what) { ++counts_[static_cast<std::size_t>(what)]; }
  const std::array<std::uint64_t, static_cast<std::size_t>(Sometimes::Count)>& counts() const {
    return counts_;
  }

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Sometimes::Count)> counts_{};
};

// Bugs that the harness plants, to show that the checks can fail.
enum class Planted {
  Nothing,
  ServerDiskLies,         // an answer before the commit is durable
  PhoneDiskLies,          // a tap confirmed before it is durable
  ServerForgetsHead,      // no de-duplication after a restart
  ServerDropsPoison,      // what is passed over is not kept
  PhoneDeletesOnRefusal,  // what is unsent leaves the journal when the server refuses the device
};

}  // namespace doorstep::simulation
