// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules_reader.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/rule_check.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/facts_reader.h"
#include "sync-server/records/measure_messages.h"
#include "sync-server/records/rule_book.h"
#include "sync-server/records/rules_preview.h"
#include "sync-server/records/tuning.h"
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

// A contract whose rules the caller may change, and their versions.
Result<std::vector<roster::KeptRules>> versionsToChange(const Reading& reading, ContractId id) {
  DOORSTEP_TRY(identity::requireRole(reading.caller, {Role::Council, Role::Operator}));
  DOORSTEP_TRY(contractOf(reading, id));
  DOORSTEP_ASSIGN(auto reader, roster::RulesReader::open(reading.database));
  return reader.ofContract(id);
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

void addFaults(const std::vector<measures::RuleFault>& faults, v1::PreviewRulesResponse& response) {
  for (const measures::RuleFault& fault : faults) {
    v1::RuleFault& message = *response.add_faults();
    message.set_reason(std::string(fault.reason));
    for (const std::string_view parameter : fault.parameters)
      message.add_parameters(std::string(parameter));
    message.set_text(fault.text);
  }
}

template <typename Names>
std::string nameIn(const Names& names, auto value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

void write(const RuledClass& ruled, v1::RuledClass& message) {
  message.set_visit_class(nameIn(measures::kVisitClasses, ruled.visitClass));
  message.set_cause(nameIn(measures::kCauses, ruled.cause));
  message.set_exclusion(nameIn(measures::kExclusions, ruled.exclusion));
  message.set_punctuality(nameIn(measures::kPunctualities, ruled.punctuality));
}

// The visits that figures of the days are made of, and who each is.
struct PreviewedVisits {
  struct Visit {
    ProviderId provider;
    VisitId visit;
    std::string providerName;
  };
  std::vector<Visit> ids;
  std::vector<measures::VisitFacts> facts;
};

Result<PreviewedVisits> readVisits(const Reading& reading, const v1::PreviewRulesRequest& request) {
  FactsRange range{.contract = ContractId(request.contract_id())};
  DOORSTEP_ASSIGN(range.from, dayOf(request.first_day()));
  DOORSTEP_ASSIGN(range.to, dayOf(request.last_day()));
  if (range.from > range.to)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED", "first_day is after last_day"};
  if (range.to - range.from >= kPreviewDaysMax)
    return Error{ErrorCode::InvalidArgument, "DAYS_TOO_MANY", "a preview is of 92 days at most"};
  DOORSTEP_ASSIGN(auto stored,
                  readFacts(reading.database, range, kMeasureVisitsMax, reading.nowUnixMs));
  PreviewedVisits visits;
  visits.facts.reserve(stored.size());
  for (StoredFacts& each : stored) {
    visits.ids.push_back({each.provider, each.visit, each.facts.provider});
    visits.facts.push_back(std::move(each.facts));
  }
  return visits;
}

void write(const RulesPreview& preview, const PreviewedVisits& visits,
           v1::PreviewRulesResponse& response) {
  response.set_visits(preview.visits);
  for (const RulesPreview::Measure& measure : preview.measures) {
    v1::MeasureChange& message = *response.add_measures();
    *message.mutable_before() = toProto(measure.id, measure.before);
    *message.mutable_after() = toProto(measure.id, measure.after);
  }
  response.set_visits_changed(preview.visitsChanged);
  for (const auto& [classes, count] : preview.classChanges) {
    v1::ClassChange& message = *response.add_class_changes();
    write(classes.first, *message.mutable_before());
    write(classes.second, *message.mutable_after());
    message.set_visits(count);
  }
  for (const RulesPreview::Changed& changed : preview.changed) {
    const PreviewedVisits::Visit& visit = visits.ids[changed.visit];
    v1::ChangedVisit& message = *response.add_changed();
    message.set_provider_id(visit.provider.value);
    message.set_visit_id(visit.visit.value);
    message.set_provider_name(visit.providerName);
    message.set_day(measures::dayText(changed.day));
    write(changed.before, *message.mutable_before());
    write(changed.after, *message.mutable_after());
  }
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

Result<v1::PreviewRulesResponse> previewRules(const Reading& reading,
                                              const v1::PreviewRulesRequest& request) {
  const ContractId id(request.contract_id());
  DOORSTEP_ASSIGN(const auto versions, versionsToChange(reading, id));
  const measures::RuleVersion& newest = versions.back().version;
  DOORSTEP_ASSIGN(const auto draft, wire::readRules(request.draft(), newest.rules));
  v1::PreviewRulesResponse response;
  const auto faults = measures::ruleFaults(draft);
  if (!faults.empty()) {
    addFaults(faults, response);
    return response;
  }
  measures::RuleBook before;
  for (const roster::KeptRules& kept : versions)
    before.add(contractKey(id), kept.version);
  measures::RuleBook after;
  after.add(contractKey(id), {newest.number + 1, 0, {}, draft});
  DOORSTEP_ASSIGN(auto visits, readVisits(reading, request));
  DOORSTEP_ASSIGN(const auto preview,
                  previewRules(std::move(visits.facts), std::move(before), std::move(after),
                               kPreviewChangedMax, [&] { return reading.database.goOn(); }));
  write(preview, visits, response);
  return response;
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
