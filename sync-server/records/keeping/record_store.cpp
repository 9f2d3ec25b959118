// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_store.h"

#include <utility>

namespace doorstep::records {
namespace {

constexpr const char* kVisitColumns =
    "provider_id, visit_id, contract_id, person_id, day, basis_day, due_unix_ms, rule_version, "
    "facts";

// indexedBy: where SQLite reads all visits of a provider without it.
std::string selectVisits(const char* where, const char* indexedBy = "") {
  return std::string("SELECT ") + kVisitColumns + " FROM visit_record" + indexedBy + " WHERE " +
         where;
}

VisitRow visitRow(const sql::Statement& row) {
  VisitRow found;
  found.provider = ProviderId(row.columnId(0));
  found.visit = VisitId(row.columnId(1));
  found.contract = ContractId(row.columnId(2));
  found.person = PersonId(row.columnId(3));
  found.day = row.columnInt(4);
  found.basisDay = row.columnInt(5);
  if (!row.columnIsNull(6))
    found.dueUnixMs = row.columnInt(6);
  found.ruleVersion = static_cast<std::uint32_t>(row.columnInt(7));
  found.facts = row.columnBlob(8);
  return found;
}

// A number that no release has written is a visit that is not judged.
visits::Punctuality punctualityOf(std::int64_t number) {
  const auto last = static_cast<std::int64_t>(visits::Punctuality::Unplanned);
  return number >= 1 && number <= last ? static_cast<visits::Punctuality>(number)
                                       : visits::Punctuality::Open;
}

template <typename T, typename Read>
Result<std::vector<T>> all(sql::Statement& rows, Read read) {
  std::vector<T> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    found.push_back(read(rows));
  }
  rows.reset();
  return found;
}

template <typename T, typename Read>
Result<std::optional<T>> first(sql::Statement& rows, Read read) {
  DOORSTEP_ASSIGN(const bool row, rows.step());
  std::optional<T> found;
  if (row)
    found = read(rows);
  rows.reset();
  return found;
}

// The first start of the rows at a visit that is not left out.
Result<std::optional<StartedVisit>> firstStart(sql::Statement& rows, const CarersPerson& who,
                                               std::int64_t unixMs, const IsLeftOut& isLeftOut) {
  rows.reset();
  rows.bindId(0, who.provider.value).bindId(1, who.person.value).bindId(2, who.carer.value);
  rows.bind(3, unixMs);
  std::optional<StartedVisit> found;
  while (!found) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    const StartedVisit start{rows.columnInt(0), VisitId(rows.columnId(1))};
    if (!isLeftOut(start.visit))
      found = start;
  }
  rows.reset();
  return found;
}

Status touchVisits(sql::Database& database, const char* indexedBy, const char* where,
                   std::uint64_t id, std::uint64_t person, measures::DayNumber fromDay) {
  DOORSTEP_ASSIGN(
      auto touch,
      database.prepare(std::string("INSERT INTO touched_visit (provider_id, visit_id, touches) "
                                   "SELECT provider_id, visit_id, 1 FROM visit_record") +
                       indexedBy + " WHERE " + where +
                       " ON CONFLICT (provider_id, visit_id) "
                       "DO UPDATE SET touches = touched_visit.touches + 1"));
  // A visit of the small hours is of the service day before.
  return touch.bindId(0, id).bind(1, fromDay - 1).bindId(2, person).run();
}

}  // namespace

