// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/doors.h"

namespace doorstep::simulation {
namespace {

struct Kinds {
  DoorFact& fact;

  void operator()(const visits::CheckedIn&) { fact.kind = DoorFact::Kind::CheckIn; }
  void operator()(const visits::CheckedOut&) { fact.kind = DoorFact::Kind::CheckOut; }
  void operator()(const visits::NoEntry&) { fact.kind = DoorFact::Kind::NoEntry; }
  void operator()(const visits::TaskRecorded& task) {
    fact.kind = DoorFact::Kind::Task;
    fact.task = task.taskNumber;
  }
  void operator()(const visits::Amended& amended) {
    if (std::holds_alternative<visits::UnknownReplacement>(amended.replacement))
      return;  // of a later release: nobody knows what it makes of the event
    fact.kind = DoorFact::Kind::Withdraw;  // carers of this world amend nothing otherwise
    fact.withdraws = amended.eventNumber;
  }
  template <typename Other>
  void operator()(const Other&) {}
};

struct Intents {
  DoorFact& fact;

  void operator()(const recording::CheckIn&) { fact.kind = DoorFact::Kind::CheckIn; }
  void operator()(const recording::CheckOut&) { fact.kind = DoorFact::Kind::CheckOut; }
  void operator()(const recording::ReportNoEntry&) { fact.kind = DoorFact::Kind::NoEntry; }
  void operator()(const recording::RecordTask& record) { Kinds{fact}(record.task); }
  void operator()(const recording::Amend& amend) { Kinds{fact}(amend.amended); }
  template <typename Other>
  void operator()(const Other&) {}
};

}  // namespace

DoorFact factOf(const visits::Event& event) {
  DoorFact fact{event.visit, event.number, DoorFact::Kind::Other, 0, 0};
  std::visit(Kinds{fact}, event.fact);
  return fact;
}

DoorFact factOf(std::uint64_t number, const recording::Intent& intent) {
  DoorFact fact{{}, number, DoorFact::Kind::Other, 0, 0};
  std::visit([&](const auto& one) { fact.visit = one.visit; }, intent);
  std::visit(Intents{fact}, intent);
  return fact;
}

void Doors::add(DeviceId device, const DoorFact& fact) {
  Door& door = doors_[fact.visit];
  door.events.push_back(fact.number);
  const Key key{device, fact.number};
  if (fact.kind == DoorFact::Kind::Withdraw) {
    const Key taken{device, fact.withdraws};
    withdrawn_.insert(taken);
    for (auto* set : {&door.checkIns, &door.checkOuts, &door.noEntries})
      set->erase(taken);
    for (auto& [task, records] : door.tasks)
      records.erase(taken);
    return;
  }
  if (withdrawn_.contains(key))
    return;
  switch (fact.kind) {
    case DoorFact::Kind::CheckIn:
      door.checkIns.insert(key);
      break;
    case DoorFact::Kind::CheckOut:
      door.checkOuts.insert(key);
      break;
    case DoorFact::Kind::NoEntry:
      door.noEntries.insert(key);
      break;
    case DoorFact::Kind::Task:
      door.tasks[fact.task].insert(key);
      break;
    case DoorFact::Kind::Withdraw:
    case DoorFact::Kind::Other:
      break;
  }
}

std::set<VisitId> Doors::begun() const {
  std::set<VisitId> begun;
  for (const auto& [visit, door] : doors_) {
    if (door.isBegun())
      begun.insert(visit);
  }
  return begun;
}

}  // namespace doorstep::simulation
