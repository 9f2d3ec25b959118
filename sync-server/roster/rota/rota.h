// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/visits/locked_plan.h"
#include "shared/visits/plan.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota/rota_fault.h"

namespace doorstep::roster {

// A rota as read from its files, before comparison with the plan. People and carers are referred to
// by index; `line` is the row's line in its file.

constexpr std::uint32_t kNobody = UINT32_MAX;  // index of no carer, person or visit

struct RotaPerson {
  std::string ref;
  std::string name;
  std::string accessNote;
  std::optional<double> latitudeDeg;
  std::optional<double> longitudeDeg;
  std::string lot;  // empty: under no contract
  std::uint64_t line = 0;
  std::optional<std::int64_t> lotFromDay;  // of lot, tier and funder; absent: terms_import.h says
  std::string tier;                        // empty: not said
  std::string funderSplit;                 // empty: not said
  std::string correction;  // why lot_from may be a day that has begun; empty: it may not
};

struct RotaCarer {
  std::string ref;
  std::string name;
  std::uint64_t line = 0;
};

struct RotaVisit {
  std::string ref;
  std::uint32_t person = kNobody;
  // Per slot, by slot - 1: the carers of a visit may provide different services.
  std::vector<std::string> services;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  bool timeCritical = false;
  std::string afterRef;
  std::uint32_t after = kNobody;
  std::uint32_t minGapMin = 0;
  std::optional<std::uint32_t> maxGapMin;
  std::vector<std::uint32_t> carers;                      // by slot - 1; kNobody: unassigned
  std::uint32_t slotsSeen = 0;                            // bit slot - 1
  bool cancelled = false;                                 // the row says who cancelled and when
  visits::WantedBy changedBy = visits::WantedBy::Office;  // who requested the change
  std::uint64_t line = 0;
};

struct RotaContract {
  std::string ref;
  std::string council;
  std::vector<std::string> lots;
  std::map<std::string, LotStart> starts;  // of lots that say from when, or in which role
  std::optional<StatedRules> rules;        // absent: the file names none
  std::uint64_t line = 0;
};

struct Rota {
  std::vector<RotaContract> contracts;  // empty: no contracts.csv
  std::vector<RotaPerson> people;
  std::vector<RotaCarer> carers;
  std::vector<RotaVisit> visits;
  // Planned tasks by service of tasks.csv; other services get default_tasks.h.
  std::map<std::string, std::vector<visits::PlannedTask>> tasks;
  // Notes on what was interpreted or skipped.
  FaultList notes;
};

}  // namespace doorstep::roster
