// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/world.h"

#include <algorithm>

#include "shared/core/local_time.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::simulation {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kBeginUnixMs = 1'795'413'600'000;  // 2026-11-23, 06:00 in London
constexpr std::int64_t kHealingMs = 6 * kHourMs;
constexpr int kVisitsPerCarerDay = 6;
constexpr std::int64_t kCommitEveryMs = 40;

}  // namespace

World::World(const WorldOptions& options, SometimesCounts& sometimes)
    : options_(options),
      sometimes_(sometimes),
      draw_(options.seed),
      faults_(Faults::draw(draw_)),
      time_{kBeginUnixMs},
      server_(options.seed, time_),
      days_(static_cast<int>(draw_.between(2, 4))) {
  if (options.planted != Planted::Nothing) {
    // What a planted bug needs to show itself, and no excuse.
    faults_ = {};
    faults_.serverPowerCutPermille = 60;
    faults_.phonePowerCutPermille = 30;
    faults_.serverKillPermille = 60;
    faults_.spoilPermille = options.planted == Planted::ServerDropsPoison ? 30 : 0;
    faults_.refusePermille = options.planted == Planted::PhoneDeletesOnRefusal ? 60 : 0;
  }
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

roster::Rota World::drawRota() {
  roster::Rota rota;
  const auto carers = static_cast<std::uint32_t>(draw_.between(2, 6));
  for (std::uint32_t carer = 0; carer < carers; ++carer)
    rota.carers.push_back(
        {"c" + std::to_string(carer), "Carer " + std::to_string(carer), carer + 2});
  for (std::uint32_t person = 0; person < carers * 4; ++person)
    rota.people.push_back({"p" + std::to_string(person),
                           "Person " + std::to_string(person),
                           "key safe",
                           {},
                           {},
                           "lot",
                           person + 2});
  for (int day = 0; day < days_; ++day) {
    for (std::uint32_t carer = 0; carer < carers; ++carer) {
      for (int i = 0; i < kVisitsPerCarerDay; ++i) {
        roster::RotaVisit visit;
        visit.ref = "v" + std::to_string(rota.visits.size());
        visit.person = static_cast<std::uint32_t>(draw_.below(rota.people.size()));
        visit.windowStartUnixMs =
            kBeginUnixMs + day * kDayMs + (1 + 2 * i) * kHourMs + draw_.between(0, 60) * kMinuteMs;
        visit.windowEndUnixMs = visit.windowStartUnixMs + 15 * kMinuteMs;
        visit.durationMin = 30;
        visit.carers.push_back(carer);
        if (draw_.chance(200))
          visit.carers.push_back((carer + 1) % carers);
        visit.services.assign(visit.carers.size(), "personal care");
        visit.line = rota.visits.size() + 2;
        rota.visits.push_back(visit);
      }
    }
  }
  return rota;
}

void World::makePhones() {
  const auto carers = roster::carers(server_.database(), server_.provider(), CarerId(), 100);
  DOORSTEP_CHECK(carers.ok());
  for (const roster::Carer& carer : *carers) {
    carers_.push_back(carer.id);
    // Now and then a carer has two devices: a phone and a tablet.
    for (int devices = draw_.chance(150) ? 2 : 1; devices > 0; --devices) {
      const std::size_t index = phones_.size();
      phones_.push_back(std::make_unique<SimulatedPhone>(
          options_.seed * 1000 + index, time_,
          SimulatedPhone::Identity{DeviceId(1000 + index), server_.provider(), carer.id,
                                   server_.logVerifierKey(), time_.unixMs},
          draw_.between(-80, 80)));
    }
  }
  lines_.resize(phones_.size());
  const auto visits =
      roster::visitsInWindow(server_.database(), server_.provider(), 0, INT64_MAX, {}, UINT32_MAX);
  DOORSTEP_CHECK(visits.ok());
  for (const visits::PlannedVisit& visit : *visits)
    visits_.push_back(visit.id);
  for (std::size_t phone = 0; phone < phones_.size(); ++phone) {
    phones_[phone]->disk().lieAboutSyncs(options_.planted == Planted::PhoneDiskLies);
    checker_.knowSpoiled(phones_[phone]->device(), phones_[phone]->signer().spoiled());
    startPhone(phone);
    work(phone);
  }
}

// --- the server ---

// The office revokes the device of a carer who is at work, and takes it back hours later.
bool World::refuses(std::size_t phone) {
  Line& line = lines_[phone];
  if (!healing_ && time_.unixMs >= line.refusedUntilMs && draw_.chance(faults_.refusePermille)) {
    const std::int64_t revokedMs = draw_.between(10 * kMinuteMs, 12 * kHourMs);
    line.refusedUntilMs = time_.unixMs + revokedMs;
    trace("refuse", phone, static_cast<std::uint64_t>(revokedMs));
    at(revokedMs + 1, [this, phone] {
      if (phones_[phone]->isUp())  // "ask the office": she was told that it works again
        carryOut(phone, phones_[phone]->phone().engine().syncNow());
    });
  }
  return !healing_ && time_.unixMs < line.refusedUntilMs;
}

void World::deliver(SimulatedServer::Request request) {
  if (!server_.isUp()) {
    reply(request, Error{ErrorCode::Unavailable, "NO_CONNECTION", ""});
    return;
  }
  if (refuses(request.phone)) {
    reply(request, Error{ErrorCode::PermissionDenied, "DEVICE_REVOKED", ""});
    return;
  }
  queued_.push_back(std::move(request));
  if (!commitAsked_) {
    commitAsked_ = true;
    at(draw_.between(0, kCommitEveryMs), [this, life = serverLife_] {
      if (life == serverLife_)
        commitQueued();
    });
  }
}

void World::commitQueued() {
  commitAsked_ = false;
  if (queued_.empty() || !server_.isUp())
    return;
  if (queued_.size() > 1)
    sometimes_.met(Sometimes::TwoPhonesInOneCommit);
  if (!healing_ && draw_.chance(faults_.serverPowerCutPermille))
    server_.disk().cutPowerAfter(draw_.below(12));
  const bool full = !healing_ && draw_.chance(faults_.serverDiskFullPermille);
  server_.disk().setFull(full);
  const auto replies = server_.commit(std::exchange(queued_, {}));
  server_.disk().setFull(false);
  if (server_.disk().isOff()) {
    fault(Sometimes::ServerPowerCutInCommit);
    trace("server power cut", replies.size());
    // Answers may have left before the light went out.
    if (draw_.chance(500)) {
      for (const auto& one : replies)
        reply(one.request, one.bytes);
    }
    server_.losePower();
    serverWentDown();
    return;
  }
  require(checker_.followLog(server_));
  trace("commit", replies.size(), checker_.logSize());
  const auto notCommitted = [](const auto& one) {
    return !one.bytes &&
           (one.bytes.error().reason == "COMMIT_FAILED" || one.bytes.error().reason == "DISK_FULL");
  };
  if (full && std::any_of(replies.begin(), replies.end(), notCommitted))
    fault(Sometimes::CommitRefusedByFullDisk);
  for (const auto& one : replies)
    reply(one.request, one.bytes);
  if (!healing_ && draw_.chance(faults_.serverKillPermille)) {
    fault(Sometimes::ServerKilled);
    server_.kill();
    serverWentDown();
  }
}

void World::serverWentDown() {
  ++serverLife_;
  queued_.clear();
  commitAsked_ = false;
  for (std::size_t phone = 0; phone < lines_.size(); ++phone) {
    if (const std::uint64_t watch = std::exchange(lines_[phone].watch, 0);
        watch != 0 && phones_[phone]->isUp()) {
      atLife(phone, delay(), [this, phone, watch] {
        carryOut(phone, phones_[phone]->phone().engine().watchEnded(
                            watch, {ErrorCode::Unavailable, "NO_CONNECTION", ""}));
      });
    }
  }
  at(draw_.between(500, healing_ ? 2'000 : 30 * kMinuteMs), [this, life = serverLife_] {
    if (life == serverLife_)
      startServer();
  });
}

void World::startServer() {
  const Status started = server_.start();
  if (!started && server_.disk().isOff()) {  // the power went again, in the middle of recovery
    server_.losePower();
    return serverWentDown();
  }
  if (!started) {
    require("I2: the server does not start: " + started.error().reason + " " +
            started.error().text);
    return;
  }
  if (options_.planted == Planted::ServerForgetsHead) {
    DOORSTEP_CHECK(
        server_.database()
            .execute("UPDATE device_head SET n = n - 1, next_event_number = 1 WHERE n > 0")
            .ok());
    server_.kill();
    DOORSTEP_CHECK(server_.start().ok());
  }
  if (options_.planted == Planted::ServerDropsPoison)
    DOORSTEP_CHECK(server_.database().execute("DELETE FROM outside_entry").ok() ||
                   server_.disk().isOff());
  require(checker_.serverRestarted(server_));
  trace("server started", checker_.logSize());
}

void World::reassign() {
  if (!server_.isUp() || visits_.empty())
    return;
  const VisitId visit = visits_[draw_.below(visits_.size())];
  const auto hint = server_.reassign(visit, 1, carers_[draw_.below(carers_.size())]);
  trace("reassign", hint.ok());
  if (server_.disk().isOff()) {
    server_.losePower();
    return serverWentDown();
  }
  if (!hint)
    return;  // the carer holds the visit's other slot, or the power went
  fault(Sometimes::VisitReassigned);
  for (std::size_t phone = 0; phone < lines_.size(); ++phone) {
    const std::uint64_t watch = lines_[phone].watch;
    if (watch == 0 || !lines_[phone].up || draw_.chance(faults_.dropPermille))
      continue;
    atLife(phone, delay(), [this, phone, watch, cursor = *hint] {
      const auto actions = phones_[phone]->phone().engine().watchHinted(watch, cursor);
      if (!actions.empty())
        sometimes_.met(Sometimes::HintFollowed);
      carryOut(phone, actions);
    });
  }
}

void World::backUp() {
  if (server_.isUp())
    backup_ = server_.disk().image();
}

void World::restoreServer() {
  if (backup_.empty())
    return;
  const std::uint64_t before = checker_.logSize();
  server_.kill();
  serverWentDown();
  server_.disk().replace(backup_);
  const Status started = server_.start();
  if (!started) {
    require("the restored server does not start: " + started.error().reason);
    return;
  }
  ++serverLife_;
  require(checker_.serverRestored(server_));
  fault(Sometimes::ServerRestored);
  trace("restored", before, checker_.logSize());
}

// --- the whole ---

void World::heal() {
  healing_ = true;
  if (!server_.isUp()) {
    ++serverLife_;
    startServer();
  }
  for (std::size_t phone = 0; phone < phones_.size(); ++phone) {
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

WorldReport World::run() {
  server_.disk().lieAboutSyncs(false);
  DOORSTEP_CHECK(server_.start().ok());
  const Status imported = server_.importRota(drawRota());
  DOORSTEP_CHECK(imported.ok());
  server_.disk().lieAboutSyncs(options_.planted == Planted::ServerDiskLies);
  makePhones();
  const std::int64_t end = kBeginUnixMs + days_ * kDayMs;
  if (faults_.restore) {
    const std::int64_t backupMs = draw_.between(kHourMs, (days_ * kDayMs) * 2 / 3);
    at(backupMs, [this] { backUp(); });
    at(backupMs + draw_.between(kHourMs, 12 * kHourMs), [this] { restoreServer(); });
  }
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
  if (report_.broken.empty() && server_.isUp())
    require(checker_.atEnd(server_, phones_, time_.unixMs));
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
