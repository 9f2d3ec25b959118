// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/world.h"

#include <algorithm>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/roster_store.h"
#include "tests/simulation/remembered_signatures.h"

namespace doorstep::simulation {
namespace {

constexpr std::int64_t kHealingMs = 6 * kHourMs;
// 06:00 UTC of a day in winter, and of the days before the clocks go back and forward.
constexpr std::int64_t kWinterUnixMs = 1'795'413'600'000;         // 2026-11-23
constexpr std::int64_t kBeforeBackUnixMs = 1'792'821'600'000;     // 2026-10-24
constexpr std::int64_t kBeforeForwardUnixMs = 1'806'127'200'000;  // 2027-03-27

std::int64_t drawBegin(Draw& draw) {
  if (draw.chance(600))
    return kWinterUnixMs;
  return draw.chance(500) ? kBeforeBackUnixMs : kBeforeForwardUnixMs;
}

}  // namespace

World::World(const WorldOptions& options, SometimesCounts& sometimes)
    : options_(options),
      sometimes_(sometimes),
      draw_(options.seed),
      county_(options.seed ^ 0xC0047),
      faults_(Faults::draw(draw_)),
      time_{drawBegin(draw_)},
      beginUnixMs_(time_.unixMs),
      server_(options.seed, time_, options.planted),
      checker_(options.planted, sometimes),
      days_(static_cast<int>(draw_.between(2, 3))) {
  if (options.planted != Planted::Nothing)
    faults_ = Faults::of(options.planted);
}

// --- time ---

void World::at(std::int64_t delayMs, Step step) {
  steps_.emplace(std::pair(time_.unixMs + std::max<std::int64_t>(delayMs, 0), ++stepCount_),
                 std::move(step));
}

void World::runUntil(std::int64_t unixMs) {
  while (!steps_.empty() && report_.broken.empty()) {
    const auto first = steps_.begin();
    if (first->first.first > unixMs)
      break;
    time_.unixMs = first->first.first;
    const Step step = std::move(first->second);
    steps_.erase(first);
    ++report_.steps;
    step();
  }
  time_.unixMs = std::max(time_.unixMs, unixMs);
}

void World::trace(std::string_view what, std::uint64_t a, std::uint64_t b) {
  const auto mix = [this](std::uint64_t value) {
    traceHash_ = (traceHash_ ^ value) * 1099511628211ULL;
    traceHash_ ^= traceHash_ >> 29;
  };
  for (const char c : what)
    mix(static_cast<unsigned char>(c));
  mix(static_cast<std::uint64_t>(time_.unixMs));
  mix(a);
  mix(b);
}

void World::require(const std::string& broken) {
  if (!broken.empty() && report_.broken.empty())
    report_.broken = broken + " (at " + unixMsToUtc(time_.unixMs) + ", step " +
                     std::to_string(report_.steps) + ")";
}

void World::fault(Sometimes what) {
  sometimes_.met(what);
  ++report_.faults;
}

// Mostly about the mean, now and then far beyond it: that is what reorders.
std::int64_t World::delay() {
  if (healing_)
    return draw_.between(20, 200);
  const std::int64_t usual = draw_.between(10, 2 * faults_.delayMeanMs);
  return draw_.chance(30) ? usual * 8 : usual;
}

// --- making ---

void World::makePhones() {
  const auto carers = roster::carers(server_.database(), server_.provider(), CarerId(), 100);
  DOORSTEP_CHECK(carers.ok());
  for (const roster::Carer& carer : *carers) {
    carers_.push_back(carer.id);
    // Now and then a carer has two devices: a phone and a tablet.
    for (int devices = draw_.chance(150) ? 2 : 1; devices > 0; --devices)
      enrol(phones_.size(), carer.id, draw_.between(-80, 80));
  }
  for (std::size_t phone = 0; phone < phones_.size(); ++phone) {
    startPhone(phone);
    work(phone);
  }
}

// At the end of the list, or in place of the device that the phone was before.
void World::enrol(std::size_t phone, CarerId carer, std::int64_t driftPpm) {
  const std::size_t generation = retired_.size() + 1;
  const bool isNew = phone == phones_.size();
  const std::uint64_t number = isNew ? phone : phone + 20 * generation;
  auto made = std::make_unique<SimulatedPhone>(
      options_.seed * 1000 + number, time_,
      SimulatedPhone::Identity{DeviceId(1000 + number), server_.provider(), carer,
                               server_.logVerifierKey(), time_.unixMs,
                               isNew ? 0 : phones_[phone]->life()},
      driftPpm);
  made->plant(options_.planted);
  checker_.knowSpoiled(made->device(), made->signer().spoiled());
  checker_.knowKey(made->device(), made->known().signingKey);
  if (isNew) {
    phones_.push_back(std::move(made));
    lines_.emplace_back();
  } else {
    retired_.push_back(std::exchange(phones_[phone], std::move(made)));
  }
}

// --- the whole ---

void World::heal() {
  healing_ = true;
  withheld_.clear();
  do {  // its power may go once more
    if (!server_.isUp()) {
      ++serverLife_;
      startServer();
    }
    if (server_.isUp()) {
      knowPlan();
      bringBackUnknown();
    }
  } while (report_.broken.empty() && (!server_.isUp() || !importRota()));
  sendLater();
  for (std::size_t phone = 0; phone < phones_.size(); ++phone) {
    if (lines_[phone].awaitsCode)
      enrolAnew(phone);
    if (!phones_[phone]->isUp())
      startPhone(phone);
    if (!report_.broken.empty())
      return;
    lines_[phone].up = true;
    if (!phones_[phone]->isUp())
      continue;  // its power went once more: it starts by itself, and finds the network up
    carryOut(phone, phones_[phone]->phone().engine().networkChanged(true));
    carryOut(phone, phones_[phone]->phone().engine().syncNow());
  }
}

// What the office and the operator do, and when.
void World::planDays() {
  lookAtBoardLater();
  planCounty();
  if (!faults_.restore)
    return;
  const std::int64_t backupMs = draw_.between(kHourMs, (days_ * kDayMs) * 2 / 3);
  at(backupMs, [this] { backUp(); });
  const std::int64_t restoreMs = backupMs + draw_.between(3 * kHourMs, 14 * kHourMs);
  at(restoreMs, [this] { restoreServer(); });
  if (!faults_.importLost)
    return;
  withhold(beginUnixMs_ + backupMs + 30 * kMinuteMs);
  at(backupMs + draw_.between(kMinuteMs, 20 * kMinuteMs), [this] { importWithheld(); });
  at(restoreMs + draw_.between(kHourMs, 8 * kHourMs), [this] { importWithheld(); });
}

WorldReport World::run() {
  forgetSignatures();
  server_.disk().lieAboutSyncs(false);
  DOORSTEP_CHECK(server_.start().ok());
  if (beginUnixMs_ != kWinterUnixMs)
    sometimes_.met(Sometimes::ClocksChanged);
  drawRota();
  planDays();
  importRota();
  server_.disk().lieAboutSyncs(options_.planted == Planted::ServerDiskLies);
  makePhones();
  const std::int64_t end = beginUnixMs_ + days_ * kDayMs;
  runUntil(end);
  if (report_.broken.empty())
    heal();
  runUntil(end + kHealingMs);
  // The exchange that an idle phone makes every few minutes may be on its way at this very moment.
  const auto isDrained = [](const auto& phone) {
    return phone->isUp() && phone->phone().engine().isDrained();
  };
  for (int second = 0; second < 60 && !std::all_of(phones_.begin(), phones_.end(), isDrained);
       ++second)
    runUntil(time_.unixMs + 1'000);
  if (report_.broken.empty() && server_.isUp()) {
    require(checker_.atEnd(server_, phones_, refs_, time_.unixMs));
    require(checkCounty(server_, owners_, time_.unixMs, options_.planted, sometimes_));
    checkLater();
  }
  ended_ = true;
  const auto disk = [&](CrashDisk& one) {
    if (one.tornWrites() > 0)
      sometimes_.met(Sometimes::WriteTorn);
    if (one.droppedWrites() > 0)
      sometimes_.met(Sometimes::WriteDropped);
  };
  disk(server_.disk());
  for (auto& phone : phones_)
    disk(phone->disk());
  report_.traceHash = traceHash_;
  report_.phoneDays = phones_.size() * static_cast<std::uint64_t>(days_);
  report_.events = checker_.eventsLogged();
  report_.intervals = checker_.intervalsChecked();
  return report_;
}

}  // namespace doorstep::simulation
