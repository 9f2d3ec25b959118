// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/rules_json.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <variant>

#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;
using nlohmann::json;

// The value of one parameter in its form.
struct Value {
  const Rules& rules;

  json operator()(const WholeForm& form) const { return rules.*form.member; }
  json operator()(const FlagForm& form) const { return rules.*form.member; }
  json operator()(const ChoiceForm& form) const {
    return form.names[static_cast<std::size_t>(form.get(rules))];
  }
  json operator()(const ChoicesForm& form) const {
    json names = json::array();
    for (std::size_t i = 0; i < form.names.size(); ++i)
      if ((rules.*form.member & bit(i)) != 0)
        names.push_back(form.names[i]);
    return names;
  }
  json operator()(const TextsForm& form) const { return rules.*form.member; }
  json operator()(const ClockForm& form) const {
    const int minutes = rules.*form.member;
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    return text;
  }
  json operator()(const BandsForm& form) const {
    json bands = json::array();
    for (const Band& band : rules.*form.member)
      bands.push_back({band.from, band.to, band.bill});
    return bands;
  }
  json operator()(const CarerTargetsForm& form) const {
    json targets = json::array();
    for (const CarerTarget& target : rules.*form.member)
      targets.push_back({target.visits, target.carers});
    return targets;
  }
  json operator()(const TargetsForm& form) const {
    json targets = json::object();
    for (const auto& [measure, aim] : rules.*form.member)
      targets[measure] = aim;
    return targets;
  }
};

json parametersOf(const Rules& rules) {
  json params = json::object();
  for (const RuleParameter& parameter : ruleParameters())
    params[std::string(parameter.name)] = std::visit(Value{rules}, parameter.form);
  return params;
}

}  // namespace

std::string rulesJson(const std::map<std::string, std::vector<RuleVersion>>& contracts) {
  json file = {{"schema", "doorstep-rules/1"}, {"tz", "Europe/London"}};
  json& list = file["contracts"] = json::array();
  for (const auto& [id, versions] : contracts) {
    json contract = {{"contract_id", id}, {"versions", json::array()}};
    for (const RuleVersion& version : versions)
      contract["versions"].push_back(
          {{"rule_version", version.number},
           {"effective_from", dayText(version.effectiveFrom)},
           {"effective_to",
            version.effectiveTo ? json(dayText(*version.effectiveTo)) : json(nullptr)},
           {"params", parametersOf(version.rules)}});
    list.push_back(std::move(contract));
  }
  return file.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace doorstep::measure_files
