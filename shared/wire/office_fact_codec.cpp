// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/office_fact_codec.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "doorstep/roster/v1/office_fact.pb.h"
#include "shared/core/check.h"
#include "shared/core/display_text.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/wire/rules_codec.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::roster::v1;

constexpr std::size_t kSha256HexBytes = 64;

Error wrong(const char* what) { return {ErrorCode::InvalidArgument, "OFFICE_FACT_FORMAT", what}; }

// Truncates to the number of bytes at a character boundary.
std::string cut(std::string_view text, std::size_t bytes) {
  std::string_view kept = text.substr(0, bytes);
  while (!kept.empty() && !isUtf8(kept))
    kept.remove_suffix(1);
  return std::string(kept);
}

std::uint32_t minutesOf(std::int64_t minutes) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(minutes, 0, UINT32_MAX));
}

std::string bytesOf(const Hash& hash) { return std::string(hash.view()); }

Result<std::optional<Hash>> optionalHash(const std::string& bytes) {
  if (bytes.empty())
    return std::optional<Hash>();
  DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(bytes));
  return std::optional(hash);
}

void write(const visits::OfficeOpened& from, pb::OfficeFact& to) {
  auto& opened = *to.mutable_opened();
  opened.set_plan_version(from.planVersion);
  opened.set_visits_root(bytesOf(from.visitsRoot));
  opened.set_rules_hash(bytesOf(from.rulesHash));
  if (from.termsRoot)
    opened.set_terms_root(bytesOf(*from.termsRoot));
  if (from.lotsRoot)
    opened.set_lots_root(bytesOf(*from.lotsRoot));
}

void write(const visits::PlanPublished& from, pb::OfficeFact& to) {
  auto& plan = *to.mutable_plan_published();
  plan.set_plan_version(from.planVersion);
  plan.set_visits_new(from.visitsNew);
  plan.set_visits_changed(from.visitsChanged);
  plan.set_visits_cancelled(from.visitsCancelled);
  plan.set_visits_root(bytesOf(from.visitsRoot));
  if (from.termsRoot)
    plan.set_terms_root(bytesOf(*from.termsRoot));
  if (from.lotsRoot)
    plan.set_lots_root(bytesOf(*from.lotsRoot));
  for (const visits::PublishedFile& file : from.files) {
    if (static_cast<std::size_t>(plan.files_size()) == visits::kOfficeFilesMax)
      break;
    auto& told = *plan.add_files();
    told.set_name(cut(file.name, visits::kOfficeNameBytesMax));
    told.set_bytes(file.bytes);
    told.set_sha256_hex(cut(file.sha256Hex, kSha256HexBytes));
  }
}

void write(const visits::RulesSet& from, pb::OfficeFact& to) {
  auto& rules = *to.mutable_rules_set();
  rules.set_contract_id(from.contract.value);
  rules.set_contract_ref(cut(from.contractRef, visits::kOfficeRefBytesMax));
  rules.set_rule_version(from.ruleVersion);
  rules.set_from_unix_ms(from.fromUnixMs);
  rules.set_late_tolerance_min(minutesOf(from.rules.lateToleranceMin));
  rules.set_early_tolerance_min(minutesOf(from.rules.earlyToleranceMin));
  rules.set_time_critical_tolerance_min(minutesOf(from.rules.timeCriticalToleranceMin));
  rules.set_missed_after_min(minutesOf(from.rules.missedAfterMin));
  DOORSTEP_CHECK(
      rules.mutable_parameters()->ParseFromString(encodeRules(from.rules, from.unknownParameters)));
  if (from.lastDay)
    rules.set_last_day(*from.lastDay);
}

void write(const visits::SlotReassigned& from, pb::OfficeFact& to) {
  auto& slot = *to.mutable_slot_reassigned();
  slot.set_visit_id(from.visit.value);
  slot.set_plan_version(from.planVersion);
  slot.set_slot(from.slot);
  slot.set_carer_before(from.carerBefore.value);
  slot.set_carer_after(from.carerAfter.value);
}

void write(const visits::DeviceRevoked& from, pb::OfficeFact& to) {
  to.mutable_device_revoked()->set_device_id(from.device.value);
}

void write(const visits::HistoryCorrected& from, pb::OfficeFact& to) {
  auto& corrected = *to.mutable_history_corrected();
  corrected.set_person_id(from.person.value);
  corrected.set_lot(cut(from.lot, visits::kOfficeRefBytesMax));
  corrected.set_from_day(from.fromDay);
  corrected.set_contract_id(from.contract.value);
  corrected.set_plan_version(from.planVersion);
}