Result<RecordStore> RecordStore::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto visit, database.prepare(selectVisits("provider_id = ? AND visit_id = ?")));
  DOORSTEP_ASSIGN(auto slots, database.prepare(R"sql(
SELECT slot, carer_id, start_unix_ms, punctuality, late_ms FROM slot_record
WHERE provider_id = ? AND visit_id = ? ORDER BY slot)sql"));
  DOORSTEP_ASSIGN(auto calls, database.prepare(selectVisits(
                                  "provider_id = ? AND person_id = ? AND basis_day = ? "
                                  "ORDER BY visit_id",
                                  " INDEXED BY visit_record_by_person")));
  DOORSTEP_ASSIGN(auto prior, database.prepare(R"sql(
SELECT start_unix_ms, visit_id FROM slot_record
WHERE provider_id = ? AND person_id = ? AND carer_id = ? AND start_unix_ms < ?
  AND start_unix_ms IS NOT NULL
ORDER BY start_unix_ms DESC, visit_id DESC)sql"));
  DOORSTEP_ASSIGN(auto next, database.prepare(R"sql(
SELECT start_unix_ms, visit_id FROM slot_record
WHERE provider_id = ? AND person_id = ? AND carer_id = ? AND start_unix_ms > ?
  AND start_unix_ms IS NOT NULL
ORDER BY start_unix_ms, visit_id)sql"));
  return RecordStore(
      {std::move(visit), std::move(slots), std::move(calls), std::move(prior), std::move(next)});
}

Result<RecordWriter> RecordWriter::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto put, database.prepare(std::string("INSERT INTO visit_record (") +
                                             kVisitColumns + R"sql() VALUES (?,?,?,?,?,?,?,?,?)
ON CONFLICT (provider_id, visit_id) DO UPDATE SET contract_id = excluded.contract_id,
  person_id = excluded.person_id, day = excluded.day, basis_day = excluded.basis_day,
  due_unix_ms = excluded.due_unix_ms, rule_version = excluded.rule_version,
  facts = excluded.facts)sql"));
  DOORSTEP_ASSIGN(auto putInPlace, database.prepare(R"sql(
UPDATE visit_record SET due_unix_ms = ?, rule_version = ?, facts = ?
WHERE provider_id = ? AND visit_id = ?)sql"));
  DOORSTEP_ASSIGN(auto putSlot, database.prepare(R"sql(
INSERT INTO slot_record (provider_id, visit_id, slot, person_id, carer_id, start_unix_ms,
  punctuality, late_ms) VALUES (?,?,?,?,?,?,?,?)
ON CONFLICT (provider_id, visit_id, slot) DO UPDATE SET person_id = excluded.person_id,
  carer_id = excluded.carer_id, start_unix_ms = excluded.start_unix_ms,
  punctuality = excluded.punctuality, late_ms = excluded.late_ms)sql"));
  DOORSTEP_ASSIGN(
      auto dropSlots,
      database.prepare("DELETE FROM slot_record WHERE provider_id = ? AND visit_id = ?"));
  DOORSTEP_ASSIGN(
      auto drop,
      database.prepare("DELETE FROM visit_record WHERE provider_id = ? AND visit_id = ?"));
  return RecordWriter({std::move(put), std::move(putInPlace), std::move(putSlot),
                       std::move(dropSlots), std::move(drop)});
}

bool isFoundAlike(const VisitRow& a, const VisitRow& b) {
  return a.provider == b.provider && a.visit == b.visit && a.contract == b.contract &&
         a.person == b.person && a.day == b.day && a.basisDay == b.basisDay;
}

Result<std::optional<VisitRow>> RecordStore::visit(ProviderId provider, VisitId visit) {
  statements_.visit.reset();
  statements_.visit.bindId(0, provider.value).bindId(1, visit.value);
  return first<VisitRow>(statements_.visit, visitRow);
}

Result<std::vector<SlotRow>> RecordStore::slots(ProviderId provider, VisitId visit) {
  statements_.slots.reset();
  statements_.slots.bindId(0, provider.value).bindId(1, visit.value);
  return all<SlotRow>(statements_.slots, [](const sql::Statement& row) {
    SlotRow slot;
    slot.slot = static_cast<std::uint32_t>(row.columnInt(0));
    slot.carer = CarerId(row.columnId(1));
    if (!row.columnIsNull(2))
      slot.startUnixMs = row.columnInt(2);
    slot.judgement = {punctualityOf(row.columnInt(3)), row.columnInt(4)};
    return slot;
  });
}

Result<std::vector<VisitRow>> RecordStore::callsOfDay(ProviderId provider, PersonId person,
                                                      measures::DayNumber basisDay) {
  statements_.calls.reset();
  statements_.calls.bindId(0, provider.value).bindId(1, person.value).bind(2, basisDay);
  return all<VisitRow>(statements_.calls, visitRow);
}

Result<std::optional<StartedVisit>> RecordStore::priorStart(const CarersPerson& who,
                                                            std::int64_t beforeUnixMs,
                                                            const IsLeftOut& isLeftOut) {
  return firstStart(statements_.prior, who, beforeUnixMs, isLeftOut);
}

Result<std::optional<StartedVisit>> RecordStore::nextStart(const CarersPerson& who,
                                                           std::int64_t afterUnixMs,
                                                           const IsLeftOut& isLeftOut) {
  return firstStart(statements_.next, who, afterUnixMs, isLeftOut);
}

Status RecordWriter::putInPlace(const VisitRow& row) {
  sql::Statement& put = statements_.putInPlace;
  if (row.dueUnixMs)
    put.bind(0, *row.dueUnixMs);
  else
    put.bindNull(0);
  put.bind(1, std::int64_t{row.ruleVersion}).bindBlob(2, row.facts);
  return put.bindId(3, row.provider.value).bindId(4, row.visit.value).run();
}

Status RecordWriter::put(const VisitRow& row) {
  sql::Statement& put = statements_.put;
  put.bindId(0, row.provider.value).bindId(1, row.visit.value).bindId(2, row.contract.value);
  put.bindId(3, row.person.value).bind(4, row.day).bind(5, row.basisDay);
  if (row.dueUnixMs)
    put.bind(6, *row.dueUnixMs);
  else
    put.bindNull(6);
  put.bind(7, std::int64_t{row.ruleVersion}).bindBlob(8, row.facts);
  return put.run();
}

Status RecordWriter::putSlots(ProviderId provider, VisitId visit, PersonId person,
                              const std::vector<SlotRow>& slots, bool dropsSlots) {
  if (dropsSlots)
    DOORSTEP_TRY(statements_.dropSlots.bindId(0, provider.value).bindId(1, visit.value).run());
  for (const SlotRow& slot : slots) {
    sql::Statement& put = statements_.putSlot;
    put.bindId(0, provider.value).bindId(1, visit.value).bind(2, std::int64_t{slot.slot});
    put.bindId(3, person.value).bindId(4, slot.carer.value);
    if (slot.startUnixMs)
      put.bind(5, *slot.startUnixMs);
    else
      put.bindNull(5);
    put.bind(6, static_cast<std::int64_t>(slot.judgement.punctuality));
    put.bind(7, slot.judgement.lateMs);
    DOORSTEP_TRY(put.run());
  }
  return kDone;
}

Status RecordWriter::remove(ProviderId provider, VisitId visit) {
  DOORSTEP_TRY(statements_.dropSlots.bindId(0, provider.value).bindId(1, visit.value).run());
  return statements_.drop.bindId(0, provider.value).bindId(1, visit.value).run();
}

Result<std::vector<std::pair<ProviderId, VisitId>>> keptVisits(sql::Database& database,
                                                               ProviderId provider, VisitId visit,
                                                               std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT provider_id, visit_id FROM visit_record WHERE (provider_id, visit_id) > (?, ?)
ORDER BY provider_id, visit_id LIMIT ?)sql"));
  rows.bindId(0, provider.value).bindId(1, visit.value).bind(2, limit);
  return all<std::pair<ProviderId, VisitId>>(rows, [](const sql::Statement& row) {
    return std::pair(ProviderId(row.columnId(0)), VisitId(row.columnId(1)));
  });
}

Result<std::vector<std::pair<ProviderId, VisitId>>> dueVisits(sql::Database& database,
                                                              std::int64_t nowUnixMs,
                                                              std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT provider_id, visit_id FROM visit_record
WHERE due_unix_ms <= ? AND due_unix_ms IS NOT NULL ORDER BY due_unix_ms LIMIT ?)sql"));
  rows.bind(0, nowUnixMs).bind(1, limit);
  return all<std::pair<ProviderId, VisitId>>(rows, [](const sql::Statement& row) {
    return std::pair(ProviderId(row.columnId(0)), VisitId(row.columnId(1)));
  });
}

Status touchVisitsOfPerson(sql::Database& database, ProviderId provider, PersonId person,
                           measures::DayNumber fromDay) {
  return touchVisits(database, " INDEXED BY visit_record_by_person",
                     "provider_id = ?1 AND day >= ?2 AND person_id = ?3", provider.value,
                     person.value, fromDay);
}

Status touchVisitsOfProvider(sql::Database& database, ProviderId provider,
                             measures::DayNumber fromDay) {
  return touchVisits(database, "", "provider_id = ?1 AND day >= ?2 AND ?3 = 0", provider.value, 0,
                     fromDay);
}

Status touchVisitsOfContract(sql::Database& database, ContractId contract,
                             measures::DayNumber fromDay) {
  return touchVisits(database, "", "contract_id = ?1 AND day >= ?2 AND ?3 = 0", contract.value, 0,
                     fromDay);
}

Result<PlanProgress> planProgress(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT plan_version, visit_id, terms_version "
                                             "FROM record_progress WHERE provider_id = ?"));
  row.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  PlanProgress progress;
  if (found)
    progress = {row.columnId(0), VisitId(row.columnId(1)), row.columnId(2)};
  return progress;
}

