// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/roster_store.h"

#include <algorithm>
#include <map>
#include <set>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/rule_versions.h"

namespace doorstep::roster {
namespace {

Error unknown(const char* reason) {
  return {ErrorCode::NotFound, reason, "no such row in the plan"};
}

// Stored versions are written by this program only, so bytes that cannot be decoded mean a damaged
// file.
Result<visits::PlannedVisit> decodeStored(VisitId id, const std::string& bytes) {
  auto visit = wire::decodeVisit(id, bytes);
  if (!visit.ok())
    return Error{ErrorCode::DataLoss, "PLAN_DAMAGED",
                 "a stored visit version cannot be read: " + visit.error().text};
  return visit;
}

Result<std::vector<visits::PlannedVisit>> readVisits(sql::Statement& statement) {
  std::vector<visits::PlannedVisit> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, statement.step());
    if (!row)
      return found;
    DOORSTEP_ASSIGN(auto visit,
                    decodeStored(VisitId(statement.columnId(0)), statement.columnBlob(1)));
    found.push_back(std::move(visit));
  }
}

visits::Person readPerson(const sql::Statement& row) {
  visits::Person person;
  person.id = PersonId(row.columnId(0));
  person.ref = row.columnText(1);
  person.name = row.columnText(2);
  person.accessNote = row.columnText(3);
  if (!row.columnIsNull(4))
    person.latitudeDeg = row.columnReal(4);
  if (!row.columnIsNull(5))
    person.longitudeDeg = row.columnReal(5);
  person.lot = row.columnText(6);
  return person;
}

// Without duplicates, sorted.
std::vector<std::string> lotsOf(const std::vector<LotPeriod>& periods) {
  std::set<std::string> lots;
  for (const LotPeriod& period : periods)
    lots.insert(period.lot);
  return {lots.begin(), lots.end()};
}

Carer readCarer(const sql::Statement& row) {
  return {CarerId(row.columnId(0)), row.columnText(1), row.columnText(2)};
}

Status readParties(sql::Statement& rows, Contract& contract) {
  rows.reset();
  rows.bindId(0, contract.id.value);
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    contract.providers.push_back({ProviderId(rows.columnId(0)), rows.columnText(1)});
  }
}

Status readPeriods(sql::Statement& rows, Contract& contract) {
  rows.reset();
  rows.bindId(0, contract.id.value);
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    contract.periods.push_back({ProviderId(rows.columnId(0)), rows.columnText(1), rows.columnInt(2),
                                rows.columnText(3), rows.columnText(4)});
    if (!rows.columnIsNull(5))
      contract.periods.back().madeUnixMs = rows.columnInt(5);
  }
  contract.lots = lotsOf(contract.periods);
  return kDone;
}

Status readRules(RulesReader& reader, Contract& contract) {
  DOORSTEP_ASSIGN(auto kept, reader.ofContract(contract.id));
  // A contract is created together with its first rules.
  if (kept.empty())
    return Error{ErrorCode::DataLoss, "CONTRACT_WITHOUT_RULES",
                 "the database holds a contract without rules"};
  for (KeptRules& each : kept)
    contract.rules.push_back(std::move(each.version));
  std::stable_sort(contract.rules.begin(), contract.rules.end(),
                   [](const auto& a, const auto& b) { return a.effectiveFrom < b.effectiveFrom; });
  return kDone;
}

constexpr const char* kContracts = R"sql(
SELECT contract_id, contract.ref, council_id, council.name
FROM contract JOIN council USING (council_id) )sql";

// rows: kContracts with its condition and values, by id.
Result<std::vector<Contract>> readContracts(sql::Database& database, sql::Statement rows) {
  DOORSTEP_ASSIGN(auto parties, database.prepare(R"sql(
SELECT provider_id, provider.name FROM contract_party JOIN provider USING (provider_id)
WHERE contract_id = ? ORDER BY provider_id)sql"));
  DOORSTEP_ASSIGN(auto lots, database.prepare(R"sql(
SELECT contract_provider.provider_id, lot, from_day, role, contract_provider.reason, made_unix_ms
FROM contract_provider LEFT JOIN plan_version
  ON plan_version.provider_id = contract_provider.provider_id
  AND plan_version.plan_version = contract_provider.plan_version
WHERE contract_id = ? AND replaced_version IS NULL
ORDER BY lot, contract_provider.provider_id, from_day)sql"));
  DOORSTEP_ASSIGN(auto rules, RulesReader::open(database));
  std::vector<Contract> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    Contract contract{ContractId(rows.columnId(0)),
                      rows.columnText(1),
                      CouncilId(rows.columnId(2)),
                      rows.columnText(3),
                      {},
                      {},
                      {},
                      {}};
    DOORSTEP_TRY(readParties(parties, contract));
    DOORSTEP_TRY(readPeriods(lots, contract));
    DOORSTEP_TRY(readRules(rules, contract));
    found.push_back(std::move(contract));
  }
}

constexpr const char* kPersonColumns =
    "SELECT person_id, ref, name, access_note, latitude_deg, longitude_deg, lot FROM person ";

}  // namespace