void write(const visits::TimeAdjusted& from, pb::OfficeFact& to) {
  auto& adjusted = *to.mutable_time_adjusted();
  adjusted.set_visit_id(from.visit.value);
  adjusted.set_slot(from.slot);
  adjusted.set_revision(from.revision);
  if (from.startUnixMs)
    adjusted.set_start_unix_ms(*from.startUnixMs);
  if (from.endUnixMs)
    adjusted.set_end_unix_ms(*from.endUnixMs);
  adjusted.set_reason_code(cut(from.reasonCode, visits::kOfficeCodeBytesMax));
  adjusted.set_action_code(cut(from.actionCode, visits::kOfficeCodeBytesMax));
  adjusted.set_by_role(cut(from.byRole, visits::kOfficeCodeBytesMax));
  if (from.noteHash)
    adjusted.set_note_hash(std::string(from.noteHash->view()));
}

void write(const visits::SlotExplained& from, pb::OfficeFact& to) {
  auto& explained = *to.mutable_slot_explained();
  explained.set_visit_id(from.visit.value);
  explained.set_slot(from.slot);
  explained.set_revision(from.revision);
  explained.set_reason_code(cut(from.reasonCode, visits::kOfficeCodeBytesMax));
  explained.set_responsibility(cut(from.responsibility, visits::kOfficeCodeBytesMax));
  explained.set_by_role(cut(from.byRole, visits::kOfficeCodeBytesMax));
  if (from.noteHash)
    explained.set_note_hash(std::string(from.noteHash->view()));
}

void write(const visits::MonthFrozen& from, pb::OfficeFact& to) {
  auto& frozen = *to.mutable_month_frozen();
  frozen.set_contract_id(from.contract.value);
  frozen.set_contract_ref(cut(from.contractRef, visits::kOfficeRefBytesMax));
  frozen.set_month(cut(from.month, visits::kOfficeCodeBytesMax));
  frozen.set_freeze(from.freeze);
  for (const std::uint32_t version : from.ruleVersions)
    frozen.add_rule_versions(version);
  for (const visits::FrozenLog& log : from.logs) {
    if (static_cast<std::size_t>(frozen.logs_size()) == visits::kOfficeLogsMax)
      break;
    auto& told = *frozen.add_logs();
    told.set_provider_id(log.provider.value);
    told.set_size(log.size);
    told.set_root(bytesOf(log.root));
  }
  frozen.set_visits_sha256(bytesOf(from.visitsSha256));
  frozen.set_measures_sha256(bytesOf(from.measuresSha256));
  frozen.set_visits(from.visits);
  frozen.set_visits_silent(from.visitsSilent);
  frozen.set_as_of_unix_ms(from.asOfUnixMs);
}

void write(const visits::MonthUnfrozen& from, pb::OfficeFact& to) {
  auto& unfrozen = *to.mutable_month_unfrozen();
  unfrozen.set_contract_id(from.contract.value);
  unfrozen.set_contract_ref(cut(from.contractRef, visits::kOfficeRefBytesMax));
  unfrozen.set_month(cut(from.month, visits::kOfficeCodeBytesMax));
  unfrozen.set_freeze(from.freeze);
}

void write(const visits::ExportMade& from, pb::OfficeFact& to) {
  auto& made = *to.mutable_export_made();
  made.set_export_id(from.id);
  made.set_contract_id(from.contract.value);
  made.set_contract_ref(cut(from.contractRef, visits::kOfficeRefBytesMax));
  made.set_provider_id(from.provider.value);
  made.set_lot(cut(from.lot, visits::kOfficeRefBytesMax));
  made.set_first_day(cut(from.firstDay, visits::kOfficeCodeBytesMax));
  made.set_last_day(cut(from.lastDay, visits::kOfficeCodeBytesMax));
  made.set_punctuality(cut(from.punctuality, visits::kOfficeCodeBytesMax));
  made.set_as_of_unix_ms(from.asOfUnixMs);
  for (const visits::ExportedFile& file : from.files) {
    if (static_cast<std::size_t>(made.files_size()) == visits::kOfficeExportsMax)
      break;
    auto& told = *made.add_files();
    told.set_format(cut(file.format, visits::kOfficeCodeBytesMax));
    told.set_rows(file.rows);
    told.set_bytes(file.bytes);
    told.set_sha256(bytesOf(file.sha256));
  }
}

