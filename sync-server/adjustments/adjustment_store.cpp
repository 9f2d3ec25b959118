// SPDX-License-Identifier: Apache-2.0
#include "sync-server/adjustments/adjustment_store.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "shared/evidence/plan_root.h"

namespace doorstep::adjustments {
namespace {

constexpr const char* kOfVisit = R"sql(
SELECT visit_id, slot, revision, kind, start_unix_ms, end_unix_ms, reason, action, responsibility,
  note, account_id, by_role, made_unix_ms, provider_id
FROM slot_adjustment WHERE provider_id = ? AND visit_id = ? ORDER BY slot, revision)sql";
constexpr const char* kOfProvider = R"sql(
SELECT visit_id, slot, revision, kind, start_unix_ms, end_unix_ms, reason, action, responsibility,
  note, account_id, by_role, made_unix_ms, provider_id
FROM slot_adjustment WHERE provider_id = ? ORDER BY visit_id, slot, revision)sql";
// Ids are signed numbers in the database: its own order, from the last one down.
constexpr const char* kNewest = R"sql(
SELECT visit_id, slot, revision, kind, start_unix_ms, end_unix_ms, reason, action, responsibility,
  note, account_id, by_role, made_unix_ms, provider_id
FROM slot_adjustment
WHERE (made_unix_ms, provider_id, visit_id, slot, revision) < (?, ?, ?, ?, ?)
ORDER BY made_unix_ms DESC, provider_id DESC, visit_id DESC, slot DESC, revision DESC
LIMIT ?)sql";

Adjustment read(const sql::Statement& row) {
  Adjustment found{.provider = ProviderId(row.columnId(13)),
                   .visit = VisitId(row.columnId(0)),
                   .slot = static_cast<std::uint32_t>(row.columnInt(1)),
                   .revision = static_cast<std::uint32_t>(row.columnInt(2)),
                   .kind = static_cast<AdjustmentKind>(row.columnInt(3)),
                   .reason = row.columnText(6),
                   .action = row.columnText(7),
                   .responsibility = row.columnText(8),
                   .note = row.columnText(9),
                   .account = AccountId(row.columnId(10)),
                   .byRole = row.columnText(11),
                   .madeUnixMs = row.columnInt(12)};
  if (!row.columnIsNull(4))
    found.startUnixMs = row.columnInt(4);
  if (!row.columnIsNull(5))
    found.endUnixMs = row.columnInt(5);
  return found;
}

void put(SlotAdjustments& slot, Adjustment row) {
  slot.newestRevision = row.revision;
  switch (row.kind) {
    case AdjustmentKind::TimesApproved:
      slot.times = std::move(row);
      break;
    case AdjustmentKind::TimesWithdrawn:
      slot.times.reset();
      break;
    case AdjustmentKind::Explained:
      if (row.reason.empty())
        slot.explanation.reset();
      else
        slot.explanation = std::move(row);
      break;
  }
}

}  // namespace

Result<AdjustmentReader> AdjustmentReader::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto select, database.prepare(kOfVisit));
  return AdjustmentReader(std::move(select));
}

Result<std::map<std::uint32_t, SlotAdjustments>> AdjustmentReader::ofVisit(ProviderId provider,
                                                                           VisitId visit) {
  select_.reset();
  select_.bindId(0, provider.value).bindId(1, visit.value);
  std::map<std::uint32_t, SlotAdjustments> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, select_.step());
    if (!row)
      break;
    Adjustment adjustment = read(select_);
    SlotAdjustments& slot = found[adjustment.slot];
    put(slot, std::move(adjustment));
  }
  select_.reset();
  return found;
}

Status forEachAdjustment(sql::Database& database, ProviderId provider,
                         const std::function<Status(const Adjustment&)>& each) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(kOfProvider));
  rows.bindId(0, provider.value);
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    DOORSTEP_TRY(each(read(rows)));
  }
}

Result<std::vector<Adjustment>> adjustmentsOfVisit(sql::Database& database, ProviderId provider,
                                                   VisitId visit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(kOfVisit));
  rows.bindId(0, provider.value).bindId(1, visit.value);
  std::vector<Adjustment> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    found.push_back(read(rows));
  }
  std::sort(found.begin(), found.end(), [](const Adjustment& a, const Adjustment& b) {
    return std::tie(a.madeUnixMs, a.slot, a.revision) > std::tie(b.madeUnixMs, b.slot, b.revision);
  });
  return found;
}

AdjustmentPlace placeOf(const Adjustment& adjustment) {
  return {adjustment.madeUnixMs, adjustment.provider, adjustment.visit, adjustment.slot,
          adjustment.revision};
}

Result<std::vector<Adjustment>> newestAdjustments(sql::Database& database,
                                                  const AdjustmentPlace& below,
                                                  std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(kNewest));
  rows.bind(0, below.madeUnixMs).bindId(1, below.provider.value).bindId(2, below.visit.value);
  rows.bind(3, below.slot).bind(4, below.revision).bind(5, limit);
  std::vector<Adjustment> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(read(rows));
  }
}

visits::OfficeDecision factOf(const Adjustment& adjustment, std::string_view entrySalt) {
  visits::OfficeDecision decision = factWithoutNote(adjustment);
  if (adjustment.note.empty())
    return decision;
  const Hash hash = evidence::adjustmentNoteHash(entrySalt, adjustment.visit, adjustment.slot,
                                                 adjustment.revision, adjustment.note);
  if (auto* times = std::get_if<visits::TimeAdjusted>(&decision))
    times->noteHash = hash;
  if (auto* explained = std::get_if<visits::SlotExplained>(&decision))
    explained->noteHash = hash;
  return decision;
}

visits::OfficeDecision factWithoutNote(const Adjustment& adjustment) {
  if (adjustment.kind == AdjustmentKind::Explained)
    return visits::SlotExplained{adjustment.visit,  adjustment.slot,           adjustment.revision,
                                 adjustment.reason, adjustment.responsibility, adjustment.byRole};
  return visits::TimeAdjusted{adjustment.visit,       adjustment.slot,      adjustment.revision,
                              adjustment.startUnixMs, adjustment.endUnixMs, adjustment.reason,
                              adjustment.action,      adjustment.byRole};
}

Status addAdjustment(sql::Database& database, const Adjustment& adjustment) {
  DOORSTEP_ASSIGN(auto add, database.prepare(R"sql(
INSERT INTO slot_adjustment (provider_id, visit_id, slot, revision, kind, start_unix_ms,
  end_unix_ms, reason, action, responsibility, note, account_id, by_role, made_unix_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
  add.bindId(0, adjustment.provider.value).bindId(1, adjustment.visit.value);
  add.bind(2, adjustment.slot).bind(3, adjustment.revision);
  add.bind(4, static_cast<std::int64_t>(adjustment.kind));
  if (adjustment.startUnixMs)
    add.bind(5, *adjustment.startUnixMs);
  else
    add.bindNull(5);
  if (adjustment.endUnixMs)
    add.bind(6, *adjustment.endUnixMs);
  else
    add.bindNull(6);
  add.bindText(7, adjustment.reason).bindText(8, adjustment.action);
  add.bindText(9, adjustment.responsibility).bindText(10, adjustment.note);
  add.bindId(11, adjustment.account.value).bindText(12, adjustment.byRole);
  return add.bind(13, adjustment.madeUnixMs).run();
}

}  // namespace doorstep::adjustments
