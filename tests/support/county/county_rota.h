// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::county {

// An invented county's home care for some days, with published proportions: 18 lots with a lead and
// supplementary providers each (Leicestershire's framework), 25 visits a week per person, 32 % of
// them up to 15 minutes and 14 % longer than 30 (Northern Ireland's survey week), one in five
// double-handed, a peak in the morning. People, carers and providers are invented. The same seed,
// days and scale give the same county on any machine.

struct CountyOptions {
  std::uint64_t seed = 1;
  std::string firstDay;  // local, "2026-11-23"
  int days = 1;
  // 1: 2,500 people, about 9,000 visits a day. At least one person per provider.
  double scale = 0.05;
};

struct Person {
  std::string ref;
  std::string name;
  double latitudeDeg = 0;
  double longitudeDeg = 0;
  std::string lot;
  std::string accessNote;
};

struct Carer {
  std::string ref;
  std::string name;
  bool early = false;  // 06:45 to 14:45; otherwise 14:30 to 22:30
};

struct Visit {
  std::string ref;
  std::size_t person = 0;  // index into the provider's people
  std::string service;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  bool timeCritical = false;
  std::optional<std::size_t> after;  // index into the provider's visits
  std::uint32_t minGapMin = 0;
  std::vector<std::optional<std::size_t>> carers;  // by slot; absent: unassigned
};

struct Provider {
  std::string folder;  // "01-brightwater"
  std::string name;
  std::vector<std::string> lots;
  std::vector<Person> people;
  std::vector<Carer> carers;
  std::vector<Visit> visits;  // by day and window start
};

struct County {
  std::string council;
  std::vector<Provider> providers;
};

// Errors: DAY_FORMAT, and OUT_OF_RANGE for days outside 1 to 28 or a scale outside (0, 10].
Result<County> makeCounty(const CountyOptions& options);

}  // namespace doorstep::county
