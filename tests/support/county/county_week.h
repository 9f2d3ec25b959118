// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/visits/event.h"
#include "shared/visits/locked_plan.h"
#include "tests/support/county/county_rota.h"

namespace doorstep::county {

// A week of a county as its server gets it: the rota, what offices change after it was published,
// and what phones record and when they send it. Shares that are assumed, not measured: one person
// in five is away for the week (which leaves about 40,000 visits of 2,061 people), 3 % of visits
// are moved, 2 % reassigned and 2 % cancelled, most of them within the day before; 1 % are
// forgotten, 2 % end at the door, 8 % start late; on 4 % of a carer's days her phone is silent for
// hours and on 1 % until the end of the week. The same seed and week give the same on any machine.

struct WeekOptions {
  std::uint64_t seed = 1;
  int week = 0;         // 0 begins on kFirstMonday
  double scale = 0.05;  // 1: 2,061 people
};
constexpr const char* kFirstMonday = "2025-01-06";

// An entry of a phone: events of one visit with the times at which they happened.
struct Sending {
  std::size_t provider = 0;  // index into the county's
  std::size_t carer = 0;
  std::size_t visit = 0;
  std::int64_t sentUnixMs = 0;
  std::vector<std::pair<std::int64_t, visits::Fact>> events;
};

struct PlanChange {
  enum class Kind { Moved, Reassigned, Cancelled };
  std::size_t provider = 0;
  std::size_t visit = 0;
  std::int64_t atUnixMs = 0;
  Kind kind = Kind::Moved;
  std::int64_t byMs = 0;  // moved: its window
  std::size_t carer = 0;  // reassigned: who has the first slot now
  visits::WantedBy wantedBy = visits::WantedBy::Office;
};

// A visit that nobody recorded.
struct Forgotten {
  std::size_t provider = 0;
  std::size_t visit = 0;
};

struct Week {
  County county;
  std::int64_t beginUnixMs = 0;
  std::int64_t endUnixMs = 0;
  std::vector<PlanChange> changes;  // by time
  std::vector<Sending> sendings;    // by time; a carer's are in the order of their events
  std::vector<Forgotten> forgotten;
};

// Errors: those of makeCounty.
Result<Week> makeWeek(const WeekOptions& options);

}  // namespace doorstep::county
