// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/visits/measures/measure_table.h"

namespace doorstep::fhir {

// What FHIR asks of a measure beside its figures. Pure. Thread: any.

enum class Scoring {
  Proportion,  // numerator and denominator count the same things
  CountRatio,  // both count, each its own: changes a visit, carers a person
  TimeRatio,   // both are times or products, not counts
  Quantity,    // minutes or seconds: a sum, a mean, a value that occurred
};
Scoring scoringOf(const measures::Measure& measure);

// Which way a figure moves when care gets better, as far as that can be said of it alone.
enum class Better { Unsaid, Higher, Lower };
Better betterOf(std::string_view id);

// UCUM's code of the score.
const char* unitCode(measures::Unit unit);

// Visits that were looked at, by what became of them; no figure of the table.
inline constexpr std::string_view kVisitsId = "visits";
// The shares of funders: one measure, the funders its strata.
inline constexpr std::string_view kRechargeId = "recharge.minutes";

// Resource.id and canonical URL (with its version) of a measure.
std::string measureResourceId(std::string_view id);
std::string measureUrl(std::string_view id);
inline constexpr const char* kMeasureVersion = "1";  // of the definitions, doorstep-measures/1

}  // namespace doorstep::fhir