bool covers(const Contract& contract, ProviderId provider) {
  return std::any_of(contract.providers.begin(), contract.providers.end(),
                     [&](const ContractParty& party) { return party.provider == provider; });
}

Contract shareOf(const Contract& contract, ProviderId provider) {
  Contract share = contract;
  std::erase_if(share.providers,
                [&](const ContractParty& party) { return party.provider != provider; });
  std::erase_if(share.periods,
                [&](const LotPeriod& period) { return period.provider != provider; });
  share.lots = lotsOf(share.periods);
  return share;
}

const measures::RuleVersion& rulesAt(const Contract& contract, std::int64_t windowStartUnixMs) {
  DOORSTEP_CHECK(!contract.rules.empty());
  if (contract.rules.size() == 1)
    return contract.rules.front();
  const auto later = std::upper_bound(contract.rules.begin(), contract.rules.end(),
                                      londonDayNumber(windowStartUnixMs),
                                      [](std::int64_t day, const measures::RuleVersion& version) {
                                        return day < version.effectiveFrom;
                                      });
  return later == contract.rules.begin() ? *later : *std::prev(later);
}

Result<Provider> provider(sql::Database& database, ProviderId id) {
  DOORSTEP_ASSIGN(
      auto row, database.prepare("SELECT name, plan_version FROM provider WHERE provider_id = ?"));
  row.bindId(0, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("PROVIDER_UNKNOWN");
  return Provider{id, row.columnText(0), row.columnId(1)};
}

Result<std::vector<Provider>> providers(sql::Database& database) {
  DOORSTEP_ASSIGN(
      auto rows,
      database.prepare("SELECT provider_id, name, plan_version FROM provider ORDER BY 1"));
  std::vector<Provider> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({ProviderId(rows.columnId(0)), rows.columnText(1), rows.columnId(2)});
  }
}

Result<Council> council(sql::Database& database, CouncilId id) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT name FROM council WHERE council_id = ?"));
  row.bindId(0, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("COUNCIL_UNKNOWN");
  return Council{id, row.columnText(0)};
}

Result<std::vector<Council>> councils(sql::Database& database) {
  DOORSTEP_ASSIGN(auto rows, database.prepare("SELECT council_id, name FROM council ORDER BY 1"));
  std::vector<Council> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({CouncilId(rows.columnId(0)), rows.columnText(1)});
  }
}

Result<std::vector<Contract>> contracts(sql::Database& database) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kContracts) + "ORDER BY contract_id"));
  return readContracts(database, std::move(rows));
}

Result<std::vector<Contract>> contractsOfProvider(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kContracts) +
                                              "WHERE contract_id IN (SELECT contract_id FROM "
                                              "contract_party WHERE provider_id = ?) "
                                              "ORDER BY contract_id"));
  rows.bindId(0, provider.value);
  DOORSTEP_ASSIGN(auto found, readContracts(database, std::move(rows)));
  for (Contract& contract : found)
    contract = shareOf(contract, provider);
  return found;
}

Result<std::vector<Contract>> contractsOfRef(sql::Database& database, std::string_view ref) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kContracts) +
                                              "WHERE contract.ref = ? ORDER BY contract_id"));
  rows.bindText(0, ref);
  return readContracts(database, std::move(rows));
}

Result<sql::Statement> preparePerson(sql::Database& database) {
  return database.prepare(std::string(kPersonColumns) + "WHERE provider_id = ? AND person_id = ?");
}

Result<visits::Person> readPerson(sql::Statement& row, ProviderId provider, PersonId id) {
  row.reset();
  row.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("PERSON_UNKNOWN");
  auto person = readPerson(row);
  row.reset();
  return person;
}

Result<std::optional<PersonId>> personIdByRef(sql::Database& database, ProviderId provider,
                                              std::string_view ref) {
  DOORSTEP_ASSIGN(
      auto row, database.prepare("SELECT person_id FROM person WHERE provider_id = ? AND ref = ?"));
  row.bindId(0, provider.value).bindText(1, ref);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? std::optional(PersonId(row.columnId(0))) : std::nullopt;
}

Result<visits::Person> person(sql::Database& database, ProviderId provider, PersonId id) {
  DOORSTEP_ASSIGN(auto row, preparePerson(database));
  return readPerson(row, provider, id);
}

Result<std::string> personBytes(sql::Database& database, ProviderId provider, PersonId id) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare("SELECT object FROM person WHERE provider_id = ? AND person_id = ?"));
  row.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("PERSON_UNKNOWN");
  if (!row.columnIsNull(0))
    return row.columnBlob(0);
  DOORSTEP_ASSIGN(const auto known, person(database, provider, id));
  return wire::planObject(known).bytes();
}

Result<std::vector<visits::Person>> people(sql::Database& database, ProviderId provider,
                                           PersonId after, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare(std::string(kPersonColumns) +
                                   "WHERE provider_id = ? AND person_id > ? ORDER BY 1 LIMIT ?"));
  rows.bindId(0, provider.value).bindId(1, after.value).bind(2, limit);
  std::vector<visits::Person> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(readPerson(rows));
  }
}