void write(const visits::FigureReplied& from, pb::OfficeFact& to) {
  auto& replied = *to.mutable_figure_replied();
  replied.set_contract_id(from.contract.value);
  replied.set_contract_ref(cut(from.contractRef, visits::kOfficeRefBytesMax));
  replied.set_reply(from.reply);
  replied.set_withdraws(from.withdraws);
  replied.set_measure(cut(from.measure, visits::kOfficeRefBytesMax));
  replied.set_first_day(from.firstDay);
  replied.set_last_day(from.lastDay);
  for (const visits::FigureChoice& choice : from.where) {
    if (static_cast<std::size_t>(replied.where_size()) == visits::kOfficeChoicesMax)
      break;
    auto& told = *replied.add_where();
    told.set_dimension(cut(choice.dimension, visits::kOfficeRefBytesMax));
    told.set_value(cut(choice.value, visits::kOfficeRefBytesMax));
  }
  replied.set_numerator(from.numerator);
  replied.set_denominator(from.denominator);
  replied.set_as_of_unix_ms(from.asOfUnixMs);
  replied.set_text(cut(from.text, visits::kOfficeReplyBytesMax));
  for (const VisitId visit : from.visits) {
    if (static_cast<std::size_t>(replied.visit_ids_size()) == visits::kOfficeReplyVisitsMax)
      break;
    replied.add_visit_ids(visit.value);
  }
}

pb::CommissionedRows* rowsOf(visits::CommissionedKind kind, pb::OfficeFact& fact) {
  switch (kind) {
    case visits::CommissionedKind::Package:
      return fact.mutable_packages_set();
    case visits::CommissionedKind::Rate:
      return fact.mutable_rates_set();
    case visits::CommissionedKind::Lot:
      return fact.mutable_lots_described();
    case visits::CommissionedKind::Pause:
      return fact.mutable_packages_paused();
    case visits::CommissionedKind::Rating:
      return fact.mutable_provider_rated();
    case visits::CommissionedKind::Commissioner:
      break;
  }
  return fact.mutable_commissioners_named();
}

void write(const visits::CommissionedRows& from, pb::OfficeFact& to) {
  pb::CommissionedRows& rows = *rowsOf(from.kind, to);
  rows.set_commissioning_version(from.commissioningVersion);
  rows.set_rows(from.rows);
  rows.set_root(bytesOf(from.root));
}

void write(const visits::UnknownDecision&, pb::OfficeFact&) {}

Result<visits::OfficeDecision> readOpened(const pb::OfficeFact& fact) {
  visits::OfficeOpened opened{.planVersion = fact.opened().plan_version()};
  DOORSTEP_ASSIGN(opened.visitsRoot, hashFromBytes(fact.opened().visits_root()));
  DOORSTEP_ASSIGN(opened.rulesHash, hashFromBytes(fact.opened().rules_hash()));
  DOORSTEP_ASSIGN(opened.termsRoot, optionalHash(fact.opened().terms_root()));
  DOORSTEP_ASSIGN(opened.lotsRoot, optionalHash(fact.opened().lots_root()));
  return visits::OfficeDecision(opened);
}

Result<visits::OfficeDecision> readPlan(const pb::OfficeFact& fact) {
  const auto& from = fact.plan_published();
  visits::PlanPublished plan{.planVersion = from.plan_version(),
                             .visitsNew = from.visits_new(),
                             .visitsChanged = from.visits_changed(),
                             .visitsCancelled = from.visits_cancelled()};
  DOORSTEP_ASSIGN(plan.visitsRoot, hashFromBytes(from.visits_root()));
  DOORSTEP_ASSIGN(plan.termsRoot, optionalHash(from.terms_root()));
  DOORSTEP_ASSIGN(plan.lotsRoot, optionalHash(from.lots_root()));
  for (const auto& file : from.files())
    plan.files.push_back({file.name(), file.bytes(), file.sha256_hex()});
  return visits::OfficeDecision(std::move(plan));
}

Result<visits::OfficeDecision> readRulesSet(const pb::OfficeFact& fact) {
  const auto& from = fact.rules_set();
  visits::RulesSet rules{.contract = ContractId(from.contract_id()),
                         .contractRef = from.contract_ref(),
                         .ruleVersion = from.rule_version(),
                         .fromUnixMs = from.from_unix_ms()};
  if (from.has_last_day())
    rules.lastDay = from.last_day();
  if (!from.has_parameters()) {
    rules.rules =
        measures::rulesOfFourMinutes(from.late_tolerance_min(), from.early_tolerance_min(),
                                     from.time_critical_tolerance_min(), from.missed_after_min());
    return visits::OfficeDecision(std::move(rules));
  }
  DOORSTEP_ASSIGN(auto stored, storedRules(from.parameters()));
  rules.rules = std::move(stored.rules);
  rules.unknownParameters = std::move(stored.unknown);
  return visits::OfficeDecision(std::move(rules));
}

