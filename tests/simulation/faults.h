// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tests/simulation/draw.h"

namespace doorstep::simulation {

// Bugs that the harness plants, to show that the checks can fail.
enum class Planted {
  Nothing,
  ServerDiskLies,            // answers before the commit is durable
  PhoneDiskLies,             // confirms taps before they are durable
  ServerForgetsHead,         // no de-duplication after a restart
  ServerDropsPoison,         // does not keep passed-over entries
  PhoneDeletesOnRefusal,     // deletes unsent events when the server refuses the device
  RoundFromPlan,             // a visit in progress leaves the round with the plan
  RoundEndsAtMidnight,       // the round shows only the day
  OfficeBelievesTheSending,  // shows sent events as received
  BoardKeepsToItsDay,        // unfinished visits leave the board at midnight, or with a plan
  BoardBelievesThePlan,      // shows a cancelled visit as "cancelled" although a carer is in it
  ServerLeavesAside,         // never counts entries that waited for a plan
  PhoneTellsNoPlan,          // does not answer UNKNOWN_VISIT with the phone's plan
  PhoneNeedsPlanCopy,        // does not open with a damaged copy of the plan
  PhoneTakesEmptyJournal,    // restarts a lost journal under the old device
  ServerGuardsOpenNumbers,   // unsigned bytes at a number block the true entry
  JudgedByNewestPlan,        // a later plan judges earlier visits
  LotOfToday,                // a visit counts for its person's present lot
  OfficeSaysNothing,         // changes the plan without a log entry
  RulesInOneLog,             // a change of shared rules is said in one party's log only
  CouncilSeesOneProvider,    // a council sees one provider of a contract only
  ProviderSeesContract,      // a provider sees what the other parties of its contract did
  CorrectionReachesBack,     // a correction changes an earlier day than it says
  CorrectionUnsaid,          // a corrected record does not say what it showed before
  RecordsStayAsJudged,       // an entry that comes later does not have its visit judged again
  ServerDropsLaterSubjects,  // throws away entries about subjects that it does not know
};

// Fault rates of one seed's world. Each is drawn per seed and may be zero, so that some worlds have
// one fault only and some have all.
struct Faults {
  std::uint32_t dropPermille = 0;
  std::uint32_t duplicatePermille = 0;
  std::uint32_t truncatePermille = 0;
  std::int64_t delayMeanMs = 50;
  std::uint32_t phonePowerCutPermille = 0;  // per tap and per answer
  std::uint32_t phoneKillPermille = 0;
  std::uint32_t serverPowerCutPermille = 0;  // per commit
  std::uint32_t serverKillPermille = 0;
  std::uint32_t wallStepPermille = 0;        // per tap
  std::uint32_t reassignPermille = 0;        // per tap
  std::uint32_t offlinePermille = 0;         // per tap: offline for a while
  std::uint32_t refusePermille = 0;          // per exchange: device revoked for a while
  std::uint32_t spoilPermille = 0;           // per tap: its entry is signed wrongly
  std::uint32_t diskFullPermille = 0;        // per tap: the phone's disk is full for a while
  std::uint32_t serverDiskFullPermille = 0;  // per commit
  std::uint32_t replanPermille = 0;          // per tap: the office imports a changed rota
  std::uint32_t lockPermille = 0;            // per tap: the phone is locked for a while
  std::uint32_t rosterDamagePermille = 0;    // per tap: the copy of the plan is damaged
  std::uint32_t journalDamagePermille = 0;   // per tap: the journal is damaged
  std::uint32_t forgetPermille = 0;          // per tap in a visit: no check-out
  std::uint32_t thiefPermille = 0;           // per tap: a thief has the phone's TLS key
  // Per tap in a visit: recorded with a newer app than the server's release.
  std::uint32_t laterFactPermille = 0;
  bool laterServer = false;           // answers are those of a later release
  bool laterPhone = false;            // one phone records about subjects of a later release
  std::uint32_t neighbours = 0;       // other providers of the contract
  std::uint32_t lotPermille = 0;      // per tap: a lot passes to another council's contract
  std::uint32_t correctPermille = 0;  // per tap: what was said of past days is corrected
  bool restore = false;
  bool importLost = false;  // the server's copy is from before an import

  // The faults that a planted bug needs to show, and no others.
  static Faults of(Planted planted);
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
    faults.replanPermille = some(10);
    faults.lockPermille = some(8);
    faults.rosterDamagePermille = some(5);
    faults.journalDamagePermille = draw.chance(500) ? some(6) : 0;
    faults.forgetPermille = some(40);
    faults.thiefPermille = draw.chance(500) ? some(15) : 0;
    faults.laterFactPermille = draw.chance(300) ? some(150) : 0;
    faults.laterServer = draw.chance(300);
    faults.restore = draw.chance(350);
    faults.importLost = faults.restore && draw.chance(700);
    // Of a stream of their own, so that the seeds keep their phones and days.
    Draw county(Draw(draw).next() ^ 0xC0047);
    faults.laterPhone = county.chance(300);
    faults.neighbours = static_cast<std::uint32_t>(county.below(3));
    faults.lotPermille = static_cast<std::uint32_t>(county.below(6));
    faults.correctPermille = static_cast<std::uint32_t>(county.below(6));
    return faults;
  }
};

