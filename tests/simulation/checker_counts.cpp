// SPDX-License-Identifier: Apache-2.0
// The checker's half that looks at what the log comes to: boards, records, and devices that ended.
#include <algorithm>

#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/visit_aliases.h"
#include "tests/simulation/checker.h"

namespace doorstep::simulation {

Result<DoorsOfCarers> Checker::countedDoors(SimulatedServer& server) {
  DoorsOfCarers doors;
  std::map<VisitId, VisitId> planned;  // 0: nobody plans it
  for (std::uint64_t position = 0; position < logged_.size(); ++position) {
    const Logged& logged = logged_[position];
    if (!logged.counts) {  // it may count by now
      DOORSTEP_ASSIGN(const auto stored, server.log().entries(server.provider(), position, 1));
      if (stored.empty() || !stored.front().quarantineReason.empty())
        continue;
    }
    for (DoorFact fact : logged.facts) {
      const auto [at, fresh] = planned.try_emplace(fact.visit);
      if (fresh) {
        DOORSTEP_ASSIGN(const VisitId id,
                        roster::resolveVisit(server.database(), server.provider(), fact.visit));
        if (roster::visit(server.database(), server.provider(), id).ok())
          at->second = id;
      }
      fact.visit = at->second;
      if (fact.visit)
        doors[logged.carer].add(logged.device, fact);
    }
  }
  return doors;
}

std::string Checker::lookAtBoard(SimulatedServer& server, std::int64_t nowUnixMs) {
  const auto doors = countedDoors(server);
  if (!doors)
    return "the server does not give its plan: " + doors.error().reason;
  return checkBoard(server, *doors, nowUnixMs, planted_, sometimes_);
}

std::string Checker::checkRefs(SimulatedServer& server,
                               const std::map<VisitId, std::string>& refs) {
  std::set<VisitId> recorded;
  for (const Logged& logged : logged_) {
    for (const DoorFact& fact : logged.facts)
      recorded.insert(fact.visit);
  }
  for (const VisitId visit : recorded) {
    const auto id = roster::resolveVisit(server.database(), server.provider(), visit);
    if (!id)
      return "the server does not give its plan";
    const auto planned = roster::visit(server.database(), server.provider(), *id);
    if (planned.ok() && planned->ref != refs.at(visit))
      return "I15: what was recorded about visit " + refs.at(visit) + " counts at " + planned->ref;
  }
  return {};
}

std::string Checker::checkCounted(SimulatedServer& server,
                                  const std::map<VisitId, std::string>& refs,
                                  std::int64_t nowUnixMs) {
  const auto hasEnded = [&](DeviceId device) {
    return std::any_of(ended_.begin(), ended_.end(), [&](const Ended& ended) {
      return ended.phone->device() == device && ended.era != 0;
    });
  };
  for (std::uint64_t position = 0; position < logged_.size(); ++position) {
    const Logged& logged = logged_[position];
    if (logged.counts)
      continue;
    const auto stored = server.log().entries(server.provider(), position, 1);
    if (!stored || stored->empty())
      return "the log does not give its entries";
    const std::string& reason = stored->front().quarantineReason;
    // With the journal of a device that ended, what it knew of a lost plan is gone too.
    if (reason == kNoPlan && hasEnded(logged.device))
      continue;
    if (!reason.empty())
      return "I15: n " + std::to_string(logged.n) + " of device " +
             std::to_string(logged.device.value) + " is in the log and does not count: " + reason;
    sometimes_.met(Sometimes::SetAsideCounted);
  }
  if (std::string broken = checkRefs(server, refs); !broken.empty())
    return broken;
  const auto doors = countedDoors(server);
  if (!doors)
    return "the server does not give its plan: " + doors.error().reason;
  return checkRecords(server, *doors, nowUnixMs, planted_);
}

void Checker::deviceEnded(SimulatedPhone& phone) {
  std::uint64_t received = 0;
  for (const Logged& logged : logged_) {
    if (logged.device == phone.device())
      received += logged.events;
  }
  ended_.push_back({&phone, received, era_});
}

std::string Checker::checkEnded() {
  for (const Ended& ended : ended_) {
    std::uint64_t logged = 0;
    for (const Logged& one : logged_) {
      if (one.device == ended.phone->device())
        logged += one.events;
    }
    if (logged > ended.phone->confirmed().size())
      return "I3: the log has more of a device that ended than it recorded";
    // What a restore took was with the journal alone, and that is gone too.
    if (ended.era == era_ && logged < ended.received)
      return "I2: of a device that ended the log had " + std::to_string(ended.received) +
             " events and has " + std::to_string(logged);
  }
  return {};
}

}  // namespace doorstep::simulation
