// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/evidence/merkle_tree.h"
#include "tests/simulation/phone_screens.h"
#include "tests/simulation/server_view.h"
#include "tests/simulation/simulated_phone.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// Why an entry is set aside whose visit nobody plans.
constexpr const char* kNoPlan = "UNKNOWN_VISIT";

// Watches the world from outside and knows what must hold. Every function returns what is broken,
// or nothing. The names are those of the list of invariants in docs/architecture.md, "What is
// simulated".
class Checker {
 public:
  Checker(Planted planted, SometimesCounts& sometimes) : planted_(planted), sometimes_(sometimes) {}

  // The entries of a device that were signed wrongly, by n (SpoilingSigner::spoiled). It lives
  // longer than the checker.
  void knowSpoiled(DeviceId device, const std::map<std::uint64_t, std::uint64_t>& spoiled) {
    spoiled_[device] = &spoiled;
  }

  // With which a device signs.
  void knowKey(DeviceId device, const crypto::P256PublicKey& key) { keys_.emplace(device, key); }

  // A thief of the device's TLS key pushed something as n.
  void knowStolen(DeviceId device, std::uint64_t n) { stolen_[device].insert(n); }

  // After each commit: reads what the log grew by. I3: each device's n and event numbers come
  // once and without a gap, but for what is open. I4: the root that the server publishes is the
  // root of the entries that were seen.
  std::string followLog(SimulatedServer& server);
  // After a start without a restore. I2: what was acknowledged is still there. I18: what the office
  // decided is what the log says.
  std::string serverRestarted(SimulatedServer& server);
  // An older copy of the disk was put back: what follows is another history from its size on.
  std::string serverRestored(SimulatedServer& server);

  // After an exchange that the phone took in. I7: whatever it shows as received is in the log, at
  // that position. I4: the log that it holds is the server's, or it knows of the contradiction.
  // screens: what its office page shows is looked at too.
  std::string phoneExchanged(SimulatedPhone& phone, std::uint64_t era, bool screens);
  // Before an exchange is given to the phone: what it holds.
  void phoneHolds(SimulatedPhone& phone);
  // I1: the journal holds what was confirmed.
  std::string phoneStarted(SimulatedPhone& phone);
  // I8: nothing without a receipt has left the journal.
  std::string keepsUnsent(SimulatedPhone& phone);

  // I14: what today's board would show now.
  std::string lookAtBoard(SimulatedServer& server, std::int64_t nowUnixMs);
  // A device that is no more, because its journal was lost: what the office has of it stays.
  void deviceEnded(SimulatedPhone& phone);

  // At the end, after healing. I1, I2, I3: every confirmed event is in the log, once, or, I9, in an
  // entry that was signed wrongly: kept by phone and server and shown by both. I6: the phone's plan
  // is the server's for its carer. I10: intervals hold the true time. I12: nothing waits. I15: what
  // is in the log counts once, and at the visit that it was recorded about. I18: the log's audit
  // has nothing to say. refs: of every id that a visit ever had.
  std::string atEnd(SimulatedServer& server, std::vector<std::unique_ptr<SimulatedPhone>>& phones,
                    const std::map<VisitId, std::string>& refs, std::int64_t nowUnixMs);

  std::uint64_t era() const { return era_; }
  std::uint64_t logSize() const { return logged_.size(); }
  std::uint64_t eventsLogged() const { return events_; }
  std::uint64_t intervalsChecked() const { return intervals_; }

 private:
  struct Ended {  // a device whose journal was lost
    SimulatedPhone* phone = nullptr;
    std::uint64_t received = 0;  // events with a receipt when it ended
    std::uint64_t era = 0;
  };
  struct Logged {
    DeviceId device;
    std::uint64_t n = 0;
    Hash hash;
    Hash leaf;  // of the tree
    std::uint64_t firstEvent = 0;
    std::uint64_t events = 0;
    CarerId carer;
    bool counts = true;  // when it was appended
    std::vector<DoorFact> facts;
    bool ofOffice = false;
  };
  struct Span {  // of event numbers
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t end() const { return first + count; }
  };
  std::string take(const event_log::StoredEntry& stored);
  void cutTo(std::uint64_t size);
  std::string place(const Logged& logged);
  std::uint64_t heldEvents(DeviceId device);
  std::string checkPassedOver(SimulatedServer& server, SimulatedPhone& phone);
  std::string checkPlan(SimulatedServer& server, SimulatedPhone& phone, std::int64_t nowUnixMs);
  std::string checkEnded();
  std::string checkCounted(SimulatedServer& server, const std::map<VisitId, std::string>& refs,
                           std::int64_t nowUnixMs);
  std::string checkRefs(SimulatedServer& server, const std::map<VisitId, std::string>& refs);
  // What counts, by the visits as they are planned now. A visit that nobody plans is left out.
  Result<DoorsOfCarers> countedDoors(SimulatedServer& server);
  std::string checkTimes(SimulatedServer& server,
                         const std::map<DeviceId, SimulatedPhone*>& phones);

  const Planted planted_;
  SometimesCounts& sometimes_;
  std::vector<Ended> ended_;
  std::vector<Logged> logged_;
  std::vector<Hash> roots_{evidence::emptyRoot()};  // by size
  evidence::Frontier frontier_;
  std::map<DeviceId, std::map<std::uint64_t, Span>> placed_;  // by n
  std::map<DeviceId, const std::map<std::uint64_t, std::uint64_t>*> spoiled_;
  std::map<DeviceId, std::set<std::uint64_t>> stolen_;
  std::map<DeviceId, crypto::P256PublicKey> keys_;
  std::uint64_t era_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t intervals_ = 0;
  std::map<DeviceId, std::pair<std::uint64_t, Hash>> held_;  // of each phone before its exchange
};

}  // namespace doorstep::simulation