Result<visits::OfficeDecision> readSlot(const pb::OfficeFact& fact) {
  const auto& from = fact.slot_reassigned();
  return visits::OfficeDecision(
      visits::SlotReassigned{VisitId(from.visit_id()), from.plan_version(), from.slot(),
                             CarerId(from.carer_before()), CarerId(from.carer_after())});
}

Result<visits::OfficeDecision> readRevoked(const pb::OfficeFact& fact) {
  return visits::OfficeDecision(visits::DeviceRevoked{DeviceId(fact.device_revoked().device_id())});
}

Result<visits::OfficeDecision> readCorrected(const pb::OfficeFact& fact) {
  const auto& from = fact.history_corrected();
  return visits::OfficeDecision(
      visits::HistoryCorrected{PersonId(from.person_id()), from.lot(), from.from_day(),
                               ContractId(from.contract_id()), from.plan_version()});
}

Result<visits::OfficeDecision> readAdjusted(const pb::OfficeFact& fact) {
  const auto& from = fact.time_adjusted();
  visits::TimeAdjusted adjusted{.visit = VisitId(from.visit_id()),
                                .slot = from.slot(),
                                .revision = from.revision(),
                                .reasonCode = from.reason_code(),
                                .actionCode = from.action_code(),
                                .byRole = from.by_role()};
  if (from.has_start_unix_ms())
    adjusted.startUnixMs = from.start_unix_ms();
  if (from.has_end_unix_ms())
    adjusted.endUnixMs = from.end_unix_ms();
  DOORSTEP_ASSIGN(adjusted.noteHash, optionalHash(from.note_hash()));
  return visits::OfficeDecision(std::move(adjusted));
}

Result<visits::OfficeDecision> readExplained(const pb::OfficeFact& fact) {
  const auto& from = fact.slot_explained();
  DOORSTEP_ASSIGN(const auto noteHash, optionalHash(from.note_hash()));
  return visits::OfficeDecision(
      visits::SlotExplained{VisitId(from.visit_id()), from.slot(), from.revision(),
                            from.reason_code(), from.responsibility(), from.by_role(), noteHash});
}

Result<visits::OfficeDecision> readFrozen(const pb::OfficeFact& fact) {
  const auto& from = fact.month_frozen();
  visits::MonthFrozen frozen{.contract = ContractId(from.contract_id()),
                             .contractRef = from.contract_ref(),
                             .month = from.month(),
                             .freeze = from.freeze(),
                             .visits = from.visits(),
                             .visitsSilent = from.visits_silent(),
                             .asOfUnixMs = from.as_of_unix_ms()};
  frozen.ruleVersions.assign(from.rule_versions().begin(), from.rule_versions().end());
  for (const auto& log : from.logs()) {
    DOORSTEP_ASSIGN(const Hash root, hashFromBytes(log.root()));
    frozen.logs.push_back({ProviderId(log.provider_id()), log.size(), root});
  }
  DOORSTEP_ASSIGN(frozen.visitsSha256, hashFromBytes(from.visits_sha256()));
  DOORSTEP_ASSIGN(frozen.measuresSha256, hashFromBytes(from.measures_sha256()));
  return visits::OfficeDecision(std::move(frozen));
}

Result<visits::OfficeDecision> readUnfrozen(const pb::OfficeFact& fact) {
  const auto& from = fact.month_unfrozen();
  return visits::OfficeDecision(visits::MonthUnfrozen{
      ContractId(from.contract_id()), from.contract_ref(), from.month(), from.freeze()});
}

Result<visits::OfficeDecision> readExport(const pb::OfficeFact& fact) {
  const auto& from = fact.export_made();
  visits::ExportMade made{.id = from.export_id(),
                          .contract = ContractId(from.contract_id()),
                          .contractRef = from.contract_ref(),
                          .provider = ProviderId(from.provider_id()),
                          .lot = from.lot(),
                          .firstDay = from.first_day(),
                          .lastDay = from.last_day(),
                          .punctuality = from.punctuality(),
                          .asOfUnixMs = from.as_of_unix_ms()};
  for (const auto& file : from.files()) {
    DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(file.sha256()));
    made.files.push_back({file.format(), file.rows(), file.bytes(), hash});
  }
  return visits::OfficeDecision(std::move(made));
}

