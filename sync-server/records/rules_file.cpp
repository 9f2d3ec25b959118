// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules_file.h"

#include <map>

#include "shared/core/local_time.h"
#include "shared/visits/measure_files/rules_json.h"
#include "sync-server/records/csv_line.h"

namespace doorstep::records {
namespace {

measures::Rules rulesOf(const visits::ContractRules& contract) {
  measures::Rules rules;
  rules.earlyToleranceMin = contract.earlyToleranceMin;
  rules.lateToleranceMin = contract.lateToleranceMin;
  rules.timeCriticalToleranceMin = contract.timeCriticalToleranceMin;
  rules.missedAfterMin = contract.missedAfterMin;
  rules.minCountableVisitMin = 0;  // whoever was there was there
  return rules;
}

measures::RuleVersion versionOf(const roster::DatedRules& dated) {
  return {dated.rules.ruleVersion, londonDayNumber(dated.fromUnixMs), {}, rulesOf(dated.rules)};
}

}  // namespace

Result<std::string> rulesFile(const std::vector<roster::Contract>& contracts) {
  std::map<std::string, std::vector<measures::RuleVersion>> byRef;
  for (const roster::Contract& contract : contracts) {
    auto [place, isNew] = byRef.try_emplace(guardedText(contract.ref));  // as in the file of visits
    if (!isNew)
      return Error{ErrorCode::FailedPrecondition, "CONTRACT_AMBIGUOUS",
                   "two contracts have the ref " + contract.ref + ": ask for one provider's"};
    for (const roster::DatedRules& dated : contract.rules)
      place->second.push_back(versionOf(dated));
  }
  byRef.try_emplace("*", std::vector{versionOf({0, visits::ContractRules()})});
  return measure_files::rulesJson(byRef);
}

}  // namespace doorstep::records
