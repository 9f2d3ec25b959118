// SPDX-License-Identifier: Apache-2.0
// The phones' half of the world: carers who work, mischief, and the network between.
#include <algorithm>

#include "shared/core/durations.h"
#include "tests/simulation/overloaded.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

namespace pb = doorstep::sync::v1;

}  // namespace

void World::atLife(std::size_t phone, std::int64_t delayMs, Step step) {
  at(delayMs, [this, phone, life = phones_[phone]->life(), step = std::move(step)] {
    if (phones_[phone]->isUp() && phones_[phone]->life() == life)
      step();
  });
}

// --- a phone's life ---

void World::startPhone(std::size_t phone) {
  const Status started = phones_[phone]->start();
  // The power went again, in the middle of recovery or in a write that a start can do without.
  if (phones_[phone]->disk().isOff())
    return stopPhone(phone, true);
  Line& line = lines_[phone];
  if (!started && line.journalDamaged && started.error().reason == "JOURNAL_DAMAGED")
    return awaitCode(phone);
  if (!started) {
    require("I1: a phone does not start: " + started.error().reason + " " + started.error().text);
    return;
  }
  line.journalDamaged = false;
  line.exchange = line.watch = 0;
  line.tapsLeft = 0;
  line.dueOnScreen.clear();
  trace("phone started", phone, phones_[phone]->phone().journal().lastEvent());
  const std::size_t told = phones_[phone]->confirmed().size();
  require(checker_.phoneStarted(*phones_[phone]));
  if (phones_[phone]->confirmed().size() > told)
    sometimes_.met(Sometimes::TapDurableThoughInterrupted);
  if (!report_.broken.empty())
    return;
  lookAtRound(phone);
  carryOut(phone, phones_[phone]->phone().engine().networkChanged(line.up));
  carryOut(phone, phones_[phone]->phone().engine().start());
}

void World::stopPhone(std::size_t phone, bool power) {
  if (power)
    phones_[phone]->losePower();
  else
    phones_[phone]->kill();
  phoneWentDown(phone);
}

void World::phoneWentDown(std::size_t phone) {
  trace("phone down", phone);
  lines_[phone].exchange = lines_[phone].watch = 0;
  const bool rebooted = draw_.chance(500);
  at(healing_ ? 1'000 : draw_.between(1'000, 2 * kHourMs), [this, phone, rebooted] {
    if (phones_[phone]->isUp() || lines_[phone].awaitsCode)
      return;
    if (rebooted)
      phones_[phone]->clock().reboot();
    startPhone(phone);
  });
}

