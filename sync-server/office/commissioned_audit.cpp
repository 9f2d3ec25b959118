// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/commissioned_audit.h"

#include <fmt/format.h>

#include <set>

#include "sync-server/commissioning/row_evidence.h"
#include "sync-server/commissioning/row_store.h"

namespace doorstep::office {
namespace {

const char* nameOf(visits::CommissionedKind kind) {
  switch (kind) {
    case visits::CommissionedKind::Package:
      return "packages";
    case visits::CommissionedKind::Rate:
      return "rates";
    case visits::CommissionedKind::Lot:
      return "lots";
    case visits::CommissionedKind::Pause:
      return "pauses of packages";
    case visits::CommissionedKind::Rating:
      return "ratings";
    case visits::CommissionedKind::Commissioner:
      break;
  }
  return "commissioners";
}

}  // namespace

Result<CommissionedAudit> CommissionedAudit::begin(sql::Database& database, ProviderId provider) {
  CommissionedAudit audit;
  audit.provider_ = provider;
  DOORSTEP_ASSIGN(audit.newest_, commissioning::commissioningVersion(database, provider));
  return audit;
}

void CommissionedAudit::see(std::uint64_t position, const std::string& salt,
                            const visits::OfficeFact& fact, const visits::CommissionedRows& rows) {
  const std::uint64_t before = said_.empty() ? 0 : said_.rbegin()->first.first;
  const std::uint64_t version = rows.commissioningVersion;
  const bool isNew = said_.emplace(Key{version, rows.kind}, Said{salt, fact, rows}).second;
  if (!isNew || version < before)
    texts_.push_back(
        fmt::format("position {}: commissioning version {} was put in later", position, version));
  else if (version > before + 1)
    texts_.push_back(fmt::format(
        "position {}: between commissioning versions {} and {} some were left out of the log",
        position, before, version));
}

void CommissionedAudit::compareVersion(std::uint64_t version, std::int64_t madeUnixMs,
                                       AccountId account, const std::string& why) {
  const auto said = said_.lower_bound({version, visits::CommissionedKind()});
  if (said == said_.end() || said->first.first != version) {
    if (version <= newest_)
      texts_.push_back(
          fmt::format("commissioning version {}: no decision of the log made it", version));
    return;
  }
  const visits::OfficeFact& fact = said->second.fact;
  const char* what = madeUnixMs != fact.decidedUnixMs ? "when it was made"
                     : account != fact.account        ? "who made it"
                     : why != fact.reasonText         ? "why it was made"
                                                      : nullptr;
  if (what != nullptr)
    texts_.push_back(fmt::format(
        "commissioning version {}: {} in the database is not what the log says", version, what));
}

Status CommissionedAudit::checkVersions(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto versions, commissioning::commissioningVersions(database, provider_));
  std::set<std::uint64_t> missing;
  for (const auto& [key, said] : said_)
    missing.insert(key.first);
  for (const auto& row : versions) {
    missing.erase(row.version);
    compareVersion(row.version, row.madeUnixMs, row.account, row.why);
  }
  for (const std::uint64_t version : missing)
    texts_.push_back(
        fmt::format("commissioning version {}: it is in the log and not in the database", version));
  return kDone;
}

Status CommissionedAudit::checkRows(sql::Database& database) {
  std::vector<commissioning::CommissionedRow> rows;
  DOORSTEP_TRY(commissioning::forEachRow(database, provider_,
                                         [&](commissioning::CommissionedRow row) -> Status {
                                           rows.push_back(std::move(row));
                                           return kDone;
                                         }));
  commissioning::sortForRoot(rows);
  std::map<Key, commissioning::RowsRoot> roots;
  for (const auto& [key, said] : said_)
    roots.try_emplace(key, said.salt, key.first);
  DOORSTEP_ASSIGN(const std::uint64_t newest,
                  commissioning::commissioningVersion(database, provider_));
  std::set<Key> unsaid;
  for (const commissioning::CommissionedRow& row : rows) {
    std::set<std::uint64_t> versions{row.version};
    if (row.replacedVersion)
      versions.insert(*row.replacedVersion);
    for (const std::uint64_t version : versions) {
      const auto root = roots.find({version, row.key.kind});
      // Made during the audit, after the log was read.
      const bool isYounger = version > newest_ && version <= newest;
      if (root != roots.end())
        root->second.add(row);
      else if (!isYounger)
        unsaid.insert({version, row.key.kind});
    }
  }
  for (const auto& [key, root] : roots) {
    const visits::CommissionedRows& said = said_.at(key).rows;
    if (root.root() != said.root || root.written() != said.rows)
      texts_.push_back(
          fmt::format("commissioning version {}: {} in the database are not those that were set",
                      key.first, nameOf(key.second)));
  }
  for (const Key& key : unsaid)
    texts_.push_back(
        fmt::format("commissioning version {}: there are {} of it, and the log does not say so",
                    key.first, nameOf(key.second)));
  return kDone;
}

Result<std::vector<std::string>> CommissionedAudit::findings(sql::Database& database) {
  DOORSTEP_TRY(checkVersions(database));
  DOORSTEP_TRY(checkRows(database));
  return std::move(texts_);
}

}  // namespace doorstep::office
