// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/measure_kind.h"

#include <algorithm>
#include <array>

#include "sync-server/fhir/terms.h"

namespace doorstep::fhir {
namespace {

using measures::Unit;

// An id, or with a dot at its end the beginning of ids.
bool fits(std::string_view id, std::string_view pattern) {
  return pattern.back() == '.' ? id.substr(0, pattern.size()) == pattern : id == pattern;
}

template <std::size_t n>
bool isAmong(std::string_view id, const std::array<std::string_view, n>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return fits(id, pattern); });
}

// Shares whose parts are milliseconds, millionths or products of counts.
constexpr std::array<std::string_view, 7> kNotCounted{
    "continuity.coc",   "delivered.",       "double_handed.overlap_share", "independence.change.",
    "length.clip_rate", "length.over_rate", "reablement.last_to_first"};

constexpr std::array<std::string_view, 35> kHigher{"alerts.late_caught",
                                                   "continuity.coc",
                                                   "continuity.coc_pooled",
                                                   "continuity.known_carer",
                                                   "continuity.sequence",
                                                   "continuity.top1",
                                                   "continuity.top3",
                                                   "delivered.of_commissioned_capped",
                                                   "delivered.percent_capped",
                                                   "double_handed.full",
                                                   "double_handed.gap_ok",
                                                   "double_handed.overlap_share",
                                                   "evidence.anchored",
                                                   "evidence.electronic_any",
                                                   "evidence.electronic_both",
                                                   "evidence.electronic_by_rule",
                                                   "goals.attained",
                                                   "goals.improved",
                                                   "medicines.given",
                                                   "missed.attended_of_planned",
                                                   "missed.recovered",
                                                   "punctuality.basis.",
                                                   "punctuality.on_time_of_attended",
                                                   "punctuality.on_time_of_planned",
                                                   "punctuality.time_critical",
                                                   "qs123.1a",
                                                   "qs123.1b",
                                                   "qs123.2a",
                                                   "qs123.3",
                                                   "qs123.5a",
                                                   "qs123.5b",
                                                   "tasks.critical_done",
                                                   "tasks.done",
                                                   "tasks.not_done_reasoned",
                                                   "wales.s8"};

constexpr std::array<std::string_view, 35> kLower{"alerts.false_late_rate",
                                                  "alerts.late_ack_p50",
                                                  "alerts.late_ack_p90",
                                                  "clock.",
                                                  "continuity.carers_mean",
                                                  "double_handed.gap_p90",
                                                  "double_handed.single",
                                                  "double_handed.wait_mean",
                                                  "edits.late",
                                                  "edits.no_evidence",
                                                  "edits.rate",
                                                  "evidence.manual",
                                                  "goals.declined",
                                                  "length.clip_rate",
                                                  "length.short",
                                                  "length.short_fault",
                                                  "length.under_15",
                                                  "medicines.late",
                                                  "medicines.missed",
                                                  "missed.cause.",
                                                  "missed.detection_lag_p50",
                                                  "missed.detection_lag_p95",
                                                  "missed.rate",
                                                  "plan.rescued_by_move",
                                                  "punctuality.early_rate",
                                                  "punctuality.late_mean",
                                                  "punctuality.late_p50",
                                                  "punctuality.late_p90",
                                                  "punctuality.late_p95",
                                                  "punctuality.late_rate",
                                                  "punctuality.not_together_rate",
                                                  "punctuality.very_late_rate",
                                                  "qs123.2b",
                                                  "reablement.last_to_first",
                                                  "sync."};

}  // namespace

Scoring scoringOf(const measures::Measure& measure) {
  switch (measures::unitOf(measure)) {
    case Unit::Minutes:
    case Unit::Seconds:
      return Scoring::Quantity;
    case Unit::Carers:
    case Unit::Changes:
      return Scoring::CountRatio;
    case Unit::Share:
      break;
  }
  return isAmong(measure.id, kNotCounted) ? Scoring::TimeRatio : Scoring::Proportion;
}

Better betterOf(std::string_view id) {
  if (isAmong(id, kHigher))
    return Better::Higher;
  return isAmong(id, kLower) ? Better::Lower : Better::Unsaid;
}

const char* unitCode(Unit unit) {
  switch (unit) {
    case Unit::Minutes:
      return "min";
    case Unit::Seconds:
      return "s";
    case Unit::Share:
    case Unit::Carers:
    case Unit::Changes:
      break;
  }
  return "1";
}

std::string measureResourceId(std::string_view id) {
  std::string made(id);
  std::replace(made.begin(), made.end(), '_', '-');
  return made;
}

std::string measureUrl(std::string_view id) { return urn("measure:") + std::string(id); }

}  // namespace doorstep::fhir
