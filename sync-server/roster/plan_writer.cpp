// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/local_time.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/coming_version.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/scope_days.h"
#include "sync-server/roster/terms_evidence.h"
#include "sync-server/roster/visit_lock.h"

namespace doorstep::roster {
namespace {

std::vector<CarerId> carersOf(const visits::PlannedVisit& visit) {
  std::vector<CarerId> found;
  for (const auto& slot : visit.slots)
    if (slot.carer)
      found.push_back(slot.carer);
  return found;
}

bool contains(const std::vector<CarerId>& carers, CarerId carer) {
  return std::find(carers.begin(), carers.end(), carer) != carers.end();
}

void bindOptional(sql::Statement& statement, int index, const std::optional<double>& value) {
  if (value)
    statement.bindReal(index, *value);
  else
    statement.bindNull(index);
}

}  // namespace

PlanWriter::PlanWriter(sql::Database& database, ProviderId provider, event_log::OfficeAct& office,
                       Statements statements)
    : database_(database),
      provider_(provider),
      office_(office),
      entry_(office.openEntry(provider)),
      hashes_(office.saltOf(entry_)),
      statements_(std::move(statements)) {}

Result<PlanWriter> PlanWriter::begin(sql::Database& database, ProviderId provider,
                                     event_log::OfficeAct& office, PlanReason reason,
                                     std::vector<PlanFile> files) {
  DOORSTEP_ASSIGN(
      auto head,
      database.prepare("SELECT plan_version, newest_change FROM provider WHERE provider_id = ?"));
  head.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, head.step());
  if (!found)
    return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN",
                 "a plan is written for a provider that exists"};
  DOORSTEP_TRY(beginComingVersion(database, provider, office));

  DOORSTEP_ASSIGN(auto carer, database.prepare(R"sql(
INSERT INTO carer (provider_id, carer_id, ref, name) VALUES (?, ?, ?, ?)
ON CONFLICT (provider_id, carer_id) DO UPDATE SET name = excluded.name)sql"));
  DOORSTEP_ASSIGN(auto person, database.prepare(R"sql(
INSERT INTO person (provider_id, person_id, ref, name, access_note, latitude_deg, longitude_deg,
  lot, object)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (provider_id, person_id) DO UPDATE SET name = excluded.name,
  access_note = excluded.access_note, latitude_deg = excluded.latitude_deg,
  longitude_deg = excluded.longitude_deg, lot = excluded.lot,
  object = excluded.object)sql"));
  DOORSTEP_ASSIGN(auto personCarers, database.prepare(R"sql(
SELECT DISTINCT carer_id FROM visit_carer
WHERE provider_id = ? AND person_id = ? AND window_start_unix_ms >= ? ORDER BY carer_id)sql"));
  DOORSTEP_ASSIGN(auto version,
                  database.prepare("INSERT INTO visit_version (provider_id, visit_id, "
                                   "plan_version, visit, wanted_by) VALUES (?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(auto lock, database.prepare(fmt::format(R"sql(
SELECT plan_version, anchor_unix_ms, {} FROM visit WHERE provider_id = ? AND visit_id = ?)sql",
                                                          kLockColumns)));
  DOORSTEP_ASSIGN(auto visit, database.prepare(fmt::format(R"sql(
INSERT INTO visit (provider_id, visit_id, ref, plan_version, window_start_unix_ms, anchor_unix_ms,
  {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (provider_id, visit_id) DO UPDATE SET plan_version = excluded.plan_version,
  window_start_unix_ms = excluded.window_start_unix_ms, anchor_unix_ms = excluded.anchor_unix_ms,
  judging_version = excluded.judging_version, standing_version = excluded.standing_version,
  lock_unix_ms = excluded.lock_unix_ms, latest_start_unix_ms = excluded.latest_start_unix_ms,
  first_made_unix_ms = excluded.first_made_unix_ms,
  last_made_unix_ms = excluded.last_made_unix_ms, changes_after = excluded.changes_after,
  changes_office = excluded.changes_office, changes_person = excluded.changes_person,
  changes_council = excluded.changes_council, standing_called = excluded.standing_called,
  newest_called = excluded.newest_called)sql",
                                                           kLockColumns)));
  DOORSTEP_ASSIGN(auto removeCarer, database.prepare(R"sql(
DELETE FROM visit_carer
WHERE provider_id = ? AND carer_id = ? AND window_start_unix_ms = ? AND visit_id = ?)sql"));
  DOORSTEP_ASSIGN(auto addCarer, database.prepare(R"sql(
INSERT INTO visit_carer (provider_id, carer_id, window_start_unix_ms, visit_id, person_id)
VALUES (?, ?, ?, ?, ?))sql"));
  DOORSTEP_ASSIGN(auto change, database.prepare(R"sql(
INSERT INTO plan_change (provider_id, carer_id, change, kind, object_id, had, plan_version)
VALUES (?, ?, ?, ?, ?, ?, ?))sql"));

  PlanWriter writer(database, provider, office,
                    {std::move(carer), std::move(person), std::move(personCarers),
                     std::move(version), std::move(lock), std::move(visit), std::move(removeCarer),
                     std::move(addCarer), std::move(change)});
  writer.planVersion_ = head.columnId(0) + 1;
  writer.changeBefore_ = writer.newestChange_ = head.columnId(1);
  writer.act_ = {office.decidedUnixMs(), office.by().account, reason, std::move(files)};
  writer.scopeBeginUnixMs_ =
      londonDayBeginUnixMs(londonDayNumber(writer.act_.madeUnixMs) - kScopeDaysBack);
  return writer;
}

Status PlanWriter::addChange(CarerId carer, Kind kind, std::uint64_t object, bool had) {
  ++newestChange_;
  ++changesOf_[carer];
  statements_.change.bindId(0, provider_.value).bindId(1, carer.value).bindId(2, newestChange_);
  statements_.change.bind(3, static_cast<int>(kind)).bindId(4, object).bind(5, had);
  return statements_.change.bindId(6, planVersion_).run();
}

Status PlanWriter::putCarer(const Carer& carer) {
  statements_.carer.bindId(0, provider_.value).bindId(1, carer.id.value);
  return statements_.carer.bindText(2, carer.ref).bindText(3, carer.name).run();
}

Status PlanWriter::putPerson(const visits::Person& person, bool isNew) {
  auto& row = statements_.person;
  row.bindId(0, provider_.value).bindId(1, person.id.value).bindText(2, person.ref);
  row.bindText(3, person.name).bindText(4, person.accessNote);
  bindOptional(row, 5, person.latitudeDeg);
  bindOptional(row, 6, person.longitudeDeg);
  const std::string bytes = wire::planObject(person).bytes();
  DOORSTEP_TRY(row.bindText(7, person.lot).bindBlob(8, bytes).run());
  if (isNew)
    return kDone;

  std::vector<CarerId> concerned;
  auto& carers = statements_.personCarers;
  carers.bindId(0, provider_.value).bindId(1, person.id.value).bind(2, scopeBeginUnixMs_);
  while (true) {
    DOORSTEP_ASSIGN(const bool found, carers.step());
    if (!found)
      break;
    concerned.push_back(CarerId(carers.columnId(0)));
  }
  carers.reset();
  for (const CarerId carer : concerned)
    DOORSTEP_TRY(addChange(carer, Kind::Person, person.id.value, true));
  return kDone;
}

Result<visits::LockState> PlanWriter::lockWith(const visits::PlannedVisit* before,
                                               const visits::PlannedVisit& after,
                                               visits::WantedBy wantedBy) {
  const auto next = publishedPlan(after, wantedBy, act_.madeUnixMs);
  if (!before)
    return visits::lockOfFirst(planVersion_, next);
  auto& row = statements_.lock;
  row.bindId(0, provider_.value).bindId(1, after.id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  const auto state = found ? readLock(row, 2, row.columnId(0), row.columnInt(1)) : std::nullopt;
  row.reset();
  if (!state)
    return Error{ErrorCode::DataLoss, "PLAN_DAMAGED", "a stored visit version cannot be read"};
  // Who wanted the replaced version and when it was published are not read.
  const auto newest = publishedPlan(*before, visits::WantedBy::Office, std::nullopt);
  return visits::lockWithNext(*state, newest, planVersion_, next);
}

Status PlanWriter::putVisit(const visits::PlannedVisit* before, visits::PlannedVisit after,
                            visits::WantedBy wantedBy) {
  after.planVersion = planVersion_;
  DOORSTEP_ASSIGN(const visits::LockState lock, lockWith(before, after, wantedBy));
  const bool cancels = before && before->state != visits::VisitState::Cancelled &&
                       after.state == visits::VisitState::Cancelled;
  ++(!before ? counts_.visitsNew : cancels ? counts_.visitsCancelled : counts_.visitsChanged);
  const std::string bytes = wire::planObject(after).bytes();
  statements_.version.bindId(0, provider_.value).bindId(1, after.id.value).bindId(2, planVersion_);
  statements_.version.bindBlob(3, bytes).bind(4, static_cast<int>(wantedBy));
  DOORSTEP_TRY(statements_.version.run());
  written_.emplace_back(after.id, hashes_.hashOf(after.id, planVersion_,
                                                 static_cast<std::uint64_t>(wantedBy), bytes));
  statements_.visit.bindId(0, provider_.value).bindId(1, after.id.value).bindText(2, after.ref);
  statements_.visit.bindId(3, planVersion_).bind(4, after.windowStartUnixMs);
  statements_.visit.bind(5, lock.windowStartUnixMs);
  bindLock(statements_.visit, 6, lock);
  DOORSTEP_TRY(statements_.visit.run());

  const std::vector<CarerId> had = before ? carersOf(*before) : std::vector<CarerId>{};
  const std::vector<CarerId> has = carersOf(after);
  for (const CarerId carer : had) {
    statements_.removeCarer.bindId(0, provider_.value).bindId(1, carer.value);
    statements_.removeCarer.bind(2, before->windowStartUnixMs).bindId(3, after.id.value);
    DOORSTEP_TRY(statements_.removeCarer.run());
  }
  for (const CarerId carer : has) {
    statements_.addCarer.bindId(0, provider_.value).bindId(1, carer.value);
    statements_.addCarer.bind(2, after.windowStartUnixMs).bindId(3, after.id.value);
    DOORSTEP_TRY(statements_.addCarer.bindId(4, after.person.value).run());
    DOORSTEP_TRY(addChange(carer, Kind::Visit, after.id.value, contains(had, carer)));
  }
  for (const CarerId carer : had) {
    if (!contains(has, carer))
      DOORSTEP_TRY(addChange(carer, Kind::Visit, after.id.value, true));
    if (before->person != after.person)
      DOORSTEP_TRY(addChange(carer, Kind::Person, before->person.value, true));
  }
  return kDone;
}

Status PlanWriter::dropOldChanges() {
  // Up to which change to delete: all beyond the limit, but at most one batch of the oldest.
  DOORSTEP_ASSIGN(auto last, database_.prepare(R"sql(
SELECT CASE WHEN oldest < newest THEN oldest ELSE newest END FROM (SELECT
  (SELECT change FROM plan_change WHERE provider_id = ?1 AND carer_id = ?2
    ORDER BY change DESC LIMIT 1 OFFSET ?3) AS newest,
  (SELECT change FROM plan_change WHERE provider_id = ?1 AND carer_id = ?2
    ORDER BY change LIMIT 1 OFFSET ?4) AS oldest) AS bounds)sql"));
  DOORSTEP_ASSIGN(
      auto drop,
      database_.prepare(
          "DELETE FROM plan_change WHERE provider_id = ? AND carer_id = ? AND change <= ?"));
  DOORSTEP_ASSIGN(
      auto note, database_.prepare(
                     "UPDATE carer SET dropped_change = ? WHERE provider_id = ? AND carer_id = ?"));
  for (const auto& [carer, written] : changesOf_) {
    last.bindId(0, provider_.value).bindId(1, carer.value);
    last.bind(2, static_cast<std::int64_t>(kChangesPerCarerMax)).bind(3, 2 * written - 1);
    DOORSTEP_TRY(last.step());
    const bool tooMany = !last.columnIsNull(0);
    const std::uint64_t upTo = tooMany ? last.columnId(0) : 0;
    last.reset();
    if (!tooMany)
      continue;
    DOORSTEP_TRY(drop.bindId(0, provider_.value).bindId(1, carer.value).bindId(2, upTo).run());
    DOORSTEP_TRY(note.bindId(0, upTo).bindId(1, provider_.value).bindId(2, carer.value).run());
  }
  return kDone;
}

ConcernedCarers PlanWriter::concerned() const {
  if (changesOf_.size() > kConcernedCarersMax)
    return std::nullopt;
  std::vector<CarerId> carers;
  for (const auto& [carer, written] : changesOf_)
    carers.push_back(carer);
  return carers;
}

Status PlanWriter::sayPublished() {
  std::sort(written_.begin(), written_.end());
  evidence::VisitsRoot root;
  for (const auto& [visit, hash] : written_)
    root.add(hash);
  visits::PlanPublished fact{.planVersion = planVersion_,
                             .visitsNew = static_cast<std::uint32_t>(counts_.visitsNew),
                             .visitsChanged = static_cast<std::uint32_t>(counts_.visitsChanged),
                             .visitsCancelled = static_cast<std::uint32_t>(counts_.visitsCancelled),
                             .visitsRoot = root.root()};
  for (const PlanFile& file : act_.files)
    fact.files.push_back({file.name, file.bytes, file.sha256Hex});
  const std::string& salt = office_.saltOf(entry_);
  DOORSTEP_ASSIGN(fact.termsRoot,
                  termsRootOf(database_, provider_, TermsKind::Persons, planVersion_, salt));
  DOORSTEP_ASSIGN(fact.lotsRoot,
                  termsRootOf(database_, provider_, TermsKind::Lots, planVersion_, salt));
  office_.say(entry_, static_cast<visits::OfficeReason>(act_.reason), std::move(fact));
  return kDone;
}

Result<PlanCommit> PlanWriter::finish() {
  DOORSTEP_TRY(dropOldChanges());
  DOORSTEP_TRY(addPlanVersion(database_, provider_, planVersion_, act_, counts_));
  DOORSTEP_TRY(sayPublished());
  DOORSTEP_ASSIGN(
      auto head,
      database_.prepare(
          "UPDATE provider SET plan_version = ?, newest_change = ? WHERE provider_id = ?"));
  DOORSTEP_TRY(
      head.bindId(0, planVersion_).bindId(1, newestChange_).bindId(2, provider_.value).run());
  return PlanCommit{planVersion_, changeBefore_, newestChange_, concerned()};
}

Result<PlanCommit> reassignVisit(sql::Database& database, ProviderId provider, VisitId visitId,
                                 std::uint32_t slot, CarerId carerId,
                                 event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(auto writer,
                  PlanWriter::begin(database, provider, office, PlanReason::Reassignment));
  DOORSTEP_ASSIGN(const auto before, visit(database, provider, visitId));
  if (before.state == visits::VisitState::Cancelled)
    return Error{ErrorCode::FailedPrecondition, "VISIT_CANCELLED",
                 "a cancelled visit needs no carer"};
  auto after = before;
  const auto place = std::find_if(after.slots.begin(), after.slots.end(),
                                  [&](const visits::CarerSlot& each) { return each.slot == slot; });
  if (place == after.slots.end())
    return Error{ErrorCode::InvalidArgument, "SLOT_UNKNOWN", "the visit has no such carer slot"};
  if (place->carer == carerId)
    return writer.unchanged();
  if (carerId && contains(carersOf(before), carerId))
    return Error{ErrorCode::InvalidArgument, "SAME_CARER_TWICE",
                 "she has another slot of this visit"};
  const visits::SlotReassigned fact{visitId, writer.planVersion(), slot, place->carer, carerId};
  place->carer = carerId;
  place->carerName.clear();
  if (carerId) {
    DOORSTEP_ASSIGN(const auto assigned, carer(database, provider, carerId));
    place->carerName = assigned.name;
  }
  DOORSTEP_TRY(writer.putVisit(&before, std::move(after)));
  DOORSTEP_ASSIGN(auto commit, writer.finish());
  office.say(provider, visits::OfficeReason::Reassignment, fact);
  return commit;
}

}  // namespace doorstep::roster
