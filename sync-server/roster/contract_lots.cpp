// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/contract_lots.h"

#include <algorithm>
#include <iterator>

#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::roster {

ContractLots::ContractLots(std::vector<Contract> contracts) : contracts_(std::move(contracts)) {
  for (std::size_t index = 0; index < contracts_.size(); ++index) {
    const std::vector<LotPeriod>& periods = contracts_[index].periods;
    for (std::size_t place = 0; place < periods.size(); ++place)
      byLot_[{periods[place].provider, periods[place].lot}].push_back(
          {periods[place].fromDay, index, place});
  }
  for (auto& [lot, periods] : byLot_)
    std::sort(periods.begin(), periods.end(),
              [](const Period& a, const Period& b) { return a.fromDay < b.fromDay; });
}

const ContractLots::Period* ContractLots::periodOf(ProviderId provider, const std::string& lot,
                                                   std::int64_t atUnixMs) const {
  const auto found = byLot_.find({provider, lot});
  if (found == byLot_.end())
    return nullptr;
  const std::vector<Period>& periods = found->second;
  // Common case: no local day needs to be computed.
  if (periods.size() == 1 && periods.front().fromDay == kFromAlways)
    return &periods.front();
  const auto later =
      std::upper_bound(periods.begin(), periods.end(), londonDayNumber(atUnixMs),
                       [](std::int64_t day, const Period& period) { return day < period.fromDay; });
  return later == periods.begin() ? nullptr : &*std::prev(later);
}

const Contract* ContractLots::contractOf(ProviderId provider, const std::string& lot,
                                         std::int64_t atUnixMs) const {
  const Period* period = periodOf(provider, lot, atUnixMs);
  return period == nullptr ? nullptr : &contracts_[period->contract];
}

std::string ContractLots::roleOf(ProviderId provider, const std::string& lot,
                                 std::int64_t atUnixMs) const {
  const LotPeriod* period = lotPeriodOf(provider, lot, atUnixMs);
  return period == nullptr ? std::string() : period->role;
}

const LotPeriod* ContractLots::lotPeriodOf(ProviderId provider, const std::string& lot,
                                           std::int64_t atUnixMs) const {
  const Period* period = periodOf(provider, lot, atUnixMs);
  return period == nullptr ? nullptr : &contracts_[period->contract].periods[period->place];
}

const measures::RuleVersion& ContractLots::rulesOf(ProviderId provider, const std::string& lot,
                                                   std::int64_t atUnixMs) const {
  static const measures::RuleVersion kDefaultRules{1, 0, {}, measures::unstatedRules()};
  const Contract* contract = contractOf(provider, lot, atUnixMs);
  return contract == nullptr ? kDefaultRules : rulesAt(*contract, atUnixMs);
}

}  // namespace doorstep::roster
