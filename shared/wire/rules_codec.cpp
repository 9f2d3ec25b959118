// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/rules_codec.h"

#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "shared/core/check.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::wire {
namespace {

using namespace measures;
using google::protobuf::FieldDescriptor;
namespace pb = doorstep::roster::v1;

Error wrong(std::string_view name, const char* what) {
  return {ErrorCode::InvalidArgument, "RULES_FORMAT", std::string(name) + ": " + what};
}

std::int32_t narrow(std::int64_t value) {
  constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(value, least, most));
}

const FieldDescriptor& fieldOf(std::string_view parameter) {
  const FieldDescriptor* field =
      pb::RuleParameters::descriptor()->FindFieldByName(std::string(parameter));
  DOORSTEP_CHECK(field != nullptr);
  return *field;
}

// The parameter's message in place, of the type that its form has.
template <typename Part>
Part& partOf(pb::RuleParameters& message, const FieldDescriptor& field) {
  return static_cast<Part&>(*message.GetReflection()->MutableMessage(&message, &field));
}
template <typename Part>
const Part& partOf(const pb::RuleParameters& message, const FieldDescriptor& field) {
  return static_cast<const Part&>(message.GetReflection()->GetMessage(message, &field));
}

struct Writer {
  const Rules& rules;
  pb::RuleParameters& message;
  const FieldDescriptor& field;

  void text(std::string value) const {
    message.GetReflection()->SetString(&message, &field, std::move(value));
  }
  void operator()(const WholeForm& form) const {
    message.GetReflection()->SetInt32(&message, &field, narrow(rules.*form.member));
  }
  void operator()(const FlagForm& form) const {
    message.GetReflection()->SetBool(&message, &field, rules.*form.member);
  }
  void operator()(const ChoiceForm& form) const {
    text(std::string(form.names[static_cast<std::size_t>(form.get(rules))]));
  }
  void operator()(const ChoicesForm& form) const {
    auto& part = partOf<pb::RuleNames>(message, field);
    for (std::size_t i = 0; i < form.names.size(); ++i)
      if ((rules.*form.member & bit(i)) != 0)
        part.add_names(std::string(form.names[i]));
  }
  void operator()(const TextsForm& form) const {
    auto& part = partOf<pb::RuleNames>(message, field);
    for (const std::string& each : rules.*form.member)
      part.add_names(each);
  }
  void operator()(const ClockForm& form) const {
    const int minutes = rules.*form.member;
    char clock[16];
    std::snprintf(clock, sizeof clock, "%02d:%02d", minutes / 60, minutes % 60);
    text(clock);
  }
  void operator()(const BandsForm& form) const {
    auto& part = partOf<pb::RuleBands>(message, field);
    for (const Band& band : rules.*form.member) {
      auto& written = *part.add_bands();
      written.set_lowest_min(narrow(band.from));
      written.set_highest_min(narrow(band.to));
      written.set_bill_min(narrow(band.bill));
    }
  }
  void operator()(const CarerTargetsForm& form) const {
    auto& part = partOf<pb::RuleCarerTargets>(message, field);
    for (const CarerTarget& target : rules.*form.member) {
      auto& written = *part.add_targets();
      written.set_visits(narrow(target.visits));
      written.set_carers(narrow(target.carers));
    }
  }
  void operator()(const TargetsForm& form) const {
    auto& part = partOf<pb::RuleTargets>(message, field);
    for (const auto& [measure, aim] : rules.*form.member) {
      auto& written = *part.add_targets();
      written.set_measure(measure);
      written.set_aim(aim);
    }
  }
};

