// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/visits/measures/rules.h"

namespace doorstep::measures {

// One table of what a contract's rules can say: name, form, bounds; the default is what a
// default-constructed Rules has. Whatever reads, writes or asks for rules goes through it, so that
// a new parameter is a member of Rules and a line here.

// 15 digits, as for every number of the files.
constexpr std::int64_t kRuleNumberMax = 999'999'999'999'999;

struct WholeForm {
  std::int64_t Rules::*member;
  std::int64_t least = 0;
  // What a contract can agree on (rule_check.h). Files are read up to kRuleNumberMax.
  std::int64_t most = kRuleNumberMax;
};
struct FlagForm {
  bool Rules::*member;
};
struct ChoiceForm {
  std::span<const std::string_view> names;
  void (*set)(Rules& rules, int chosen);
  int (*get)(const Rules& rules);
};
// Any of the names; bit i of the member is name i. An empty name cannot be chosen.
struct ChoicesForm {
  std::span<const std::string_view> names;
  std::uint32_t Rules::*member;
};
struct TextsForm {
  std::vector<std::string> Rules::*member;
};
// A local clock time from first to last, in minutes.
struct ClockForm {
  int Rules::*member;
  int first = 0;
  int last = 0;
};
struct BandsForm {
  std::vector<Band> Rules::*member;
};
struct CarerTargetsForm {
  std::vector<CarerTarget> Rules::*member;
};
// Measure's id to what is aimed at, as text.
struct TargetsForm {
  std::map<std::string, std::string> Rules::*member;
};

using RuleForm = std::variant<WholeForm, FlagForm, ChoiceForm, ChoicesForm, TextsForm, ClockForm,
                              BandsForm, CarerTargetsForm, TargetsForm>;

struct RuleParameter {
  std::string_view name;
  RuleForm form;
};

std::span<const RuleParameter> ruleParameters();

// nullptr: there is no parameter of this name.
const RuleParameter* findRuleParameter(std::string_view name);

// Names of the parameters in which they differ, in the table's order.
std::vector<std::string_view> differingParameters(const Rules& a, const Rules& b);

}  // namespace doorstep::measures
