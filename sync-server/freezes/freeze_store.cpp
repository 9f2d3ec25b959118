// SPDX-License-Identifier: Apache-2.0
#include "sync-server/freezes/freeze_store.h"

#include <charconv>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/crypto/sha256.h"
#include "sync-server/freezes/limits.h"

namespace doorstep::freezes {
namespace {

constexpr const char* kSelect = R"sql(
SELECT f.contract_id, f.month, f.freeze_number, f.contract_ref, f.rule_versions, f.visits_sha256,
  f.measures, f.visits, f.visits_silent, f.as_of_unix_ms, f.note, f.account_id, f.made_unix_ms,
  u.note, u.account_id, u.made_unix_ms
FROM month_freeze f LEFT JOIN month_unfreeze u
  ON u.contract_id = f.contract_id AND u.month = f.month AND u.freeze_number = f.freeze_number
)sql";
constexpr const char* kOrder = " ORDER BY f.contract_id, f.month, f.freeze_number";

std::string textOf(const std::vector<std::uint32_t>& versions) {
  std::string text;
  for (const std::uint32_t version : versions)
    text += (text.empty() ? "" : ",") + std::to_string(version);
  return text;
}

// What is no number is left out: the audit compares with what the log says.
std::vector<std::uint32_t> versionsOf(const std::string& text) {
  std::vector<std::uint32_t> versions;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::uint32_t version = 0;
    const auto read = std::from_chars(at, end, version);
    if (read.ec == std::errc())
      versions.push_back(version);
    at = read.ptr + 1;
  }
  return versions;
}

Result<Freeze> read(const sql::Statement& row) {
  Freeze freeze;
  freeze.figures.contract = ContractId(row.columnId(0));
  freeze.figures.month = row.columnText(1);
  freeze.number = static_cast<std::uint32_t>(row.columnInt(2));
  freeze.figures.contractRef = row.columnText(3);
  freeze.figures.ruleVersions = versionsOf(row.columnText(4));
  DOORSTEP_ASSIGN(freeze.figures.visitsSha256, hashFromBytes(row.columnBlob(5)));
  freeze.figures.measures = row.columnBlob(6);
  freeze.figures.visits = row.columnId(7);
  freeze.figures.visitsSilent = row.columnId(8);
  freeze.figures.asOfUnixMs = row.columnInt(9);
  freeze.note = row.columnText(10);
  freeze.account = AccountId(row.columnId(11));
  freeze.madeUnixMs = row.columnInt(12);
  if (!row.columnIsNull(15))
    freeze.unfrozen = Unfreeze{row.columnText(13), AccountId(row.columnId(14)), row.columnInt(15)};
  return freeze;
}

Result<std::vector<Freeze>> readAll(sql::Database& database, sql::Statement& rows) {
  std::vector<Freeze> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    DOORSTEP_ASSIGN(auto freeze, read(rows));
    found.push_back(std::move(freeze));
  }
  DOORSTEP_ASSIGN(auto logs, database.prepare(R"sql(
SELECT provider_id, size, root FROM month_freeze_log
WHERE contract_id = ? AND month = ? AND freeze_number = ? ORDER BY provider_id)sql"));
  for (Freeze& freeze : found) {
    logs.reset();
    logs.bindId(0, freeze.figures.contract.value).bindText(1, freeze.figures.month);
    logs.bind(2, freeze.number);
    while (true) {
      DOORSTEP_ASSIGN(const bool row, logs.step());
      if (!row)
        break;
      DOORSTEP_ASSIGN(const Hash root, hashFromBytes(logs.columnBlob(2)));
      freeze.figures.logs.push_back({ProviderId(logs.columnId(0)), logs.columnId(1), root});
    }
  }
  return found;
}

Status checkNote(const std::string& note) {
  if (note.size() > kNoteBytesMax)
    return Error{ErrorCode::InvalidArgument, "NOTE_TOO_LONG", "a note has at most 500 bytes"};
  if (!isUtf8(note) || note.find('\0') != std::string::npos)
    return Error{ErrorCode::InvalidArgument, "NOTE_NOT_TEXT", "the note is no UTF-8 text"};
  return kDone;
}

std::vector<ProviderId> providersOf(const MonthFigures& figures) {
  std::vector<ProviderId> providers;
  for (const visits::FrozenLog& log : figures.logs)
    providers.push_back(log.provider);
  return providers;
}

