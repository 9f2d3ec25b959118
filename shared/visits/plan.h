// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/strong_id.h"

namespace doorstep::visits {

// The plan as domain types; fields are documented in proto/doorstep/roster/v1.

struct Person {
  PersonId id;
  std::string ref;
  std::string name;
  std::string accessNote;
  std::optional<double> latitudeDeg;
  std::optional<double> longitudeDeg;
  std::string lot;
  bool operator==(const Person&) const = default;
};

struct CarerSlot {
  std::uint32_t slot = 0;
  CarerId carer;
  std::string carerName;
  bool operator==(const CarerSlot&) const = default;
};

struct PlannedTask {
  std::uint32_t taskNumber = 0;
  std::string code;
  std::string text;
  bool critical = false;
  bool operator==(const PlannedTask&) const = default;
};

enum class VisitState { Unspecified = 0, Planned = 1, Cancelled = 2 };

struct PlannedVisit {
  VisitId id;
  std::string ref;
  PersonId person;
  std::string service;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  std::uint32_t carersRequired = 1;
  std::vector<CarerSlot> slots;
  std::vector<PlannedTask> tasks;
  bool timeCritical = false;
  VisitId afterVisit;
  std::uint32_t minGapMin = 0;
  std::optional<std::uint32_t> maxGapMin;
  VisitState state = VisitState::Planned;
  std::uint64_t planVersion = 0;
  bool operator==(const PlannedVisit&) const = default;
};

}  // namespace doorstep::visits
