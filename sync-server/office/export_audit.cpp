// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/export_audit.h"

#include <fmt/format.h>

#include "sync-server/exports/export_store.h"

namespace doorstep::office {
namespace {

std::string nameOf(std::uint64_t id) { return fmt::format("export {:016x}", id); }

}  // namespace

Status ExportAudit::begin(sql::Database& database, ProviderId provider) {
  return exports::forEachExportOf(database, provider, [&](const exports::Export& row) -> Status {
    rows_.insert(row.said.id);
    return kDone;
  });
}

void ExportAudit::take(const visits::OfficeFact& fact, const AddFinding& addFinding) {
  const auto* made = std::get_if<visits::ExportMade>(&fact.decision);
  if (made != nullptr && !said_.emplace(made->id, fact).second)
    addFinding(nameOf(made->id) + ": the log says it twice");
}

Status ExportAudit::check(sql::Database& database, ProviderId provider,
                          const AddFinding& addFinding) const {
  std::set<std::uint64_t> missing;
  for (const auto& [id, fact] : said_)
    missing.insert(id);
  const auto compare = [&](const exports::Export& row) -> Status {
    missing.erase(row.said.id);
    const auto said = said_.find(row.said.id);
    if (said == said_.end()) {
      if (rows_.contains(row.said.id))
        addFinding(nameOf(row.said.id) + ": no decision of the log says that it was made");
      return kDone;
    }
    const visits::OfficeFact& fact = said->second;
    if (visits::OfficeDecision(row.said) != fact.decision)
      addFinding(nameOf(row.said.id) +
                 ": what the database says was exported is not what the log says");
    if (row.account != fact.account || row.madeUnixMs != fact.decidedUnixMs)
      addFinding(nameOf(row.said.id) + ": who made it, or when, is not what the log says");
    return kDone;
  };
  DOORSTEP_TRY(exports::forEachExportOf(database, provider, compare));
  for (const std::uint64_t id : missing)
    addFinding(nameOf(id) + ": what the log says was exported is not in the database");
  return kDone;
}

}  // namespace doorstep::office