Result<Carer> carer(sql::Database& database, ProviderId provider, CarerId id) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare(
          "SELECT carer_id, ref, name FROM carer WHERE provider_id = ? AND carer_id = ?"));
  row.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("CARER_UNKNOWN");
  return readCarer(row);
}

Result<Carer> carerByRef(sql::Database& database, ProviderId provider, std::string_view ref) {
  if (!isUtf8(ref))
    return unknown("CARER_UNKNOWN");
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare("SELECT carer_id, ref, name FROM carer WHERE provider_id = ? AND ref = ?"));
  row.bindId(0, provider.value).bindText(1, ref);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("CARER_UNKNOWN");
  return readCarer(row);
}

Result<std::vector<Carer>> carers(sql::Database& database, ProviderId provider, CarerId after,
                                  std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT carer_id, ref, name FROM carer "
                                   "WHERE provider_id = ? AND carer_id > ? ORDER BY 1 LIMIT ?"));
  rows.bindId(0, provider.value).bindId(1, after.value).bind(2, limit);
  std::vector<Carer> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(readCarer(rows));
  }
}

Result<PublishedVisit> publishedVisit(sql::Database& database, ProviderId provider, VisitId id) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
SELECT visit FROM visit_version WHERE provider_id = ? AND visit_id = ?
ORDER BY plan_version DESC LIMIT 1)sql"));
  row.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("VISIT_UNKNOWN");
  std::string bytes = row.columnBlob(0);
  DOORSTEP_ASSIGN(auto planned, decodeStored(id, bytes));
  return PublishedVisit{std::move(planned), std::move(bytes)};
}

Result<visits::PlannedVisit> visit(sql::Database& database, ProviderId provider, VisitId id) {
  DOORSTEP_ASSIGN(auto published, publishedVisit(database, provider, id));
  return std::move(published.visit);
}

Result<std::vector<visits::PlannedVisit>> visitVersions(sql::Database& database,
                                                        ProviderId provider, VisitId id) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT visit_id, visit FROM visit_version "
                                   "WHERE provider_id = ? AND visit_id = ? ORDER BY plan_version"));
  rows.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(auto found, readVisits(rows));
  if (found.empty())
    return unknown("VISIT_UNKNOWN");
  return found;
}

Result<std::vector<visits::PlannedVisit>> visitsInWindow(sql::Database& database,
                                                         ProviderId provider,
                                                         std::int64_t fromUnixMs,
                                                         std::int64_t toUnixMs, VisitCursor after,
                                                         std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit_id, visit_version.visit
FROM visit JOIN visit_version USING (provider_id, visit_id, plan_version)
WHERE visit.provider_id = ?1 AND window_start_unix_ms >= ?2 AND window_start_unix_ms < ?3
  AND (window_start_unix_ms, visit_id) > (?4, ?5)
ORDER BY window_start_unix_ms, visit_id LIMIT ?6)sql"));
  // An index scan starts at a bound of a single column, not at a row value, so the cursor is in the
  // lower bound too.
  rows.bindId(0, provider.value).bind(1, std::max(fromUnixMs, after.startUnixMs));
  rows.bind(2, toUnixMs).bind(3, after.startUnixMs);
  rows.bindId(4, after.visit.value).bind(5, limit);
  return readVisits(rows);
}

Result<std::int64_t> visitAnchor(sql::Database& database, ProviderId provider, VisitId id) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare("SELECT anchor_unix_ms FROM visit WHERE provider_id = ? AND visit_id = ?"));
  row.bindId(0, provider.value).bindId(1, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return unknown("VISIT_UNKNOWN");
  return row.columnInt(0);
}

Result<std::vector<visits::PlannedVisit>> visitsChangedAfter(sql::Database& database,
                                                             ProviderId provider,
                                                             std::uint64_t planVersion,
                                                             VisitId after, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit_id, visit_version.visit FROM (
  SELECT * FROM (SELECT provider_id, plan_version, visit_id FROM visit
    WHERE provider_id = ?1 AND plan_version = ?2 AND visit_id > ?3
    ORDER BY visit_id LIMIT ?4) AS same
  UNION ALL
  SELECT * FROM (SELECT provider_id, plan_version, visit_id FROM visit
    WHERE provider_id = ?1 AND plan_version > ?2
    ORDER BY plan_version, visit_id LIMIT ?4) AS later) AS changed
JOIN visit_version USING (provider_id, visit_id, plan_version)
ORDER BY plan_version, visit_id LIMIT ?4)sql"));
  // Without a visit the caller already has all visits of planVersion itself.
  const std::uint64_t afterVisit = after ? after.value : INT64_MAX;
  rows.bindId(0, provider.value).bindId(1, planVersion).bindId(2, afterVisit).bind(3, limit);
  return readVisits(rows);
}

}  // namespace doorstep::roster