// A carer's day: something every few minutes, in a visit or on the way to the next.
void World::work(std::size_t phone) {
  if (healing_ || ended_)
    return;
  if (phones_[phone]->isUp()) {
    mischief(phone);
    if (phones_[phone]->isUp() && report_.broken.empty())
      tap(phone);
  }
  const bool inVisit = lines_[phone].tapsLeft > 0;
  at(inVisit ? draw_.between(20'000, 5 * kMinuteMs) : draw_.between(5 * kMinuteMs, 40 * kMinuteMs),
     [this, phone] { work(phone); });
}

// Some of them left the plan since, and her screen is still to show it.
std::vector<VisitId> World::leftUnderTheTap(std::size_t phone) const {
  std::vector<VisitId> left = lines_[phone].dueOnScreen;
  std::erase_if(left, [&](VisitId id) { return phones_[phone]->phone().visit(id).has_value(); });
  return left;
}

// From what her round shows: the visit that she is in, else one that is due.
void World::chooseVisit(std::size_t phone) {
  Line& line = lines_[phone];
  const projections::RoundScreen round = roundOf(*phones_[phone], options_.planted);
  std::vector<VisitId> begun;
  std::vector<VisitId> due;
  for (const projections::RoundVisit& row : round.visits) {
    if (row.progress == projections::VisitProgress::CheckedIn)
      begun.push_back(row.visit);
    else if (row.progress != projections::VisitProgress::CheckedOut &&
             row.windowStartUnixMs <= time_.unixMs)
      due.push_back(row.visit);
  }
  if (const auto left = leftUnderTheTap(phone); !left.empty() && draw_.chance(500)) {
    sometimes_.met(Sometimes::TapOnScreenOfOldPlan);
    due = left;
  }
  std::vector<VisitId>& from = begun.empty() || (!due.empty() && draw_.chance(150)) ? due : begun;
  line.dueOnScreen = due;
  if (from.empty())
    return;
  line.current = from[draw_.below(from.size())];
  line.tapsLeft = static_cast<std::uint32_t>(draw_.between(2, 8));
}

recording::Intent World::drawIntent(std::size_t phone) {
  Line& line = lines_[phone];
  const VisitId visit = line.current;
  const auto screen = phones_[phone]->phone().visit(visit);
  if (!screen || screen->canCheckIn) {
    if (draw_.chance(50)) {
      line.tapsLeft = 1;
      return recording::ReportNoEntry{visit, visits::NoEntryReason::NoReply};
    }
    return recording::CheckIn{visit, std::nullopt};
  }
  if (line.tapsLeft <= 1)
    return recording::CheckOut{visit, std::nullopt};
  if (line.lastTapEvent != 0 && draw_.chance(faults_.laterFactPermille)) {
    sometimes_.met(Sometimes::LaterAmendment);
    const visits::UnknownReplacement replacement{std::string("\xA2\x38\x03new", 6)};
    return recording::Amend{visit, {line.lastTapEvent, visits::AmendReason::WrongTap, replacement}};
  }
  if (draw_.chance(60) && line.lastTapEvent != 0) {
    return recording::Amend{
        visit, {line.lastTapEvent, visits::AmendReason::WrongTap, visits::Withdrawn{}}};
  }
  if (draw_.chance(200))
    return recording::AddNote{visit, "Note " + std::to_string(draw_.below(1000))};
  return recording::RecordTask{visit,
                               {static_cast<std::uint32_t>(draw_.between(1, 5)),
                                visits::TaskOutcome::Done,
                                {},
                                visits::Independence::Prompted}};
}

void World::tap(std::size_t phone) {
  Line& line = lines_[phone];
  // Nothing of it is recorded and the plan has it no more: its page has gone.
  if (line.tapsLeft != 0 && !phones_[phone]->phone().visit(line.current))
    line.tapsLeft = 0;
  if (line.tapsLeft == 0)
    chooseVisit(phone);
  if (line.tapsLeft == 0)
    return;
  const recording::Intent intent = drawIntent(phone);
  const bool amends = std::holds_alternative<recording::Amend>(intent);
  if (!healing_ && draw_.chance(faults_.phonePowerCutPermille))
    phones_[phone]->disk().cutPowerAfter(draw_.below(6));
  if (!healing_ && draw_.chance(faults_.spoilPermille))
    phones_[phone]->signer().spoilNext();
  const bool full = !healing_ && draw_.chance(faults_.diskFullPermille);
  phones_[phone]->disk().setFull(full);
  const bool later = std::holds_alternative<recording::AddNote>(intent) && !healing_ &&
                     draw_.chance(4 * faults_.laterFactPermille);
  const auto number = later ? phones_[phone]->tapLater(line.current) : phones_[phone]->tap(intent);
  if (number && later)
    sometimes_.met(Sometimes::LaterFactRecorded);
  trace("tap", phone, number ? *number : 0);
  if (number) {
    line.lastTapEvent = amends ? 0 : *number;
    if (amends)
      sometimes_.met(Sometimes::EventAmended);
    const auto actions = phones_[phone]->phone().afterRecording(intent);
    if (!phones_[phone]->disk().isOff())
      carryOut(phone, actions);
  } else if (number.error().reason == "EVENT_NUMBER") {
    require("I3: " + number.error().text);
  } else if (full && !phones_[phone]->disk().isOff()) {
    fault(Sometimes::TapRefusedByFullDisk);
  }
  phones_[phone]->disk().setFull(false);
  line.tapsLeft -= 1;
  if (!healing_ && line.tapsLeft > 0 && draw_.chance(faults_.forgetPermille))
    line.tapsLeft = 0;  // she walks off
  if (phones_[phone]->disk().isOff()) {
    fault(Sometimes::PhonePowerCutInTap);
    return stopPhone(phone, true);
  }
  lookAtRound(phone);
}

void World::lookAtRound(std::size_t phone) {
  if (phones_[phone]->isUp() && report_.broken.empty())
    require(checkRound(*phones_[phone], names_, time_.unixMs, options_.planted, sometimes_));
}

void World::mischief(std::size_t phone) {
  if (draw_.chance(faults_.phoneKillPermille)) {
    fault(Sometimes::PhoneKilled);
    stopPhone(phone, false);
    return;
  }
  if (draw_.chance(faults_.wallStepPermille)) {
    const std::int64_t step = draw_.chance(100) ? draw_.between(-400, 400) * 24 * kHourMs
                                                : draw_.between(-3 * kHourMs, 3 * kHourMs);
    phones_[phone]->clock().stepWall(step);
    if (step < 0)
      fault(Sometimes::WallClockSteppedBack);
  }
  if (draw_.chance(faults_.phoneKillPermille)) {
    if (phones_[phone]->phone().journal().unsealedEvents() > 0 ||
        !phones_[phone]->phone().engine().isDrained())
      fault(Sometimes::RebootWithUnsent);
    phones_[phone]->kill();
    phones_[phone]->clock().reboot();
    lines_[phone].exchange = lines_[phone].watch = 0;
    startPhone(phone);
    if (!report_.broken.empty())
      return;
  }
  if (draw_.chance(faults_.reassignPermille))
    reassign();
  if (draw_.chance(faults_.replanPermille))
    replan();
  changeCounty();
  if (draw_.chance(faults_.thiefPermille))
    thiefPushes(phone);
  if (report_.broken.empty() && draw_.chance(faults_.rosterDamagePermille))
    damagePlanCopy(phone);
  if (report_.broken.empty() && draw_.chance(faults_.journalDamagePermille))
    return damageJournal(phone);
  if (report_.broken.empty() && draw_.chance(faults_.lockPermille))
    return lock(phone);
  if (report_.broken.empty() && phones_[phone]->isUp() && lines_[phone].up &&
      draw_.chance(faults_.offlinePermille))
    leaveNetwork(phone);
}

void World::leaveNetwork(std::size_t phone) {
  Line& line = lines_[phone];
  line.up = false;
  line.watch = 0;
  const std::int64_t away = draw_.chance(150) ? draw_.between(12 * kHourMs, 30 * kHourMs)
                                              : draw_.between(kMinuteMs, 3 * kHourMs);
  if (away >= 12 * kHourMs)
    fault(Sometimes::OfflineForHalfADay);
  trace("offline", phone, static_cast<std::uint64_t>(away));
  // Half of the time the phone is told; a phone in a cellar is not.
  if (draw_.chance(500))
    carryOut(phone, phones_[phone]->phone().engine().networkChanged(false));
  at(away, [this, phone] {
    lines_[phone].up = true;
    if (phones_[phone]->isUp())
      carryOut(phone, phones_[phone]->phone().engine().networkChanged(true));
  });
}

}  // namespace doorstep::simulation
