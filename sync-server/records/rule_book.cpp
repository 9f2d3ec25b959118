// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rule_book.h"

#include <algorithm>

#include "shared/core/local_time.h"

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

}  // namespace

std::string contractKey(ContractId contract) {
  return contract ? std::to_string(contract.value) : std::string();
}

measures::RuleVersion ruleVersion(const roster::DatedRules& dated) {
  return {dated.rules.ruleVersion, londonDayNumber(dated.fromUnixMs), {}, rulesOf(dated.rules)};
}

measures::RuleVersion defaultRules() { return ruleVersion({0, visits::ContractRules()}); }

measures::RuleBook ruleBook(const std::vector<roster::Contract>& contracts) {
  measures::RuleBook book;
  book.add("*", defaultRules());
  for (const roster::Contract& contract : contracts)
    for (const roster::DatedRules& dated : contract.rules)
      book.add(contractKey(contract.id), ruleVersion(dated));
  return book;
}

measures::RuleBook ruleBook(const std::string& name, const roster::Contract& contract) {
  measures::RuleBook book;
  for (const roster::DatedRules& dated : contract.rules)
    book.add(name, ruleVersion(dated));
  return book;
}

}  // namespace doorstep::records