Result<visits::OfficeDecision> readReplied(const pb::OfficeFact& fact) {
  const auto& from = fact.figure_replied();
  visits::FigureReplied replied{.contract = ContractId(from.contract_id()),
                                .contractRef = from.contract_ref(),
                                .reply = from.reply(),
                                .withdraws = from.withdraws(),
                                .measure = from.measure(),
                                .firstDay = from.first_day(),
                                .lastDay = from.last_day(),
                                .numerator = from.numerator(),
                                .denominator = from.denominator(),
                                .asOfUnixMs = from.as_of_unix_ms(),
                                .text = from.text()};
  for (const auto& choice : from.where())
    replied.where.push_back({choice.dimension(), choice.value()});
  for (const std::uint64_t visit : from.visit_ids())
    replied.visits.emplace_back(visit);
  return visits::OfficeDecision(std::move(replied));
}

Result<visits::OfficeDecision> readCommissioned(const pb::OfficeFact& fact) {
  pb::OfficeFact copy = fact;
  visits::CommissionedRows read{.kind = static_cast<visits::CommissionedKind>(fact.kind_case())};
  const pb::CommissionedRows& rows = *rowsOf(read.kind, copy);
  read.commissioningVersion = rows.commissioning_version();
  read.rows = rows.rows();
  DOORSTEP_ASSIGN(read.root, hashFromBytes(rows.root()));
  return visits::OfficeDecision(read);
}

struct Kind {
  pb::OfficeFact::KindCase kind;
  Result<visits::OfficeDecision> (*read)(const pb::OfficeFact&);
};
constexpr Kind kKinds[] = {{pb::OfficeFact::kOpened, readOpened},
                           {pb::OfficeFact::kPlanPublished, readPlan},
                           {pb::OfficeFact::kRulesSet, readRulesSet},
                           {pb::OfficeFact::kSlotReassigned, readSlot},
                           {pb::OfficeFact::kDeviceRevoked, readRevoked},
                           {pb::OfficeFact::kHistoryCorrected, readCorrected},
                           {pb::OfficeFact::kPackagesSet, readCommissioned},
                           {pb::OfficeFact::kRatesSet, readCommissioned},
                           {pb::OfficeFact::kLotsDescribed, readCommissioned},
                           {pb::OfficeFact::kPackagesPaused, readCommissioned},
                           {pb::OfficeFact::kProviderRated, readCommissioned},
                           {pb::OfficeFact::kCommissionersNamed, readCommissioned},
                           {pb::OfficeFact::kTimeAdjusted, readAdjusted},
                           {pb::OfficeFact::kSlotExplained, readExplained},
                           {pb::OfficeFact::kMonthFrozen, readFrozen},
                           {pb::OfficeFact::kMonthUnfrozen, readUnfrozen},
                           {pb::OfficeFact::kExportMade, readExport},
                           {pb::OfficeFact::kFigureReplied, readReplied}};

}  // namespace

std::string encodeOfficeFact(const visits::OfficeFact& fact) {
  if (const auto* unknown = std::get_if<visits::UnknownDecision>(&fact.decision))
    return unknown->bytes;
  pb::OfficeFact message;
  message.set_account_id(fact.account.value);
  message.set_account_name(cut(fact.accountName, visits::kOfficeNameBytesMax));
  message.set_decided_unix_ms(fact.decidedUnixMs);
  message.set_reason(static_cast<pb::OfficeReason>(fact.reason));
  message.set_reason_text(cut(fact.reasonText, visits::kOfficeTextBytesMax));
  message.set_act_id(fact.act);
  std::visit([&](const auto& decision) { write(decision, message); }, fact.decision);
  return message.SerializeAsString();
}

Result<visits::OfficeFact> decodeOfficeFact(std::string_view bytes) {
  pb::OfficeFact message;
  if (bytes.empty() || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return wrong("the bytes are no OfficeFact");
  visits::OfficeFact fact{AccountId(message.account_id()),
                          message.account_name(),
                          message.decided_unix_ms(),
                          static_cast<visits::OfficeReason>(message.reason()),
                          message.reason_text(),
                          visits::UnknownDecision{std::string(bytes)},
                          message.act_id()};
  for (const Kind& kind : kKinds) {
    if (message.kind_case() != kind.kind)
      continue;
    auto decision = kind.read(message);
    if (!decision.ok() && decision.error().reason == std::string_view("RULES_FORMAT"))
      return fact;  // says what a later release can say
    if (!decision.ok())
      return wrong("a hash of it has not 32 bytes");
    fact.decision = std::move(decision).value();
  }
  return fact;
}

}  // namespace doorstep::wire
