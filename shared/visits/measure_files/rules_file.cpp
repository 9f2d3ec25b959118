// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/rules_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "shared/visits/measure_files/column_value.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;
using Kind = JsonValue::Kind;

constexpr std::string_view kSchema = "doorstep-rules/1";
constexpr std::string_view kZone = "Europe/London";

std::string named(std::string_view name, std::string_view message) {
  return std::string(name) + ": " + std::string(message);
}

Result<std::int64_t> wholeOf(const TextFile& file, const JsonValue& value, std::string_view name,
                             std::int64_t least = 0) {
  const auto number = value.kind == Kind::Whole ? parseWhole(value.text) : std::nullopt;
  if (!number || *number < least)
    return faultAt(file, value.offset,
                   named(name, "write a whole number from " + std::to_string(least) +
                                   ", of at most 15 digits"));
  return *number;
}

Result<std::string> textOf(const TextFile& file, const JsonValue& value, std::string_view name) {
  if (value.kind != Kind::Text)
    return faultAt(file, value.offset, named(name, "write a text in quotes"));
  return value.text;
}

Result<DayNumber> dayOf(const TextFile& file, const JsonValue& value, std::string_view name) {
  const auto day = value.kind == Kind::Text ? parseDay(value.text) : std::nullopt;
  if (!day)
    return faultAt(file, value.offset, named(name, "write a day that exists as \"2026-03-29\""));
  return *day;
}

std::string oneOf(std::span<const std::string_view> names) {
  std::string sentence = "write one of";
  for (const std::string_view name : names)
    if (!name.empty())
      sentence += " \"" + std::string(name) + '"';
  return sentence;
}

Result<int> choiceOf(const TextFile& file, const JsonValue& value, std::string_view name,
                     std::span<const std::string_view> names) {
  const auto found = std::find(names.begin(), names.end(), value.text);
  if (value.kind != Kind::Text || value.text.empty() || found == names.end())
    return faultAt(file, value.offset, named(name, oneOf(names)));
  return static_cast<int>(found - names.begin());
}

Status expectArray(const TextFile& file, const JsonValue& value, std::string_view name) {
  if (value.kind == Kind::Array)
    return kDone;
  return faultAt(file, value.offset, named(name, "write an array: [ … ]"));
}

// Whole numbers, `size` of them.
Result<std::vector<std::int64_t>> tupleOf(const TextFile& file, const JsonValue& value,
                                          std::string_view name, std::size_t size) {
  if (value.kind != Kind::Array || value.items.size() != size)
    return faultAt(file, value.offset,
                   named(name, "write arrays of " + std::to_string(size) + " whole numbers"));
  std::vector<std::int64_t> numbers;
  for (const JsonValue& item : value.items) {
    DOORSTEP_ASSIGN(const std::int64_t number, wholeOf(file, item, name));
    numbers.push_back(number);
  }
  return numbers;
}

// Sets one parameter, by its form.
class ParameterSetter {
 public:
  ParameterSetter(const TextFile& file, const JsonValue& value, std::string_view name, Rules& rules)
      : file_(file), value_(value), name_(name), rules_(rules) {}

  Status operator()(const WholeForm& form) {
    DOORSTEP_ASSIGN(rules_.*form.member, wholeOf(file_, value_, name_, form.least));
    return kDone;
  }
  Status operator()(const FlagForm& form) {
    if (value_.kind != Kind::Flag)
      return faultAt(file_, value_.offset, named(name_, "write true or false"));
    rules_.*form.member = value_.flag;
    return kDone;
  }
  Status operator()(const ChoiceForm& form) {
    DOORSTEP_ASSIGN(const int chosen, choiceOf(file_, value_, name_, form.names));
    form.set(rules_, chosen);
    return kDone;
  }
  Status operator()(const ChoicesForm& form) {
    DOORSTEP_TRY(expectArray(file_, value_, name_));
    std::uint32_t mask = 0;
    for (const JsonValue& item : value_.items) {
      DOORSTEP_ASSIGN(const int chosen, choiceOf(file_, item, name_, form.names));
      mask |= bit(chosen);
    }
    rules_.*form.member = mask;
    return kDone;
  }
  Status operator()(const TextsForm& form) {
    DOORSTEP_TRY(expectArray(file_, value_, name_));
    std::vector<std::string> texts;
    for (const JsonValue& item : value_.items) {
      DOORSTEP_ASSIGN(std::string text, textOf(file_, item, name_));
      texts.push_back(std::move(text));
    }
    rules_.*form.member = std::move(texts);
    return kDone;
  }
  Status operator()(const ClockForm& form) {
    const auto clock = value_.kind == Kind::Text ? parseClock(value_.text) : std::nullopt;
    if (!clock || *clock < form.first || *clock > form.last)
      return faultAt(file_, value_.offset,
                     named(name_, "write a local time from " + clockText(form.first) + " to " +
                                      clockText(form.last)));
    rules_.*form.member = *clock;
    return kDone;
  }
  Status operator()(const BandsForm& form) {
    DOORSTEP_TRY(expectArray(file_, value_, name_));
    std::vector<Band> bands;
    for (const JsonValue& item : value_.items) {
      DOORSTEP_ASSIGN(const auto numbers, tupleOf(file_, item, name_, 3));
      if (numbers[0] > numbers[1])
        return faultAt(file_, item.offset, named(name_, "a band ends before it begins"));
      bands.push_back({numbers[0], numbers[1], numbers[2]});
    }
    rules_.*form.member = std::move(bands);
    return kDone;
  }
  Status operator()(const CarerTargetsForm& form) {
    DOORSTEP_TRY(expectArray(file_, value_, name_));
    std::vector<CarerTarget> targets;
    for (const JsonValue& item : value_.items) {
      DOORSTEP_ASSIGN(const auto numbers, tupleOf(file_, item, name_, 2));
      targets.push_back({numbers[0], numbers[1]});
    }
    rules_.*form.member = std::move(targets);
    return kDone;
  }
  Status operator()(const TargetsForm& form) {
    if (value_.kind != Kind::Object)
      return faultAt(file_, value_.offset, named(name_, "write an object: { … }"));
    auto& targets = rules_.*form.member;
    for (std::size_t i = 0; i < value_.items.size(); ++i) {
      const JsonValue& item = value_.items[i];
      if (item.kind != Kind::Text && item.kind != Kind::Whole)
        return faultAt(file_, item.offset, named(name_, "write targets as texts: \"0.85\""));
      targets[value_.names[i]] = item.text;
    }
    return kDone;
  }

