// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "app/recording/intent.h"
#include "shared/core/strong_id.h"
#include "shared/visits/event.h"

namespace doorstep::simulation {

// The meaning of one event for the simulator. Independent of shared/visits' fold, so that screens
// and boards can be checked against it.
struct DoorFact {
  enum class Kind { CheckIn, CheckOut, NoEntry, Task, Withdraw, Other };
  VisitId visit;
  std::uint64_t number = 0;
  Kind kind = Kind::Other;
  std::uint32_t task = 0;       // of Task
  std::uint64_t withdraws = 0;  // of Withdraw: an event of the same device
};
DoorFact factOf(const visits::Event& event);
DoorFact factOf(std::uint64_t number, const recording::Intent& intent);

// What one carer did at her visits, from any of her devices. Independent of the order of facts.
// Thread: one.
class Doors {
 public:
  using Key = std::pair<DeviceId, std::uint64_t>;  // device and event number
  struct Door {
    std::set<Key> checkIns;
    std::set<Key> checkOuts;
    std::set<Key> noEntries;
    std::map<std::uint32_t, std::set<Key>> tasks;  // by task number; empty: all were withdrawn
    std::vector<std::uint64_t> events;             // numbers, in order of addition

    bool isBegun() const { return !checkIns.empty() && checkOuts.empty(); }
    bool isAttended() const {
      return !checkIns.empty() || !checkOuts.empty() || !noEntries.empty();
    }
  };

  void add(DeviceId device, const DoorFact& fact);
  const std::map<VisitId, Door>& all() const { return doors_; }
  std::set<VisitId> begun() const;

 private:
  std::map<VisitId, Door> doors_;
  std::set<Key> withdrawn_;
};

}  // namespace doorstep::simulation
