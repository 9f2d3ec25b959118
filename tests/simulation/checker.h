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
#include "tests/simulation/office_view.h"
#include "tests/simulation/phone_screens.h"
#include "tests/simulation/server_view.h"
#include "tests/simulation/simulated_phone.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// Quarantine reason of an entry for a visit that is in no plan.
constexpr const char* kNoPlan = "UNKNOWN_VISIT";

// Checks the invariants from outside the simulated systems. Every function returns the violation,
// or an empty text. Names of invariants: docs/architecture.md, "What is simulated".
class Checker {
 public:
  Checker(Planted planted, SometimesCounts& sometimes) : planted_(planted), sometimes_(sometimes) {}

  // Entries that a device signed wrongly, by n (SpoilingSigner::spoiled). The map outlives the
  // checker.
  void knowSpoiled(DeviceId device, const std::map<std::uint64_t, std::uint64_t>& spoiled) {
    spoiled_[device] = &spoiled;
  }

  // The key that a device signs with.
  void knowKey(DeviceId device, const crypto::P256PublicKey& key) { keys_.emplace(device, key); }

  // A thief with the device's TLS key pushed something as n.
  void knowStolen(DeviceId device, std::uint64_t n) { stolen_[device].insert(n); }

  // After each commit: reads the log's new entries. I3: each device's n and event numbers are
  // unique and without gaps, except open ones. I4: the published root is the root of the entries
  // read.
  std::string followLog(SimulatedServer& server);
  // After a start without a restore. I2: what was acknowledged is still there. I18: the office's
  // decisions match the log.
  std::string serverRestarted(SimulatedServer& server);
  // After a change by the office. I18.
  std::string officeDecided(SimulatedServer& server) { return office_.check(server); }
  // An older copy of the disk was restored: the history continues from its size.
  std::string serverRestored(SimulatedServer& server);

  // After a phone processed an answer. I7: whatever it shows as received is in the log, at that
  // position. I4: its verified log is the server's, or it has noticed the contradiction. screens:
  // also check its office page.
  std::string phoneExchanged(SimulatedPhone& phone, std::uint64_t era, bool screens);
  // Before a phone gets an answer: remembers its verified log.
  void phoneHolds(SimulatedPhone& phone);
  // I1: the journal contains what was confirmed.
  std::string phoneStarted(SimulatedPhone& phone);
  // I8: no event without a receipt has left the journal.
  std::string keepsUnsent(SimulatedPhone& phone);

  // I14: what today's board shows now.
  std::string lookAtBoard(SimulatedServer& server, std::int64_t nowUnixMs);
  // A device that ended because its journal was lost: the office keeps its events.
  void deviceEnded(SimulatedPhone& phone);

  // At the end, after healing. I1, I2, I3: every confirmed event is in the log once, or, I9, in a
  // wrongly signed entry that phone and server keep and show. I6: the phone's plan is the server's
  // for its carer. I10: intervals contain the true time. I12: nothing waits. I15: what is in the
  // log counts once, at the visit it was recorded about. I18: the log's audit finds nothing. refs:
  // by every id that a visit ever had.
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
  // Counted facts by visit of the present plan, without visits in no plan.
  Result<DoorsOfCarers> countedDoors(SimulatedServer& server);
  std::string checkTimes(SimulatedServer& server,
                         const std::map<DeviceId, SimulatedPhone*>& phones);

  const Planted planted_;
  SometimesCounts& sometimes_;
  OfficeView office_;
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