// Index of the name; an empty name cannot be chosen.
std::optional<std::size_t> indexOf(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (name.empty() || found == names.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// "23:05"
std::optional<int> clockOf(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() != 5 || text[2] != ':')
    return std::nullopt;
  const auto read = [](std::string_view digits, int& value) {
    const char* end = digits.data() + digits.size();
    return std::from_chars(digits.data(), end, value).ptr == end && value >= 0;
  };
  if (!read(text.substr(0, 2), hour) || !read(text.substr(3), minute) || hour > 23 || minute > 59)
    return std::nullopt;
  return hour * 60 + minute;
}

struct Reader {
  const pb::RuleParameters& message;
  const FieldDescriptor& field;
  std::string_view name;
  Rules& rules;

  std::string text() const { return message.GetReflection()->GetString(message, &field); }

  Status operator()(const WholeForm& form) const {
    rules.*form.member = message.GetReflection()->GetInt32(message, &field);
    return kDone;
  }
  Status operator()(const FlagForm& form) const {
    rules.*form.member = message.GetReflection()->GetBool(message, &field);
    return kDone;
  }
  Status operator()(const ChoiceForm& form) const {
    const auto chosen = indexOf(form.names, text());
    if (!chosen)
      return wrong(name, "no such choice");
    form.set(rules, static_cast<int>(*chosen));
    return kDone;
  }
  Status operator()(const ChoicesForm& form) const {
    std::uint32_t bits = 0;
    for (const std::string& each : partOf<pb::RuleNames>(message, field).names()) {
      const auto chosen = indexOf(form.names, each);
      if (!chosen)
        return wrong(name, "no such choice");
      bits |= bit(*chosen);
    }
    rules.*form.member = bits;
    return kDone;
  }
  Status operator()(const TextsForm& form) const {
    const auto& names = partOf<pb::RuleNames>(message, field).names();
    (rules.*form.member).assign(names.begin(), names.end());
    return kDone;
  }
  Status operator()(const ClockForm& form) const {
    const auto minutes = clockOf(text());
    if (!minutes)
      return wrong(name, "no time of day as 23:00");
    rules.*form.member = *minutes;
    return kDone;
  }
  Status operator()(const BandsForm& form) const {
    auto& bands = rules.*form.member;
    bands.clear();
    for (const auto& band : partOf<pb::RuleBands>(message, field).bands())
      bands.push_back({band.lowest_min(), band.highest_min(), band.bill_min()});
    return kDone;
  }
  Status operator()(const CarerTargetsForm& form) const {
    auto& targets = rules.*form.member;
    targets.clear();
    for (const auto& target : partOf<pb::RuleCarerTargets>(message, field).targets())
      targets.push_back({target.visits(), target.carers()});
    return kDone;
  }
  Status operator()(const TargetsForm& form) const {
    auto& targets = rules.*form.member;
    targets.clear();
    for (const auto& target : partOf<pb::RuleTargets>(message, field).targets())
      if (!targets.emplace(target.measure(), target.aim()).second)
        return wrong(name, "a measure stands twice");
    return kDone;
  }
};

}  // namespace

void writeRules(const Rules& rules, pb::RuleParameters& message) {
  for (const RuleParameter& parameter : ruleParameters())
    std::visit(Writer{rules, message, fieldOf(parameter.name)}, parameter.form);
}

Result<Rules> readRules(const pb::RuleParameters& message, const Rules& unstated) {
  Rules rules = unstated;
  for (const RuleParameter& parameter : ruleParameters()) {
    const FieldDescriptor& field = fieldOf(parameter.name);
    if (!message.GetReflection()->HasField(message, &field))
      continue;
    DOORSTEP_TRY(std::visit(Reader{message, field, parameter.name, rules}, parameter.form));
  }
  return rules;
}

std::string encodeRules(const Rules& rules, std::string_view unknown) {
  pb::RuleParameters message;
  writeRules(rules, message);
  return message.SerializeAsString().append(unknown);
}

Result<StoredRules> storedRules(const pb::RuleParameters& message) {
  StoredRules stored;
  DOORSTEP_ASSIGN(stored.rules, readRules(message));
  DOORSTEP_CHECK(
      message.GetReflection()->GetUnknownFields(message).SerializeToString(&stored.unknown));
  return stored;
}

Result<StoredRules> decodeRules(std::string_view bytes) {
  pb::RuleParameters message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error{ErrorCode::InvalidArgument, "RULES_FORMAT", "the bytes are no RuleParameters"};
  return storedRules(message);
}

}  // namespace doorstep::wire
