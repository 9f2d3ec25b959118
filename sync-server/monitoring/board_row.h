// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "shared/core/strong_id.h"
#include "shared/visits/contract_rules.h"
#include "shared/visits/plan.h"
#include "sync-server/monitoring/board_state.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::monitoring {

// A visit as the board needs it: the plan in force, whose it is, and the rules that judge it.
struct BoardVisit {
  visits::PlannedVisit visit;
  std::string personName;
  std::string lot;
  visits::ContractRules rules;
};

// What is known of a carer's phone. Of several the one that was heard last.
struct CarerPhone {
  std::int64_t heardUnixMs = 0;   // server time; 0: never
  std::uint64_t planVersion = 0;  // newest plan version of her visits that it holds
};

using CarerNames = std::map<CarerId, std::string>;
using CarerPhones = std::map<CarerId, CarerPhone>;

struct JudgedRow {
  doorstep::monitoring::v1::BoardRow message;
  std::set<CarerId> carers;  // whose phones it shows
  // From this moment on it may differ though nothing new is known.
  std::int64_t dueUnixMs = kNever;
  bool allStartedInTime = false;
};

// One row of a board, by what is known now. Pure.
JudgedRow judgeRow(const BoardVisit& plan,
                   const std::vector<projections::AttendanceRecord>& records,
                   const CarerNames& names, const CarerPhones& phones, std::int64_t nowUnixMs);

// Nothing that a phone says or the clock does changes it any more, unless somebody is in it.
bool isSettled(doorstep::monitoring::v1::BoardState state);

// Whether what is now known of the carer's phone changes the row as much as a supervisor can act
// on. Pure.
bool phoneMatters(const doorstep::monitoring::v1::BoardRow& row, CarerId carer,
                  const CarerPhone& before, const CarerPhone& now, std::int64_t nowUnixMs);

}  // namespace doorstep::monitoring
