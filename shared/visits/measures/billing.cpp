// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/billing.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>

namespace doorstep::measures {
namespace {

// Contract, rule version, provider, person, kind of service; day, week or month.
using UnitKey = std::tuple<std::string_view, std::int64_t, std::string_view, std::string_view,
                           ServiceKind, RoundingStage, DayNumber>;

struct OpenUnit {
  std::size_t visit = 0;
  Wide cappedMs = 0;
};

struct Pool {
  std::optional<std::size_t> visit;
  Wide billableMs = 0;
  Wide plannedMs = 0;
};

DayNumber firstOfMonth(DayNumber day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return day - static_cast<DayNumber>(static_cast<unsigned>(date.day())) + 1;
}

UnitKey keyOf(const ClassifiedVisit& visit, RoundingStage stage) {
  DayNumber period = visit.day;
  if (stage == RoundingStage::Week)
    period = visit.week;
  else if (stage == RoundingStage::Month)
    period = firstOfMonth(visit.day);
  const VisitFacts& facts = *visit.facts;
  return {facts.contractId,
          visit.version->number,
          facts.provider,
          facts.person,
          facts.serviceKind,
          stage,
          period};
}

bool isReportedOrExempt(const ClassifiedVisit& visit) {
  return visit.reported() || visit.exclusion == Exclusion::Exempt;
}

Wide capped(Wide ms, const ClassifiedVisit& visit) {
  const Rules& rules = *visit.rules;
  if (rules.deliveredCap == DeliveredCap::Planned)
    return std::min<Wide>(ms, visit.planMs());
  if (rules.deliveredCap == DeliveredCap::PlannedPlus)
    return std::min<Wide>(ms, visit.planMs() + Wide{rules.capToleranceMin} * kMinuteMs);
  return ms;
}

// What a slot counts with after its cap; nullopt: it does not count.
std::optional<Wide> countedMs(const ClassifiedVisit& visit, const ClassifiedSlot& slot) {
  if (isShortNotice(visit))
    return visit.planMs();
  if (visit.visitClass == VisitClass::NoEntry &&
      visit.rules->noEntryBillable == NoEntryBilling::Planned)
    return visit.planMs();
  if (!isReportedOrExempt(visit) || !slot.attended() || !slot.lengthMs)
    return std::nullopt;
  const bool together = visit.rules->doubleHandedBilling == DoubleBilling::Overlap &&
                        visit.facts->carersRequired >= 2;
  return capped(together ? visit.overlapMs : *slot.lengthMs, visit);
}

class Biller {
 public:
  explicit Biller(std::span<const ClassifiedVisit> visits) : visits_(visits) {}

  // Visits in the order in which they come.
  void add(std::size_t index) {
    const ClassifiedVisit& visit = visits_[index];
    if (!visit.lookedAt() || !visit.basis)
      return;
    if (visit.rules->deliveredCap == DeliveredCap::WeeklyPool)
      addPlanned(visit);
    for (const ClassifiedSlot& slot : visit.slots) {
      const auto ms = countedMs(visit, slot);
      if (!ms)
        continue;
      if (visit.rules->roundingStage == RoundingStage::Visit) {
        close({index, *ms});
        continue;
      }
      open_.try_emplace(keyOf(visit, visit.rules->roundingStage), OpenUnit{index, 0})
          .first->second.cappedMs += *ms;
    }
  }

  std::vector<BillingUnit> finish() {
    for (const auto& [key, unit] : open_)
      close(unit);
    for (const auto& [key, pool] : pools_)
      if (pool.visit)
        units_.push_back({*pool.visit, std::min(pool.billableMs, pool.plannedMs), 0, true});
    return std::move(units_);
  }

 private:
  void addPlanned(const ClassifiedVisit& visit) {
    if (isReportedOrExempt(visit) || visit.exclusion == Exclusion::NoEntry || isShortNotice(visit))
      pools_[keyOf(visit, RoundingStage::Week)].plannedMs +=
          Wide{visit.planMs()} * static_cast<int>(visit.slots.size());
  }

  void close(const OpenUnit& unit) {
    const ClassifiedVisit& visit = visits_[unit.visit];
    const Rules& rules = *visit.rules;
    Wide ms = rounded(unit.cappedMs, Wide{rules.roundingUnitMin} * kMinuteMs, rules.roundingMode,
                      rules.roundingHalf);
    // With bands the unit is whole minutes.
    if (!rules.bands.empty())
      ms = Wide{banded(static_cast<std::int64_t>(ms / kMinuteMs), rules.bands)} * kMinuteMs;
    const bool pooled = rules.deliveredCap == DeliveredCap::WeeklyPool;
    units_.push_back({unit.visit, pooled ? 0 : ms, ms - unit.cappedMs, !pooled});
    if (!pooled)
      return;
    Pool& pool = pools_[keyOf(visit, RoundingStage::Week)];
    pool.billableMs += ms;
    if (!pool.visit || comesBefore(visit, visits_[*pool.visit]))
      pool.visit = unit.visit;
  }

  std::span<const ClassifiedVisit> visits_;
  std::map<UnitKey, OpenUnit> open_;
  std::map<UnitKey, Pool> pools_;
  std::vector<BillingUnit> units_;
};

}  // namespace

bool isShortNotice(const ClassifiedVisit& visit) {
  const VisitFacts& facts = *visit.facts;
  return visit.visitClass == VisitClass::Cancelled &&
         (facts.cancelledBy == CancelledBy::Person || facts.cancelledBy == CancelledBy::Council) &&
         visit.basis->startMs - *facts.cancelledMs <
             Wide{visit.rules->cancelNoticePayableH} * kHourMs;
}

Wide rounded(Wide value, Wide unit, RoundingMode mode, RoundingHalf half) {
  if (unit == 0)
    return value;
  const Wide steps = value / unit;
  const Wide rest = value % unit;
  bool up = false;
  if (mode == RoundingMode::Up)
    up = rest > 0;
  else if (mode == RoundingMode::Nearest && rest * 2 == unit)
    up = half == RoundingHalf::Up || (half == RoundingHalf::Even && steps % 2 == 1);
  else if (mode == RoundingMode::Nearest)
    up = rest * 2 > unit;
  return (steps + (up ? 1 : 0)) * unit;
}

std::int64_t banded(std::int64_t minutes, std::span<const Band> bands) {
  bool belowAll = true;
  for (const Band& band : bands) {
    if (band.from <= minutes && minutes <= band.to)
      return band.bill;
    belowAll = belowAll && minutes < band.from;
  }
  return belowAll && !bands.empty() ? 0 : minutes;
}

std::vector<BillingUnit> bill(std::span<const ClassifiedVisit> visits) {
  std::vector<std::size_t> order(visits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return comesBefore(visits[a], visits[b]); });
  Biller biller(visits);
  for (const std::size_t index : order)
    biller.add(index);
  return biller.finish();
}

}  // namespace doorstep::measures
