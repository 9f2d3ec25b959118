// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rules_reader.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/records/visible_contracts.h"

namespace doorstep::records {
namespace {

using identity::Role;
using measures::DayNumber;

Result<roster::Contract> contractOf(const Reading& reading, ContractId id) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, std::move(all));
  for (const roster::Contract& contract : visible.contracts())
    if (contract.id == id)
      return contract;
  return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
}

Result<DayNumber> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return *day;
}

v1::RuleVersion versionMessage(const roster::KeptRules& kept,
                               const std::map<AccountId, std::string>& names) {
  v1::RuleVersion message;
  message.set_rule_version(static_cast<std::uint32_t>(kept.version.number));
  if (kept.fromUnixMs != 0)
    message.set_first_day(measures::dayText(kept.version.effectiveFrom));
  if (kept.version.effectiveTo)
    message.set_last_day(measures::dayText(*kept.version.effectiveTo));
  wire::writeRules(kept.version.rules, *message.mutable_parameters());
  message.set_is_correction(kept.isCorrection);
  message.set_reason(kept.reason);
  const auto name = names.find(kept.account);
  message.set_decided_by(name == names.end() ? kept.accountName : name->second);
  if (kept.decidedUnixMs)
    message.set_decided_unix_ms(*kept.decidedUnixMs);
  return message;
}

struct FormOf {
  v1::RuleParameterInfo& message;

  void names(std::span<const std::string_view> all) const {
    for (const std::string_view name : all)
      if (!name.empty())
        message.add_names(std::string(name));
  }
  void bounds(std::int64_t least, std::int64_t most) const {
    message.set_least(least);
    message.set_most(most);
  }
  void operator()(const measures::WholeForm& form) const {
    message.set_form(v1::RULE_FORM_WHOLE);
    bounds(form.least, form.most);
  }
  void operator()(const measures::FlagForm&) const { message.set_form(v1::RULE_FORM_FLAG); }
  void operator()(const measures::ChoiceForm& form) const {
    message.set_form(v1::RULE_FORM_CHOICE);
    names(form.names);
  }
  void operator()(const measures::ChoicesForm& form) const {
    message.set_form(v1::RULE_FORM_CHOICES);
    names(form.names);
  }
  void operator()(const measures::TextsForm&) const { message.set_form(v1::RULE_FORM_TEXTS); }
  void operator()(const measures::ClockForm& form) const {
    message.set_form(v1::RULE_FORM_CLOCK);
    bounds(form.first, form.last);
  }
  void operator()(const measures::BandsForm&) const { message.set_form(v1::RULE_FORM_BANDS); }
  void operator()(const measures::CarerTargetsForm&) const {
    message.set_form(v1::RULE_FORM_CARER_TARGETS);
  }
  void operator()(const measures::TargetsForm&) const { message.set_form(v1::RULE_FORM_TARGETS); }
};

void addTables(v1::ListRuleVersionsResponse& response) {
  for (const measures::RulePack& pack : measures::rulePacks()) {
    v1::RulePack& message = *response.add_packs();
    message.set_name(std::string(pack.name));
    wire::writeRules(pack.rules, *message.mutable_parameters());
    for (const std::string_view measure : pack.measures)
      message.add_measures(std::string(measure));
  }
  for (const measures::RuleParameter& parameter : measures::ruleParameters()) {
    v1::RuleParameterInfo& message = *response.add_parameters();
    message.set_name(std::string(parameter.name));
    std::visit(FormOf{message}, parameter.form);
  }
  wire::writeRules(measures::Rules{}, *response.mutable_defaults());
}

}  // namespace

Result<v1::ListRuleVersionsResponse> listRuleVersions(const Reading& reading, ContractId id) {
  DOORSTEP_ASSIGN(const roster::Contract contract, contractOf(reading, id));
  DOORSTEP_ASSIGN(auto reader, roster::RulesReader::open(reading.database));
  DOORSTEP_ASSIGN(auto versions, reader.ofContract(id));
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  std::reverse(versions.begin(), versions.end());
  v1::ListRuleVersionsResponse response;
  for (const roster::KeptRules& kept : versions)
    *response.add_versions() = versionMessage(kept, names);
  const auto book = ruleBook(contractKey(id), contract);
  const auto* inForce = book.at(contractKey(id), londonDayNumber(reading.nowUnixMs));
  response.set_in_force(inForce == nullptr ? 0 : static_cast<std::uint32_t>(inForce->number));
  response.set_may_publish(reading.caller.role != Role::Supervisor);
  addTables(response);
  return response;
}

Result<std::vector<roster::KeptRules>> versionsToChange(const Reading& reading, ContractId id) {
  DOORSTEP_TRY(identity::requireRole(reading.caller, {Role::Council, Role::Operator}));
  DOORSTEP_TRY(contractOf(reading, id));
  DOORSTEP_ASSIGN(auto reader, roster::RulesReader::open(reading.database));
  return reader.ofContract(id);
}

Result<roster::RulesDraft> readDraft(const Reading& reading,
                                     const v1::PublishRulesRequest& request) {
  DOORSTEP_ASSIGN(const auto versions,
                  versionsToChange(reading, ContractId(request.contract_id())));
  roster::RulesDraft draft{.newestSeen = request.newest_seen(),
                           .reason = request.reason(),
                           .isCorrection = request.is_correction()};
  DOORSTEP_ASSIGN(draft.rules,
                  wire::readRules(request.parameters(), versions.back().version.rules));
  DOORSTEP_ASSIGN(draft.firstDay, dayOf(request.first_day()));
  if (!request.last_day().empty()) {
    DOORSTEP_ASSIGN(draft.lastDay, dayOf(request.last_day()));
  }
  return draft;
}

}  // namespace doorstep::records
