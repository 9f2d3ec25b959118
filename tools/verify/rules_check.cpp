// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/rules_check.h"

#include <optional>

#include "shared/core/local_time.h"
#include "shared/core/time_range.h"
#include "shared/visits/measure_files/column_value.h"
#include "shared/visits/measure_files/json_value.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::verify {
namespace {

constexpr const char* kEveryOther = "*";  // rules of visits without a contract

}  // namespace

Result<RulesCheck> RulesCheck::read(measure_files::TextFile file) {
  RulesCheck made;
  made.file_ = std::move(file);
  DOORSTEP_TRY(measure_files::readRules(made.file_));  // everything that it refuses is refused
  DOORSTEP_ASSIGN(const auto json, measure_files::readJson(made.file_));
  for (const measure_files::JsonValue& contract : json.member("contracts")->items) {
    const std::string& ref = contract.member("contract_id")->text;
    for (const measure_files::JsonValue& version : contract.member("versions")->items) {
      Version read;
      read.offset = version.offset;
      read.from = measures::parseDay(version.member("effective_from")->text).value_or(0);
      if (const auto* params = version.member("params")) {
        DOORSTEP_ASSIGN(read.rules, measure_files::readParameters(made.file_, *params));
      }
      const auto number = measure_files::parseWhole(version.member("rule_version")->text);
      made.versions_.emplace(Key(ref, number.value_or(0)), std::move(read));
    }
  }
  return made;
}

const RulesCheck::Version* RulesCheck::find(const std::string& contract,
                                            std::int64_t number) const {
  const auto found = versions_.find({contract, number});
  return found == versions_.end() ? nullptr : &found->second;
}

std::int64_t RulesCheck::numberOn(const std::string& contract, measures::DayNumber day) const {
  const Version* best = nullptr;
  std::int64_t number = 0;
  for (auto at = versions_.lower_bound({contract, 0});
       at != versions_.end() && at->first.first == contract; ++at) {
    if (at->second.from > day || (best != nullptr && at->second.from < best->from))
      continue;
    best = &at->second;
    number = at->first.second;
  }
  return number;
}

bool RulesCheck::isAsSet(const Key& key, const measures::Rules& rules, measures::DayNumber from,
                         Findings& findings) {
  const auto [known, isNew] = compared_.emplace(key, true);
  if (!isNew)
    return known->second;
  const Version& version = versions_.at(key);
  known->second = version.rules == rules && version.from == from;
  if (!known->second)
    findings.add([&] {
      std::string differing;
      for (const std::string_view name : measures::differingParameters(version.rules, rules))
        differing += (differing.empty() ? "" : ", ") + std::string(name);
      return measure_files::faultAt(file_, version.offset,
                                    "version " + std::to_string(key.second) +
                                        " is not what the office set from " +
                                        measures::dayText(from) + " on" +
                                        (differing.empty() ? "" : "; it differs in " + differing))
          .text;
    });
  return known->second;
}

std::string RulesCheck::check(const VisitCase& visit, RecordRows& row, Findings& findings) {
  const std::string contract(row.text("contract_id"));
  const std::string named = contract.empty() ? kEveryOther : contract;
  const auto number = static_cast<std::int64_t>(row.number("rule_version"));
  const Version* version = find(named, number);
  if (version == nullptr) {
    row.differ("rule_version", "rules.json has no such version of the contract's rules", findings);
    return {};
  }
  const auto day =
      measures::localTime(clampUnixMs(visit.plans.front().visit.windowStartUnixMs)).day;
  row.expectNumber("rule_version", numberOn(named, day), findings);
  if (contract.empty()) {
    if (!isAsSet({named, number}, measures::unstatedRules(), version->from, findings))
      row.differ("rule_version", "rules.json says other rules than those that nobody set",
                 findings);
    return {};
  }
  if (!visit.rules)
    return "rules were set before the office's log";
  const visits::RulesSet& set = visit.rules->rules;
  row.expectText("contract_id", set.contractRef, findings);
  row.expectNumber("rule_version", set.ruleVersion, findings);
  if (static_cast<std::int64_t>(set.ruleVersion) == number &&
      !isAsSet({named, number}, set.rules, londonDayNumber(set.fromUnixMs), findings))
    row.differ("rule_version", "rules.json says other rules than the office set", findings);
  return {};
}

}  // namespace doorstep::verify
