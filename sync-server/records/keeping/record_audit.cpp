// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_audit.h"

#include <algorithm>
#include <set>

#include "sync-server/projections/touched_visits.h"
#include "sync-server/records/keeping/record_keeper.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

using VisitKey = std::pair<ProviderId, VisitId>;

Result<std::vector<VisitKey>> allKept(sql::Database& database) {
  std::vector<VisitKey> all;
  while (true) {
    const VisitKey last = all.empty() ? VisitKey() : all.back();
    DOORSTEP_ASSIGN(const auto page,
                    keptVisits(database, last.first, last.second, kAuditPageVisits));
    all.insert(all.end(), page.begin(), page.end());
    if (page.size() < kAuditPageVisits)
      return all;
  }
}

}  // namespace

Result<RecordAudit> auditRecords(sql::Database& database, std::int64_t nowUnixMs) {
  RecordAudit audit;
  DOORSTEP_ASSIGN(const bool hasTables, database.hasTable("visit_record"));
  if (!hasTables)
    return audit;
  // Plan and records of one moment.
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(database, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(const auto all, allKept(database));
  audit.kept = all.size();
  DOORSTEP_ASSIGN(const bool planWaits, isPlanBehind(database));
  if (planWaits)
    return audit;
  DOORSTEP_ASSIGN(const auto touched, projections::touchedVisits(database, kAuditPageVisits));
  std::set<VisitKey> waiting;
  for (const projections::TouchedVisit& each : touched)
    waiting.emplace(each.provider, each.visit);
  DOORSTEP_ASSIGN(auto store, RecordStore::open(database));
  DOORSTEP_ASSIGN(auto keeper, RecordKeeper::open(database, nowUnixMs));
  const std::size_t step = std::max<std::size_t>(1, all.size() / kAuditedVisits);
  for (std::size_t at = 0; at < all.size(); at += step) {
    const VisitKey& key = all[at];
    DOORSTEP_ASSIGN(const auto row, store.visit(key.first, key.second));
    const bool isDue = row && row->dueUnixMs && *row->dueUnixMs <= nowUnixMs;
    if (!row || isDue || waiting.count(key) != 0)
      continue;
    ++audit.looked;
    DOORSTEP_ASSIGN(const bool agrees, keeper.agrees(*row));
    if (!agrees)
      audit.wrong.push_back(key);
  }
  return audit;
}

}  // namespace doorstep::records
