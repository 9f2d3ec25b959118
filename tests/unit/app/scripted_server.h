// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/visits/plan.h"

namespace doorstep::test {

// A server of the sync protocol in memory, simple enough to be correct by inspection, for tests of
// the phone's side. tests/simulation and tests/loopback test the real server with the real engine.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::uint64_t seed = 1);

  doorstep::sync::v1::ExchangeResponse exchange(DeviceId device,
                                                const doorstep::sync::v1::ExchangeRequest& request);
  std::string logVerifierKey() const { return signer_.verifier().vkey(); }

  // Sets the whole plan: every change makes a new cursor. pageSize limits the changes per answer.
  void plan(const visits::Person& person);
  void plan(const visits::PlannedVisit& visit);
  void plan(doorstep::roster::v1::PlanObject object);
  void unplan(VisitId visit);
  void unplan(std::uint32_t kind, std::uint64_t id);
  void planDay(int visits);  // persons 1.., visits 101.. from 08:00 on, an hour each
  std::size_t pageSize = 1000;
  // Sends a wrong scope count, so that no scope matches.
  bool wrongScopeHash = false;

  // Entries received, by device and n; each n once.
  const std::map<std::uint64_t, std::string>& entries(DeviceId device) { return devices_[device]; }
  std::uint64_t heldN(DeviceId device) {
    return devices_[device].empty() ? 0 : devices_[device].rbegin()->first;
  }
  std::size_t logSize() const { return leaves_.size(); }
  // Answers QUARANTINED with this reason, in the log or outside it, instead of ACCEPTED.
  int quarantineNext = 0;
  bool quarantineInLog = false;

  // An older copy of its state; restoring it loses everything later.
  struct Backup {
    std::map<DeviceId, std::map<std::uint64_t, std::string>> devices;
    std::map<std::pair<DeviceId, std::uint64_t>, std::uint64_t> positions;
    std::map<std::pair<DeviceId, std::uint64_t>, evidence::Arrival> arrivals;
    std::vector<Hash> leaves;
  };
  Backup backup() const { return {devices_, positions_, arrivals_, leaves_}; }
  void restore(const Backup& backup);
  void appendForeignLeaf(std::uint8_t seed);

  std::int64_t nowUnixMs;

 private:
  using Changes = doorstep::roster::v1::PlanChanges;
  void answerEntry(DeviceId device, const std::string& bytes, const std::string& clock,
                   doorstep::sync::v1::EntryVerdict& verdict);
  void answerPlan(std::uint64_t cursor, doorstep::sync::v1::ExchangeResponse& response);
  Hash subtreeHash(const evidence::Subtree& subtree) const;
  void change(doorstep::roster::v1::PlanChange change);

  evidence::NoteSigner signer_;
  std::map<DeviceId, std::map<std::uint64_t, std::string>> devices_;
  std::map<std::pair<DeviceId, std::uint64_t>, std::uint64_t> positions_;
  std::map<std::pair<DeviceId, std::uint64_t>, evidence::Arrival> arrivals_;
  std::vector<Hash> leaves_;
  std::vector<doorstep::roster::v1::PlanChange> changes_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, doorstep::roster::v1::PlanObject> objects_;
};

}  // namespace doorstep::test
