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

// A visit with the data that the board needs: plan in force, person, lot and rules.
struct BoardVisit {
  visits::PlannedVisit visit;
  std::string personName;
  std::string lot;
  measures::Rules rules;
};

// State of a carer's phone; of several phones the one heard last.
struct CarerPhone {
  std::int64_t heardUnixMs = 0;   // server time; 0: never
  std::uint64_t planVersion = 0;  // newest plan version of her visits on the phone
};

using CarerNames = std::map<CarerId, std::string>;
using CarerPhones = std::map<CarerId, CarerPhone>;

struct JudgedRow {
  doorstep::monitoring::v1::BoardRow message;
  std::set<CarerId> carers;  // carers whose phones it shows
  // From then on time alone may change it.
  std::int64_t dueUnixMs = kNever;
  bool allStartedInTime = false;
};

// Judges one row by current knowledge. Pure.
JudgedRow judgeRow(const BoardVisit& plan,
                   const std::vector<projections::AttendanceRecord>& records,
                   const CarerNames& names, const CarerPhones& phones, std::int64_t nowUnixMs);

// Whether neither phones nor time change the row any more, unless a carer is in it.
bool isSettled(doorstep::monitoring::v1::BoardState state);

// Whether the new state of the carer's phone changes the row in a way that a supervisor can act on.
// Pure.
bool phoneMatters(const doorstep::monitoring::v1::BoardRow& row, CarerId carer,
                  const CarerPhone& before, const CarerPhone& now, std::int64_t nowUnixMs);

}  // namespace doorstep::monitoring
