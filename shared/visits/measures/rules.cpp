// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rules.h"

#include <iterator>
#include <limits>

namespace doorstep::measures {

std::optional<std::string> contradiction(const Rules& rules) {
  if (rules.continuityTargets.empty())
    return "continuity_targets is empty: at least one [visits, carers] is needed";
  if (!rules.bands.empty() && rules.roundingUnitMin == 0)
    return "bands need whole minutes: set rounding_unit_min to 1 or more";
  if (!rules.bands.empty() && rules.roundingStage != RoundingStage::Visit)
    return "bands are of single visits: set rounding_stage to visit";
  if (rules.deliveredCap == DeliveredCap::WeeklyPool && rules.roundingStage == RoundingStage::Month)
    return "a weekly_pool cannot be cut from months: set rounding_stage to visit, day or week";
  return std::nullopt;
}

void RuleBook::addContract(const std::string& contractId) { contracts_[contractId]; }

void RuleBook::add(const std::string& contractId, RuleVersion version) {
  Contract& contract = contracts_[contractId];
  const std::pair place(version.effectiveFrom, version.number);
  contract.numbers.insert(version.number);
  contract.versions.insert_or_assign(place, std::move(version));
}

bool RuleBook::hasContract(const std::string& contractId) const {
  return contracts_.count(contractId) != 0;
}

bool RuleBook::hasVersion(const std::string& contractId, std::int64_t number) const {
  const auto found = contracts_.find(contractId);
  return found != contracts_.end() && found->second.numbers.count(number) != 0;
}

const RuleVersion* RuleBook::at(std::string_view contractId, DayNumber day) const {
  auto found = contracts_.find(contractId);
  if (found == contracts_.end())
    found = contracts_.find("*");
  if (found == contracts_.end())
    return nullptr;
  const auto& versions = found->second.versions;
  auto after = versions.upper_bound({day, std::numeric_limits<std::int64_t>::max()});
  if (after == versions.begin())
    return nullptr;
  const RuleVersion& version = std::prev(after)->second;
  return version.effectiveTo && *version.effectiveTo < day ? nullptr : &version;
}

}  // namespace doorstep::measures
