// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/terms_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace doorstep::roster {
namespace {

constexpr const char* kPersonRows = R"sql(
SELECT person_id, lot, from_day, plan_version, replaced_version, reason, tier, funder_split
FROM person_terms WHERE provider_id = ?1 {}
ORDER BY person_id, from_day, plan_version)sql";
constexpr const char* kLotRows = R"sql(
SELECT contract_id, lot, from_day, plan_version, replaced_version, reason, role
FROM contract_provider WHERE provider_id = ?1 {})sql";
constexpr const char* kOfPerson = "AND person_id = ?2 AND replaced_version IS NULL";
constexpr const char* kOfLot = "AND lot = ?2 AND replaced_version IS NULL";
constexpr const char* kOfOneVersion = "AND (plan_version = ?2 OR replaced_version = ?2)";

Result<sql::Statement> prepareRows(sql::Database& database, TermsKind kind, const char* which) {
  const std::string text =
      fmt::format(fmt::runtime(kind == TermsKind::Persons ? kPersonRows : kLotRows), which);
  return database.prepare(text);
}

// Sorts lots by bytes: an engine's own order of texts depends on its collation.
bool isBefore(const evidence::TermsLeaf& a, const evidence::TermsLeaf& b) {
  return std::tie(a.lot, a.fromDay, a.madeVersion) < std::tie(b.lot, b.fromDay, b.madeVersion);
}

Result<std::optional<evidence::TermsLeaf>> nextRow(sql::Statement& rows, TermsKind kind) {
  DOORSTEP_ASSIGN(const bool row, rows.step());
  if (!row)
    return std::optional<evidence::TermsLeaf>();
  evidence::TermsLeaf leaf;
  leaf.lot = rows.columnText(1);
  leaf.fromDay = rows.columnInt(2);
  leaf.madeVersion = rows.columnId(3);
  leaf.replacedVersion = rows.columnIsNull(4) ? 0 : rows.columnId(4);
  leaf.reason = rows.columnText(5);
  if (kind == TermsKind::Persons) {
    leaf.person = rows.columnId(0);
    leaf.tier = rows.columnText(6);
    leaf.funderSplit = rows.columnText(7);
  } else {
    leaf.contract = rows.columnId(0);
    leaf.role = rows.columnText(6);
  }
  return std::optional(std::move(leaf));
}

Status readRows(sql::Statement& rows, TermsKind kind,
                const std::function<Status(const evidence::TermsLeaf&)>& each) {
  std::vector<evidence::TermsLeaf> lots;  // some dozens
  while (true) {
    DOORSTEP_ASSIGN(const auto row, nextRow(rows, kind));
    if (!row)
      break;
    if (kind == TermsKind::Persons) {
      DOORSTEP_TRY(each(*row));
    } else {
      lots.push_back(*row);
    }
  }
  std::sort(lots.begin(), lots.end(), isBefore);
  for (const evidence::TermsLeaf& lot : lots)
    DOORSTEP_TRY(each(lot));
  return kDone;
}

}  // namespace

Status forEachTermsRow(sql::Database& database, ProviderId provider, TermsKind kind,
                       const std::function<Status(const evidence::TermsLeaf&)>& each) {
  DOORSTEP_ASSIGN(auto rows, prepareRows(database, kind, ""));
  rows.bindId(0, provider.value);
  return readRows(rows, kind, each);
}

Status forEachTermsRowOf(sql::Database& database, ProviderId provider, TermsKind kind,
                         std::uint64_t planVersion,
                         const std::function<Status(const evidence::TermsLeaf&)>& each) {
  DOORSTEP_ASSIGN(auto rows, prepareRows(database, kind, kOfOneVersion));
  rows.bindId(0, provider.value).bindId(1, planVersion);
  return readRows(rows, kind, each);
}

std::vector<evidence::TermsLeaf> leavesOf(std::uint64_t planVersion, evidence::TermsLeaf row) {
  std::vector<evidence::TermsLeaf> leaves;
  const std::uint64_t replaced = std::exchange(row.replacedVersion, 0);
  if (row.madeVersion == planVersion)
    leaves.push_back(row);
  row.replacedVersion = replaced;
  if (replaced == planVersion)
    leaves.push_back(std::move(row));
  return leaves;
}

std::optional<evidence::TermsLeaf> leafBefore(std::uint64_t planVersion, evidence::TermsLeaf row) {
  if (row.madeVersion > planVersion)
    return std::nullopt;
  if (row.replacedVersion > planVersion)
    row.replacedVersion = 0;
  return row;
}

Result<std::optional<evidence::TermsLeaf>> termsRowOn(sql::Database& database, ProviderId provider,
                                                      PersonId person, const std::string& lot,
                                                      std::int64_t day) {
  const TermsKind kind = person ? TermsKind::Persons : TermsKind::Lots;
  DOORSTEP_ASSIGN(auto rows, prepareRows(database, kind, person ? kOfPerson : kOfLot));
  rows.bindId(0, provider.value);
  if (person)
    rows.bindId(1, person.value);
  else
    rows.bindText(1, lot);
  std::optional<evidence::TermsLeaf> found;
  DOORSTEP_TRY(readRows(rows, kind, [&](const evidence::TermsLeaf& row) -> Status {
    if (!found || row.fromDay <= day)
      found = row;
    return kDone;
  }));
  return found;
}

void TermsRoot::addOf(std::uint64_t planVersion, evidence::TermsLeaf row) {
  for (const evidence::TermsLeaf& leaf : leavesOf(planVersion, std::move(row)))
    add(leaf);
}

void TermsRoot::addBefore(std::uint64_t planVersion, evidence::TermsLeaf row) {
  if (const auto leaf = leafBefore(planVersion, std::move(row)))
    add(*leaf);
}

std::optional<Hash> TermsRoot::root() const {
  return root_.visits() == 0 ? std::nullopt : std::optional(root_.root());
}

Result<std::optional<Hash>> termsRootOf(sql::Database& database, ProviderId provider,
                                        TermsKind kind, std::uint64_t planVersion,
                                        std::string_view entrySalt) {
  TermsRoot root(entrySalt);
  DOORSTEP_TRY(
      forEachTermsRowOf(database, provider, kind, planVersion, [&](const auto& row) -> Status {
        root.addOf(planVersion, row);
        return kDone;
      }));
  return root.root();
}

Result<std::optional<Hash>> termsRootBefore(sql::Database& database, ProviderId provider,
                                            TermsKind kind, std::uint64_t planVersion,
                                            std::string_view entrySalt) {
  TermsRoot root(entrySalt);
  DOORSTEP_TRY(forEachTermsRow(database, provider, kind, [&](const auto& row) -> Status {
    root.addBefore(planVersion, row);
    return kDone;
  }));
  return root.root();
}

}  // namespace doorstep::roster
