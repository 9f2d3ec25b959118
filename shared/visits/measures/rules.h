// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/visits/measures/visit_facts.h"

namespace doorstep::measures {

enum class PlanKind { Commissioned, Locked, Final };
enum class StartRule { Both, First };   // whose start counts where more carers are needed
enum class CutoffTests { End, Start };  // what must not lie beyond the day's cut-off
enum class NoEntryCounts { Excluded, Planned };
enum class DeliveredCap { None, Planned, PlannedPlus, WeeklyPool };
enum class RoundingMode { Nearest, Up, Down };
enum class RoundingHalf { Up, Down, Even };
enum class RoundingStage { Visit, Day, Week, Month };  // Visit: each slot
enum class DoubleBilling { Each, Overlap };
enum class NoEntryBilling { None, Planned };
enum class ElectronicRequires { Both, Either };
// Bits of Rules::missedRules.
enum class MissedRule { NextPlanned, DayCutoff, StartedAfterEnd, Merged };

// Whole minutes from `from` to `to` are billed as `bill`.
struct Band {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t bill = 0;
  bool operator==(const Band&) const = default;
};

// Up to so many visits a week there should be so many carers at most.
struct CarerTarget {
  std::int64_t visits = 0;
  std::int64_t carers = 0;
  bool operator==(const CarerTarget&) const = default;
};

constexpr std::uint32_t bit(auto value) { return 1U << static_cast<unsigned>(value); }

// One version of a contract's rules, with the defaults. rule_parameters.h has each parameter's
// name, form and bounds. Numbers are at most kRuleNumberMax; sums with them are Wide.
struct Rules {
  std::int64_t earlyToleranceMin = 15;  // before the window's start
  std::int64_t lateToleranceMin = 15;   // after the latest start
  std::int64_t timeCriticalToleranceMin = 15;
  bool windowInclusive = true;
  std::int64_t veryLateMin = 60;
  PlanKind punctualityBasis = PlanKind::Locked;
  bool basisFollowsPerson = false;
  StartRule doubleHandedStart = StartRule::Both;
  std::int64_t missedAfterMin = 60;  // after the planned end
  std::uint32_t missedRules = 0;
  int dayCutoffLocalMin = 23 * 60;
  CutoffTests dayCutoffAppliesTo = CutoffTests::End;
  std::int64_t mergeGapMin = 5;
  std::int64_t mergePlanGapMin = 60;
  int serviceDayStartMin = 4 * 60;
  int weekStart = 0;  // 0 Monday to 6 Sunday
  std::int64_t minCountableVisitMin = 5;
  std::int64_t maxVisitMin = 1500;
  bool providerCancelIsMissed = true;
  bool cancelAfterStartCounts = false;
  std::int64_t cancelNoticePayableH = 24;
  std::vector<std::string> exemptReasons{"P4", "P5", "P6", "P8", "K2", "W1"};
  NoEntryCounts noEntryCountsAs = NoEntryCounts::Excluded;
  std::int64_t shortRatioPct = 80;  // 0: off
  std::int64_t shortByMin = 5;      // 0: off
  std::vector<std::string> shortExemptReasons{"P2", "P3"};
  std::int64_t niceShortMin = 30;
  DeliveredCap deliveredCap = DeliveredCap::Planned;
  std::int64_t capToleranceMin = 0;
  std::int64_t roundingUnitMin = 0;  // 0: no rounding
  RoundingMode roundingMode = RoundingMode::Nearest;
  RoundingHalf roundingHalf = RoundingHalf::Up;
  RoundingStage roundingStage = RoundingStage::Visit;
  std::vector<Band> bands;
  DoubleBilling doubleHandedBilling = DoubleBilling::Each;
  NoEntryBilling noEntryBillable = NoEntryBilling::None;
  std::int64_t doubleOverlapPct = 90;
  std::int64_t doubleGapMin = 5;
  std::uint32_t electronicMethods = bit(Method::NfcTag) | bit(Method::QrCode) |
                                    bit(Method::Position) | bit(Method::Landline) |
                                    bit(Method::FixedDevice);
  std::uint32_t electronicGrades = bit(Grade::A) | bit(Grade::B) | bit(Grade::C);
  ElectronicRequires electronicRequires = ElectronicRequires::Both;
  std::int64_t lateEditH = 48;
  std::int64_t knownCarerDays = 90;
  std::int64_t syncLagLimitMin = 15;
  std::vector<CarerTarget> continuityTargets{{7, 4}, {14, 6}, {28, 8}};
  std::int64_t continuityDoubleExtraPct = 50;
  std::int64_t driftWeeks = 6;
  std::int64_t driftLowPct = 85;
  std::int64_t driftHighPct = 110;
  // For readers: how grades were given, and what a contract aims at.
  std::int64_t geofenceM = 150;
  std::int64_t accuracyMaxM = 100;
  std::int64_t freshnessMaxS = 120;
  std::map<std::string, std::string> targets;

  bool operator==(const Rules&) const = default;
  bool counts(MissedRule rule) const { return (missedRules & bit(rule)) != 0; }
};

// What parameters that are right alone say against each other: a sentence, or nothing.
std::optional<std::string> contradiction(const Rules& rules);

struct RuleVersion {
  std::int64_t number = 0;
  DayNumber effectiveFrom = 0;
  std::optional<DayNumber> effectiveTo;
  Rules rules;
};

// The rules of all contracts, by day. Thread: any, after the last add.
class RuleBook {
 public:
  // A number is given once in a contract (hasVersion). "*" serves contracts without an entry.
  void add(const std::string& contractId, RuleVersion version);
  // Makes an entry, also one without versions: it is not served by "*".
  void addContract(const std::string& contractId);
  bool hasContract(const std::string& contractId) const;
  bool hasVersion(const std::string& contractId, std::int64_t number) const;

  // Of the latest effectiveFrom on or before the day the highest number; nullptr when there is
  // none or it has ended. Older versions do not return.
  const RuleVersion* at(std::string_view contractId, DayNumber day) const;

 private:
  struct Contract {
    std::map<std::pair<DayNumber, std::int64_t>, RuleVersion> versions;  // by day and number
    std::set<std::int64_t> numbers;
  };
  std::map<std::string, Contract, std::less<>> contracts_;
};

}  // namespace doorstep::measures
