// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rule_book.h"

#include "shared/visits/measures/rule_packs.h"

namespace doorstep::records {

std::string contractKey(ContractId contract) {
  return contract ? std::to_string(contract.value) : std::string();
}

measures::RuleVersion defaultRules() { return {1, 0, {}, measures::unstatedRules()}; }

measures::RuleBook ruleBook(const std::vector<roster::Contract>& contracts) {
  measures::RuleBook book;
  book.add("*", defaultRules());
  for (const roster::Contract& contract : contracts)
    for (const measures::RuleVersion& version : contract.rules)
      book.add(contractKey(contract.id), version);
  return book;
}

measures::RuleBook ruleBook(const std::string& name, const roster::Contract& contract) {
  measures::RuleBook book;
  for (const measures::RuleVersion& version : contract.rules)
    book.add(name, version);
  return book;
}

}  // namespace doorstep::records