Status putReadPlan(sql::Database& database, ProviderId provider, std::uint64_t planVersion,
                   VisitId visit) {
  DOORSTEP_ASSIGN(auto put, database.prepare(R"sql(
INSERT INTO record_progress (provider_id, plan_version, visit_id, terms_version)
VALUES (?, ?, ?, 0) ON CONFLICT (provider_id) DO UPDATE SET plan_version = excluded.plan_version,
  visit_id = excluded.visit_id)sql"));
  return put.bindId(0, provider.value).bindId(1, planVersion).bindId(2, visit.value).run();
}

Status putReadTerms(sql::Database& database, ProviderId provider, std::uint64_t planVersion) {
  DOORSTEP_ASSIGN(auto put, database.prepare(R"sql(
INSERT INTO record_progress (provider_id, plan_version, visit_id, terms_version)
VALUES (?, 0, 0, ?)
ON CONFLICT (provider_id) DO UPDATE SET terms_version = excluded.terms_version)sql"));
  return put.bindId(0, provider.value).bindId(1, planVersion).run();
}

Result<std::uint64_t> judgedCommissioning(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT version FROM record_commissioning "
                                             "WHERE provider_id = ?"));
  row.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? row.columnId(0) : std::uint64_t{0};
}

Status putJudgedCommissioning(sql::Database& database, ProviderId provider, std::uint64_t version) {
  DOORSTEP_ASSIGN(auto put, database.prepare(R"sql(
INSERT INTO record_commissioning (provider_id, version) VALUES (?, ?)
ON CONFLICT (provider_id) DO UPDATE SET version = excluded.version)sql"));
  return put.bindId(0, provider.value).bindId(1, version).run();
}

Result<std::uint32_t> judgedRules(sql::Database& database, ContractId contract) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("SELECT versions FROM record_rules WHERE contract_id = ?"));
  row.bindId(0, contract.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? static_cast<std::uint32_t>(row.columnInt(0)) : 0U;
}

Status putJudgedRules(sql::Database& database, ContractId contract, std::uint32_t versions) {
  DOORSTEP_ASSIGN(auto put,
                  database.prepare("INSERT INTO record_rules (contract_id, versions) VALUES (?, ?) "
                                   "ON CONFLICT (contract_id) DO UPDATE SET "
                                   "versions = excluded.versions"));
  return put.bindId(0, contract.value).bind(1, std::int64_t{versions}).run();
}

Result<std::int64_t> settlings(sql::Database& database) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT settlings FROM record_settlings"));
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? row.columnInt(0) : std::int64_t{0};
}

Status countSettling(sql::Database& database) {
  return database.execute("UPDATE record_settlings SET settlings = settlings + 1");
}

Status clearRecords(sql::Database& database) {
  DOORSTEP_TRY(countSettling(database));
  return database.execute(
      "DELETE FROM visit_record; DELETE FROM slot_record; DELETE FROM record_progress; "
      "DELETE FROM record_rules; DELETE FROM record_commissioning;");
}

}  // namespace doorstep::records