 private:
  static std::string clockText(int minutes) {
    const auto two = [](int number) {
      return std::string(number < 10 ? "0" : "") + std::to_string(number);
    };
    return two(minutes / 60) + ":" + two(minutes % 60);
  }

  const TextFile& file_;
  const JsonValue& value_;
  std::string_view name_;
  Rules& rules_;
};

class RulesReader {
 public:
  explicit RulesReader(const TextFile& file) : file_(file) {}

  Result<RuleBook> read() {
    DOORSTEP_ASSIGN(const JsonValue root, readJson(file_));
    DOORSTEP_TRY(expectText(root, "schema", kSchema));
    DOORSTEP_TRY(expectText(root, "tz", kZone));
    DOORSTEP_ASSIGN(const JsonValue* contracts, need(root, "contracts"));
    DOORSTEP_TRY(expectArray(file_, *contracts, "contracts"));
    for (const JsonValue& contract : contracts->items)
      DOORSTEP_TRY(readContract(contract));
    return std::move(book_);
  }

 private:
  Result<const JsonValue*> need(const JsonValue& object, std::string_view name) const {
    if (object.kind != Kind::Object)
      return faultAt(file_, object.offset, "write an object: { … }");
    const JsonValue* value = object.member(name);
    if (!value)
      return faultAt(file_, object.offset, named(name, "this key is missing here"));
    return value;
  }

  Status expectText(const JsonValue& root, std::string_view name, std::string_view text) const {
    DOORSTEP_ASSIGN(const JsonValue* value, need(root, name));
    if (value->kind == Kind::Text && value->text == text)
      return kDone;
    return faultAt(file_, value->offset, named(name, "write \"" + std::string(text) + '"'));
  }

  Status readContract(const JsonValue& contract) {
    DOORSTEP_ASSIGN(const JsonValue* name, need(contract, "contract_id"));
    DOORSTEP_ASSIGN(const std::string contractId, textOf(file_, *name, "contract_id"));
    if (book_.hasContract(contractId))
      return faultAt(file_, name->offset,
                     named("contract_id", shownValue(contractId) + " stands twice"));
    book_.addContract(contractId);
    DOORSTEP_ASSIGN(const JsonValue* versions, need(contract, "versions"));
    DOORSTEP_TRY(expectArray(file_, *versions, "versions"));
    for (const JsonValue& version : versions->items)
      DOORSTEP_TRY(readVersion(contractId, version));
    return kDone;
  }

  Status readVersion(const std::string& contractId, const JsonValue& value) {
    RuleVersion version;
    DOORSTEP_ASSIGN(const JsonValue* number, need(value, "rule_version"));
    DOORSTEP_ASSIGN(version.number, wholeOf(file_, *number, "rule_version"));
    if (book_.hasVersion(contractId, version.number))
      return faultAt(file_, number->offset, named("rule_version", number->text + " stands twice"));
    DOORSTEP_ASSIGN(const JsonValue* from, need(value, "effective_from"));
    DOORSTEP_ASSIGN(version.effectiveFrom, dayOf(file_, *from, "effective_from"));
    const JsonValue* to = value.member("effective_to");
    if (to && to->kind != Kind::Null) {
      DOORSTEP_ASSIGN(const DayNumber day, dayOf(file_, *to, "effective_to"));
      version.effectiveTo = day;
    }
    DOORSTEP_ASSIGN(const JsonValue* params, need(value, "params"));
    DOORSTEP_ASSIGN(version.rules, readParameters(file_, *params));
    book_.add(contractId, std::move(version));
    return kDone;
  }

  const TextFile& file_;
  RuleBook book_;
};

}  // namespace

Result<Rules> readParameters(const TextFile& file, const JsonValue& params) {
  if (params.kind != Kind::Object)
    return faultAt(file, params.offset, named("params", "write an object: { … }"));
  Rules rules;
  for (std::size_t i = 0; i < params.items.size(); ++i) {
    const std::string& name = params.names[i];
    const RuleParameter* parameter = findRuleParameter(name);
    if (!parameter)
      return faultAt(file, params.items[i].offset,
                     shownValue(name) + ": there is no parameter of this name");
    DOORSTEP_TRY(std::visit(ParameterSetter(file, params.items[i], parameter->name, rules),
                            parameter->form));
  }
  if (const auto sentence = contradiction(rules))
    return faultAt(file, params.offset, *sentence);
  return rules;
}

Result<RuleBook> readRules(const TextFile& file) { return RulesReader(file).read(); }

}  // namespace doorstep::measure_files