Status add(sql::Database& database, const Freeze& freeze) {
  const MonthFigures& figures = freeze.figures;
  DOORSTEP_ASSIGN(auto add, database.prepare(R"sql(
INSERT INTO month_freeze (contract_id, month, freeze_number, contract_ref, rule_versions,
  visits_sha256, measures, visits, visits_silent, as_of_unix_ms, note, account_id, made_unix_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
  const std::string versions = textOf(figures.ruleVersions);
  add.bindId(0, figures.contract.value).bindText(1, figures.month).bind(2, freeze.number);
  add.bindText(3, figures.contractRef).bindText(4, versions);
  add.bindBlob(5, figures.visitsSha256.view()).bindBlob(6, figures.measures);
  add.bindId(7, figures.visits).bindId(8, figures.visitsSilent).bind(9, figures.asOfUnixMs);
  add.bindText(10, freeze.note).bindId(11, freeze.account.value);
  DOORSTEP_TRY(add.bind(12, freeze.madeUnixMs).run());
  DOORSTEP_ASSIGN(auto addLog, database.prepare(R"sql(
INSERT INTO month_freeze_log (contract_id, month, freeze_number, provider_id, size, root)
VALUES (?, ?, ?, ?, ?, ?))sql"));
  for (const visits::FrozenLog& log : figures.logs) {
    addLog.bindId(0, figures.contract.value).bindText(1, figures.month).bind(2, freeze.number);
    addLog.bindId(3, log.provider.value).bindId(4, log.size);
    DOORSTEP_TRY(addLog.bindBlob(5, log.root.view()).run());
  }
  return kDone;
}

}  // namespace

Result<std::vector<Freeze>> freezesOf(sql::Database& database, ContractId contract) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare(std::string(kSelect) + "WHERE f.contract_id = ?" + kOrder));
  rows.bindId(0, contract.value);
  return readAll(database, rows);
}

Result<std::vector<Freeze>> freezesOfMonth(sql::Database& database, ContractId contract,
                                           const std::string& month) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kSelect) +
                                              "WHERE f.contract_id = ? AND f.month = ?" + kOrder));
  rows.bindId(0, contract.value).bindText(1, month);
  return readAll(database, rows);
}

Status forEachFreezeOf(sql::Database& database, ProviderId provider,
                       const std::function<Status(const Freeze&)>& each) {
  DOORSTEP_ASSIGN(auto places, database.prepare(R"sql(
SELECT DISTINCT contract_id FROM month_freeze_log WHERE provider_id = ? ORDER BY 1)sql"));
  places.bindId(0, provider.value);
  std::vector<ContractId> contracts;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, places.step());
    if (!row)
      break;
    contracts.emplace_back(places.columnId(0));
  }
  for (const ContractId contract : contracts) {
    DOORSTEP_ASSIGN(const auto freezes, freezesOf(database, contract));
    for (const Freeze& freeze : freezes) {
      bool concerns = false;
      for (const visits::FrozenLog& log : freeze.figures.logs)
        concerns = concerns || log.provider == provider;
      if (concerns)
        DOORSTEP_TRY(each(freeze));
    }
  }
  return kDone;
}

visits::MonthFrozen factOf(const Freeze& freeze) {
  const MonthFigures& figures = freeze.figures;
  return {.contract = figures.contract,
          .contractRef = figures.contractRef,
          .month = figures.month,
          .freeze = freeze.number,
          .ruleVersions = figures.ruleVersions,
          .logs = figures.logs,
          .visitsSha256 = figures.visitsSha256,
          .measuresSha256 = crypto::sha256(figures.measures),
          .visits = figures.visits,
          .visitsSilent = figures.visitsSilent,
          .asOfUnixMs = figures.asOfUnixMs};
}

visits::MonthUnfrozen unfrozenFactOf(const Freeze& freeze) {
  return {freeze.figures.contract, freeze.figures.contractRef, freeze.figures.month, freeze.number};
}

Result<Freeze> freezeMonth(sql::Database& database, const MonthFigures& figures,
                           const std::string& note, event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkNote(note));
  DOORSTEP_ASSIGN(const auto before, freezesOfMonth(database, figures.contract, figures.month));
  if (!before.empty() && !before.back().unfrozen)
    return Error{ErrorCode::FailedPrecondition, "ALREADY_FROZEN", "the month is frozen"};
  if (before.size() >= kFreezesOfMonthMax)
    return Error{ErrorCode::ResourceExhausted, "FREEZES_TOO_MANY",
                 "the month was frozen too often"};
  const Freeze freeze{.number = static_cast<std::uint32_t>(before.size()) + 1,
                      .figures = figures,
                      .note = note,
                      .account = act.by().account,
                      .madeUnixMs = act.decidedUnixMs()};
  DOORSTEP_TRY(add(database, freeze));
  act.sayToEach(providersOf(figures), visits::OfficeReason::Freeze, factOf(freeze), note);
  return freeze;
}

Result<Freeze> unfreezeMonth(sql::Database& database, ContractId contract, const std::string& month,
                             std::uint32_t number, const std::string& note,
                             event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkNote(note));
  if (note.empty())
    return Error{ErrorCode::InvalidArgument, "NOTE_MISSING", "why is it opened again?"};
  DOORSTEP_ASSIGN(auto before, freezesOfMonth(database, contract, month));
  if (before.empty() || before.back().unfrozen)
    return Error{ErrorCode::FailedPrecondition, "NOT_FROZEN", "the month is not frozen"};
  Freeze& freeze = before.back();
  if (freeze.number != number)
    return Error{ErrorCode::Aborted, "FREEZE_CHANGED", "another freeze holds: look again"};
  freeze.unfrozen = Unfreeze{note, act.by().account, act.decidedUnixMs()};
  DOORSTEP_ASSIGN(auto add, database.prepare(R"sql(
INSERT INTO month_unfreeze (contract_id, month, freeze_number, note, account_id, made_unix_ms)
VALUES (?, ?, ?, ?, ?, ?))sql"));
  add.bindId(0, contract.value).bindText(1, month).bind(2, number).bindText(3, note);
  add.bindId(4, act.by().account.value);
  DOORSTEP_TRY(add.bind(5, act.decidedUnixMs()).run());
  act.sayToEach(providersOf(freeze.figures), visits::OfficeReason::Freeze, unfrozenFactOf(freeze),
                note);
  return freeze;
}

}  // namespace doorstep::freezes
