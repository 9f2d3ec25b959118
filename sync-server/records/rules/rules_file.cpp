// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rules_file.h"

#include <map>

#include "shared/visits/measure_files/rules_json.h"
#include "sync-server/records/files/export_row.h"
#include "sync-server/records/rules/rule_book.h"

namespace doorstep::records {
Result<std::string> rulesFile(const std::vector<roster::Contract>& contracts) {
  std::map<std::string, std::vector<measures::RuleVersion>> byRef;
  for (const roster::Contract& contract : contracts) {
    auto [place, isNew] = byRef.try_emplace(guardedText(contract.ref));  // as in the file of visits
    if (!isNew)
      return Error{ErrorCode::FailedPrecondition, "CONTRACT_AMBIGUOUS",
                   "two contracts have the ref " + contract.ref + ": ask for one provider's"};
    place->second = contract.rules;
  }
  byRef.try_emplace("*", std::vector{defaultRules()});
  return measure_files::rulesJson(byRef);
}

}  // namespace doorstep::records