// Rates high enough to trigger the bug.
inline Faults Faults::of(Planted planted) {
  Faults faults;
  faults.serverPowerCutPermille = 60;
  faults.phonePowerCutPermille = 30;
  faults.serverKillPermille = 60;
  switch (planted) {
    case Planted::ServerDropsPoison:
      faults.spoilPermille = 30;
      break;
    case Planted::PhoneDeletesOnRefusal:
      faults.refusePermille = 60;
      break;
    case Planted::RoundFromPlan:
    case Planted::BoardKeepsToItsDay:
    case Planted::BoardBelievesThePlan:
    case Planted::JudgedByNewestPlan:
    case Planted::LotOfToday:
    case Planted::OfficeSaysNothing:
      faults.replanPermille = 80;
      break;
    case Planted::RulesInOneLog:
    case Planted::CouncilSeesOneProvider:
    case Planted::ProviderSeesContract:
      faults.neighbours = 2;
      break;
    case Planted::CorrectionReachesBack:
    case Planted::CorrectionUnsaid:
      faults.correctPermille = 40;
      break;
    case Planted::ServerDropsLaterSubjects:
      faults.laterPhone = true;
      break;
    case Planted::OfficeBelievesTheSending:
      faults.dropPermille = 100;
      break;
    case Planted::ServerLeavesAside:
    case Planted::PhoneTellsNoPlan:
      faults.restore = faults.importLost = true;
      break;
    case Planted::PhoneNeedsPlanCopy:
      faults.rosterDamagePermille = 30;
      break;
    case Planted::PhoneTakesEmptyJournal:
      faults.journalDamagePermille = 20;
      break;
    case Planted::ServerGuardsOpenNumbers:
      faults.thiefPermille = 60;
      break;
    default:
      break;
  }
  return faults;
}

// Events that must occur in some seeds, or the simulation does not test its purpose.
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
  PlanImportedMeanwhile,
  BegunVisitMoved,
  BegunVisitGivenAway,
  BegunVisitLeftOut,
  VisitBroughtBack,
  BegunShownWithoutPlan,
  RoundShowsTomorrow,
  BoardShowsOtherDay,
  CancelledVisitAttended,
  ImportLostByRestore,
  EntrySetAsideForPlan,
  VisitTold,
  SetAsideCounted,
  PhoneLocked,
  PlanCopyDamaged,
  JournalDamaged,
  EnrolledAnew,
  ThiefPushed,
  HonestEntryTakenLate,
  WatchEndedByRevocation,
  ClocksChanged,
  TapOnScreenOfOldPlan,
  LaterFactRecorded,
  LaterAmendment,
  LaterVerdict,
  LaterObjectHeld,
  LaterSubjectLogged,
  ProviderJoined,
  RulesChangedForAll,
  CouncilSawBoth,
  LotPassedOn,
  TermsCorrected,
  LotCorrected,
  RecordCorrected,
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
    "the office imported a changed rota",
    "an import moved a visit in progress to tomorrow",
    "an import gave a visit in progress to another carer",
    "an import left out a visit in progress",
    "an import brought back a visit that it had left out",
    "a round showed a visit in progress that had left the plan",
    "a round showed a visit of the next day",
    "today's board showed a visit in progress of another day",
    "a board said that a carer was at a cancelled visit",
    "a restore lost an import that phones had recorded under",
    "an entry was set aside because nobody planned its visit",
    "a phone told the server of a visit that it had lost",
    "what was set aside was counted when the plan was back",
    "a phone was locked and unlocked",
    "a phone's copy of the plan was damaged",
    "a phone's journal was damaged",
    "a phone was enrolled anew",
    "somebody with a phone's TLS key pushed entries that it did not sign",
    "an honest entry was taken at a number that a thief had used",
    "a watch ended because its device was revoked",
    "the clocks went back or forward in the night",
    "a carer tapped on a visit that had just left the plan",
    "a fact of a later release was recorded",
    "an event was amended by something of a later release",
    "a verdict of a later release was given",
    "a phone held a plan object of a later release",
    "an entry about a subject of a later release was logged",
    "a provider joined the contract of another",
    "a file of one provider changed the rules of all providers of its contract",
    "a council saw visits of two providers of one contract",
    "a lot passed to another council's contract",
    "a person's terms were corrected for days that had begun",
    "a lot's contract was corrected for days that had begun",
    "a record changed by a correction and said what it had shown before",
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

}  // namespace doorstep::simulation
