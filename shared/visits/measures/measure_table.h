// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "shared/visits/measures/group_totals.h"

namespace doorstep::measures {

// The measures: one table, one entry each. docs/measures.md says for people what they mean.

// Files without which a measure is left out.
enum class Needs { Visits, Packages, Invoices, PackagesAndInvoices, People };

// Values of which a quantile is asked.
enum class Spread { Lateness, DetectionLag, CarersGap, AlertAck, SyncLag, ClockSkew };
constexpr std::size_t kSpreads = 6;
inline constexpr std::array<std::string_view, kSpreads> kSpreadNames{
    "lateness", "detection_lag", "carers_gap", "alert_ack", "sync_lag", "clock_skew"};

// What numerator / denominator counts: a part of what is counted, minutes, seconds, carers a
// person, changes a visit.
enum class Unit { Share, Minutes, Seconds, Carers, Changes };

// How a measure is computed: exactly one of
//   ofVisit   what one visit adds: such measures add up over groups, and can be kept in cells;
//   ofGroup   from the group's totals;
//   percent   the quantile of a spread: rank ceil(percent * n / 100) of n sorted values.
struct Measure {
  std::string_view id;
  Needs needs = Needs::Visits;
  void (*ofVisit)(const ClassifiedVisit& visit, Figure& sum) = nullptr;
  Figure (*ofGroup)(const GroupTotals& totals) = nullptr;
  Spread spread = Spread::Lateness;
  int percent = 0;
  // Not 0: the denominator whatever the visits are.
  std::int64_t denominator = 0;

  bool isQuantile() const { return percent != 0; }
};

// Sorted by id. The ids recharge.minutes.<funder> are not in it: they come from the records.
std::span<const Measure> measureTable();
constexpr std::string_view kRechargePrefix = "recharge.minutes.";
// nullptr: there is no measure of this id.
const Measure* findMeasure(std::string_view id);
Unit unitOf(const Measure& measure);

// What one visit adds to each spread, and the unit of its values.
struct SpreadEntry {
  void (*ofVisit)(const ClassifiedVisit& visit, std::vector<std::int64_t>& values);
  std::int64_t unitMs;
};
const std::array<SpreadEntry, kSpreads>& spreadTable();

// values: sorted. No values: 0 / 0.
Figure quantile(std::span<const std::int64_t> values, int percent, std::int64_t unitMs);

// Parts of the table, by what they are about.
std::vector<Measure> punctualityMeasures();
std::vector<Measure> attendanceMeasures();
std::vector<Measure> lengthMeasures();
std::vector<Measure> evidenceMeasures();
std::vector<Measure> careMeasures();
std::vector<Measure> peopleMeasures();
std::vector<Measure> minutesMeasures();

}  // namespace doorstep::measures
