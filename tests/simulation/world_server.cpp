// SPDX-License-Identifier: Apache-2.0
// The server's half of the world: commits, crashes, restores, and who looks at its boards.
#include <algorithm>

#include "shared/core/durations.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

constexpr std::int64_t kCommitEveryMs = 40;

}  // namespace

// The office revokes the device of a carer who is at work, and takes it back hours later.
bool World::refuses(std::size_t phone) {
  Line& line = lines_[phone];
  if (!healing_ && time_.unixMs >= line.refusedUntilMs && draw_.chance(faults_.refusePermille)) {
    const std::int64_t revokedMs = draw_.between(10 * kMinuteMs, 12 * kHourMs);
    line.refusedUntilMs = time_.unixMs + revokedMs;
    trace("refuse", phone, static_cast<std::uint64_t>(revokedMs));
    // Its watch ends with it, and takes the refusal to the phone when nothing else does.
    if (const std::uint64_t watch = std::exchange(line.watch, 0); watch != 0) {
      sometimes_.met(Sometimes::WatchEndedByRevocation);
      atLife(phone, delay(), [this, phone, watch] {
        carryOut(phone, phones_[phone]->phone().engine().watchEnded(
                            watch, {ErrorCode::PermissionDenied, "DEVICE_REVOKED", ""}));
      });
    }
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
  // A thief's call is of the same device, and a device that is no more calls late.
  const bool isHers = !request.isStolen && request.device == &phones_[request.phone]->known();
  if (isHers && refuses(request.phone)) {
    reply(request, Error{ErrorCode::PermissionDenied, "DEVICE_REVOKED", ""});
    return;
  }
  if (request.isStolen && time_.unixMs < lines_[request.phone].refusedUntilMs)
    return;
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

// A supervisor opens the board now and then, by day and by night.
void World::lookAtBoardLater() {
  at(draw_.between(2 * kHourMs, 7 * kHourMs), [this] {
    if (healing_ || ended_)
      return;
    if (server_.isUp())
      require(checker_.lookAtBoard(server_, time_.unixMs));
    lookAtBoardLater();
  });
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
  if (withheld_.empty() && !notImported_.empty()) {
    sometimes_.met(Sometimes::ImportLostByRestore);
    withheld_ = notImported_;
  }
  trace("restored", before, checker_.logSize());
}

}  // namespace doorstep::simulation
