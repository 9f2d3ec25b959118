// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/rules_codec.h"

#include <catch2/catch.hpp>
#include <set>
#include <variant>

#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::roster::v1;
using namespace measures;

// Sets a parameter to something else than its default.
struct Change {
  Rules& rules;
  void operator()(const WholeForm& form) const { ++(rules.*form.member); }
  void operator()(const FlagForm& form) const { rules.*form.member = !(rules.*form.member); }
  void operator()(const ChoiceForm& form) const {
    form.set(rules, (form.get(rules) + 1) % static_cast<int>(form.names.size()));
  }
  void operator()(const ChoicesForm& form) const {
    rules.*form.member = bit(form.names.size() - 1);
  }
  void operator()(const TextsForm& form) const { rules.*form.member = {"X1", "X2"}; }
  void operator()(const ClockForm& form) const { rules.*form.member = form.first + 61; }
  void operator()(const BandsForm& form) const { rules.*form.member = {{1, 20, 15}, {21, 40, 30}}; }
  void operator()(const CarerTargetsForm& form) const { rules.*form.member = {{3, 2}}; }
  void operator()(const TargetsForm& form) const { rules.*form.member = {{"missed.rate", "0.02"}}; }
};

TEST_CASE("the message has a field for each parameter and no other") {
  std::set<std::string> fields;
  const auto* descriptor = pb::RuleParameters::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i)
    fields.insert(descriptor->field(i)->name());
  std::set<std::string> parameters;
  for (const RuleParameter& parameter : ruleParameters())
    parameters.insert(std::string(parameter.name));
  CHECK(fields == parameters);
}

TEST_CASE("each parameter comes back as it was written, and no other moves") {
  for (const RuleParameter& parameter : ruleParameters()) {
    INFO(parameter.name);
    Rules rules;
    std::visit(Change{rules}, parameter.form);
    REQUIRE(differingParameters(rules, Rules{}) == std::vector{parameter.name});
    const auto read = decodeRules(encodeRules(rules));
    REQUIRE(read.ok());
    CHECK(read->rules == rules);
    CHECK(read->unknown.empty());
  }
}

TEST_CASE("a version states every parameter") {
  pb::RuleParameters message;
  writeRules(Rules{}, message);
  for (const RuleParameter& parameter : ruleParameters()) {
    INFO(parameter.name);
    const auto* field = message.GetDescriptor()->FindFieldByName(std::string(parameter.name));
    CHECK(message.GetReflection()->HasField(message, field));
  }
}

TEST_CASE("a parameter that a version lacks has its default, or what is given") {
  const pb::RuleParameters nothing;
  CHECK(*readRules(nothing) == Rules{});
  const Rules essex = findRulePack("essex_kpi3")->rules;
  CHECK(*readRules(nothing, essex) == essex);
  pb::RuleParameters empty;
  empty.mutable_exempt_reasons();
  CHECK(readRules(empty)->exemptReasons.empty());
}

TEST_CASE("parameters of a later release are kept") {
  pb::RuleParameters message;
  message.set_late_tolerance_min(20);
  const std::string later("\xc8\x3e\x07", 3);  // field 1001: 7
  const auto read = decodeRules(message.SerializeAsString() + later);
  REQUIRE(read.ok());
  CHECK(read->rules.lateToleranceMin == 20);
  CHECK(read->unknown == later);
  CHECK(decodeRules(encodeRules(read->rules, read->unknown))->unknown == later);
}

TEST_CASE("names and times that a parameter does not have are an error that names it") {
  const auto faultOf = [](auto edit) {
    pb::RuleParameters message;
    edit(message);
    const auto read = readRules(message);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().reason == "RULES_FORMAT");
    return read.error().text.substr(0, read.error().text.find(':'));
  };
  CHECK(faultOf([](auto& m) { m.set_punctuality_basis("agreed"); }) == "punctuality_basis");
  CHECK(faultOf([](auto& m) { m.set_punctuality_basis(""); }) == "punctuality_basis");
  CHECK(faultOf([](auto& m) { m.mutable_electronic_grades()->add_names(""); }) ==
        "electronic_grades");
  for (const char* time : {"", "9:00", "24:00", "23:60", "-1:00", "23.00", "23:000"})
    CHECK(faultOf([&](auto& m) { m.set_day_cutoff_local(time); }) == "day_cutoff_local");
  CHECK(faultOf([](auto& m) {
          m.mutable_targets()->add_targets()->set_measure("missed.rate");
          m.mutable_targets()->add_targets()->set_measure("missed.rate");
        }) == "targets");
  CHECK_FALSE(decodeRules("\xff").ok());
}

}  // namespace
}  // namespace doorstep::wire
