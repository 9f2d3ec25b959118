// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/decision_places.h"

#include <cstdio>
#include <variant>

#include "shared/visits/office_fact.h"
#include "shared/wire/office_fact_codec.h"

namespace doorstep::event_log {
namespace {

constexpr const char* kAdd = R"sql(
INSERT INTO decision_place (provider_id, kind, subject_id, version, position) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (provider_id, kind, subject_id, version) DO NOTHING)sql";

std::optional<DecisionKey> ofMonth(DecisionKey::Kind kind, ContractId contract,
                                   const std::string& month, std::uint32_t freeze) {
  const auto version = versionOfMonth(month, freeze);
  return version ? std::optional(DecisionKey{kind, contract.value, *version}) : std::nullopt;
}

std::optional<DecisionKey> keyOf(const visits::OfficeDecision& decision) {
  using Kind = DecisionKey::Kind;
  if (std::holds_alternative<visits::OfficeOpened>(decision))
    return DecisionKey{Kind::Opened, 0, 0};
  if (const auto* plan = std::get_if<visits::PlanPublished>(&decision))
    return DecisionKey{Kind::PlanPublished, 0, plan->planVersion};
  if (const auto* rules = std::get_if<visits::RulesSet>(&decision))
    return DecisionKey{Kind::RulesSet, rules->contract.value, rules->ruleVersion};
  if (const auto* rows = std::get_if<visits::CommissionedRows>(&decision))
    return DecisionKey{static_cast<Kind>(rows->kind), 0, rows->commissioningVersion};
  if (const auto* times = std::get_if<visits::TimeAdjusted>(&decision))
    return DecisionKey{Kind::TimeAdjusted, times->visit.value,
                       versionOfSlot(times->slot, times->revision)};
  if (const auto* explained = std::get_if<visits::SlotExplained>(&decision))
    return DecisionKey{Kind::SlotExplained, explained->visit.value,
                       versionOfSlot(explained->slot, explained->revision)};
  if (const auto* frozen = std::get_if<visits::MonthFrozen>(&decision))
    return ofMonth(Kind::MonthFrozen, frozen->contract, frozen->month, frozen->freeze);
  if (const auto* opened = std::get_if<visits::MonthUnfrozen>(&decision))
    return ofMonth(Kind::MonthUnfrozen, opened->contract, opened->month, opened->freeze);
  return std::nullopt;
}

void bind(sql::Statement& statement, ProviderId provider, const DecisionKey& decision) {
  statement.bindId(0, provider.value).bind(1, static_cast<std::int64_t>(decision.kind));
  statement.bindId(2, decision.subject).bindId(3, decision.version);
}

}  // namespace

std::uint64_t versionOfSlot(std::uint32_t slot, std::uint32_t revision) {
  return std::uint64_t{slot} << 32 | revision;
}

std::optional<std::uint64_t> versionOfMonth(const std::string& month, std::uint32_t freeze) {
  unsigned year = 0;
  unsigned number = 0;
  char rest = 0;
  if (std::sscanf(month.c_str(), "%4u-%2u%c", &year, &number, &rest) != 2)
    return std::nullopt;
  return (std::uint64_t{year} * 100 + number) << 32 | freeze;
}

std::optional<DecisionKey> decisionOf(const visits::Event& event) {
  const auto* bytes = std::get_if<visits::UnknownFact>(&event.fact);
  if (event.subjectKind != visits::SubjectKind::Office || bytes == nullptr)
    return std::nullopt;
  const auto fact = wire::decodeOfficeFact(bytes->bytes);
  return fact.ok() ? keyOf(fact->decision) : std::nullopt;
}

std::vector<DecisionKey> decisionsIn(const visits::Entry& entry) {
  std::vector<DecisionKey> found;
  for (const visits::Event& event : entry.events)
    if (const auto key = decisionOf(event))
      found.push_back(*key);
  return found;
}

Result<std::optional<std::uint64_t>> decisionPlace(sql::Database& database, ProviderId provider,
                                                   const DecisionKey& decision) {
  DOORSTEP_ASSIGN(auto place, database.prepare(R"sql(
SELECT position FROM decision_place
WHERE provider_id = ? AND kind = ? AND subject_id = ? AND version = ?)sql"));
  bind(place, provider, decision);
  DOORSTEP_ASSIGN(const bool row, place.step());
  return row ? std::optional(place.columnId(0)) : std::nullopt;
}

Result<DecisionPlaceWriter> DecisionPlaceWriter::prepare(sql::Database& writer) {
  DOORSTEP_ASSIGN(auto add, writer.prepare(kAdd));
  return DecisionPlaceWriter(std::move(add));
}

Status DecisionPlaceWriter::add(ProviderId provider, const DecisionKey& decision,
                                std::uint64_t position) {
  bind(add_, provider, decision);
  return add_.bindId(4, position).run();
}

Result<std::unique_ptr<DecisionPlaces>> DecisionPlaces::open(sql::Database& database,
                                                             Offices offices) {
  DOORSTEP_ASSIGN(auto writer, DecisionPlaceWriter::prepare(database));
  return std::unique_ptr<DecisionPlaces>(
      new DecisionPlaces(database, std::move(writer), std::move(offices)));
}

Status DecisionPlaces::apply(std::span<const CommittedEntry> entries) {
  for (const CommittedEntry& entry : entries) {
    if (!offices_.contains({entry.stored.provider, entry.stored.device}))
      continue;
    for (const DecisionKey& decision : decisionsIn(entry.entry))
      DOORSTEP_TRY(writer_.add(entry.stored.provider, decision, entry.stored.position));
  }
  return kDone;
}

Status DecisionPlaces::clear() { return database_.execute("DELETE FROM decision_place"); }

}  // namespace doorstep::event_log
