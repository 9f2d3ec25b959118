// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/attendance_store.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "shared/core/bytes.h"
#include "shared/core/time_range.h"
#include "shared/sql/migrator.h"
#include "sync-server/projections/touched_visits.h"

namespace doorstep::projections {
namespace {

// in_, out_ and none_ are the counted check-in, check-out and no-entry; for a missing one all
// columns are NULL. *_class: timing::TimeClass. tasks: four bytes per task: task number (16 bits,
// big-endian), outcome, reason. independence: one byte for each of these tasks; NULL in rows of
// before it was kept, until the next entry about the visit or a rebuild.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE attendance (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  newest_position INTEGER NOT NULL,
  announced_delay_min INTEGER NOT NULL,
  tasks BLOB NOT NULL,
  in_device_id INTEGER, in_event_number INTEGER, in_wall_unix_ms INTEGER,
  in_corrected_unix_ms INTEGER,
  in_class INTEGER, in_earliest_unix_ms INTEGER, in_latest_unix_ms INTEGER,
  in_ruled_unix_ms INTEGER,
  in_received_unix_ms INTEGER, in_place_method INTEGER, in_distance_m INTEGER,
  in_accuracy_m INTEGER,
  in_fix_age_s INTEGER, in_reason INTEGER,
  out_device_id INTEGER, out_event_number INTEGER, out_wall_unix_ms INTEGER,
  out_corrected_unix_ms INTEGER,
  out_class INTEGER, out_earliest_unix_ms INTEGER, out_latest_unix_ms INTEGER,
  out_ruled_unix_ms INTEGER,
  out_received_unix_ms INTEGER, out_place_method INTEGER, out_distance_m INTEGER,
  out_accuracy_m INTEGER,
  out_fix_age_s INTEGER, out_reason INTEGER,
  none_device_id INTEGER, none_event_number INTEGER, none_wall_unix_ms INTEGER,
  none_corrected_unix_ms INTEGER, none_class INTEGER, none_earliest_unix_ms INTEGER,
  none_latest_unix_ms INTEGER, none_ruled_unix_ms INTEGER, none_received_unix_ms INTEGER,
  none_place_method INTEGER, none_distance_m INTEGER, none_accuracy_m INTEGER,
  none_fix_age_s INTEGER,
  none_reason INTEGER,
  PRIMARY KEY (provider_id, visit_id, carer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit_entry (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id, position)
) STRICT, WITHOUT ROWID;
)sql"},
                                          {2, R"sql(
CREATE INDEX attendance_open ON attendance (provider_id, in_ruled_unix_ms)
  WHERE in_device_id IS NOT NULL AND out_device_id IS NULL;
CREATE TABLE waiting_entry (
  provider_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  PRIMARY KEY (provider_id, position, visit_id)
) STRICT, WITHOUT ROWID;
)sql"},
                                          {3, R"sql(
CREATE TABLE touched_visit (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE attendance ADD COLUMN independence BLOB;
)sql"},
                                          {4, R"sql(
ALTER TABLE touched_visit ADD COLUMN touches INTEGER NOT NULL DEFAULT 1;
)sql"}};

constexpr const char* kColumns = R"sql(
provider_id, visit_id, carer_id, newest_position, announced_delay_min, tasks,
in_device_id, in_event_number, in_wall_unix_ms, in_corrected_unix_ms, in_class, in_earliest_unix_ms,
in_latest_unix_ms, in_ruled_unix_ms, in_received_unix_ms, in_place_method, in_distance_m,
in_accuracy_m,
in_fix_age_s, in_reason,
out_device_id, out_event_number, out_wall_unix_ms, out_corrected_unix_ms, out_class,
out_earliest_unix_ms,
out_latest_unix_ms, out_ruled_unix_ms, out_received_unix_ms, out_place_method, out_distance_m,
out_accuracy_m, out_fix_age_s, out_reason,
none_device_id, none_event_number, none_wall_unix_ms, none_corrected_unix_ms, none_class,
none_earliest_unix_ms, none_latest_unix_ms, none_ruled_unix_ms, none_received_unix_ms,
none_place_method,
none_distance_m, none_accuracy_m, none_fix_age_s, none_reason, independence
)sql";
constexpr int kKeyColumns = 3;
constexpr int kFirstMomentColumn = 6;
constexpr int kMomentColumns = 14;
constexpr int kIndependenceColumn = kFirstMomentColumn + 3 * kMomentColumns;

constexpr const char* kSelectEntries =
    "SELECT position FROM visit_entry WHERE provider_id = ? AND visit_id = ? ORDER BY position";

void bindOptional(sql::Statement& statement, int index, std::optional<std::int64_t> value) {
  if (value)
    statement.bind(index, *value);
  else
    statement.bindNull(index);
}

std::optional<std::uint32_t> columnOptional32(const sql::Statement& statement, int column) {
  if (statement.columnIsNull(column))
    return std::nullopt;
  return static_cast<std::uint32_t>(statement.columnInt(column));
}

void bindMoment(sql::Statement& statement, int first, const std::optional<RecordedMoment>& moment) {
  if (!moment) {
    for (int index = first; index < first + kMomentColumns; ++index)
      statement.bindNull(index);
    return;
  }
  statement.bindId(first, moment->device.value);
  statement.bindId(first + 1, moment->eventNumber);
  statement.bind(first + 2, moment->wallUnixMs);
  bindOptional(statement, first + 3, moment->correctedUnixMs);
  statement.bind(first + 4, static_cast<std::int64_t>(moment->time.timeClass));
  statement.bind(first + 5, moment->time.earliestUnixMs);
  statement.bind(first + 6, moment->time.latestUnixMs);
  statement.bind(first + 7, moment->time.ruledUnixMs);
  statement.bind(first + 8, moment->receivedUnixMs);
  if (moment->place) {
    statement.bind(first + 9, static_cast<std::int64_t>(moment->place->method));
    bindOptional(statement, first + 10, moment->place->distanceM);
    bindOptional(statement, first + 11, moment->place->accuracyM);
    bindOptional(statement, first + 12, moment->place->fixAgeS);
  } else {
    for (int index = first + 9; index < first + 13; ++index)
      statement.bindNull(index);
  }
  statement.bind(first + 13, static_cast<std::int64_t>(moment->noEntryReason));
}

// A file of an older release, or an edited one, may contain any number: times are clamped to their
// range and enums to their values here, so that callers need not check.
std::int64_t columnTime(const sql::Statement& statement, int column) {
  return clampUnixMs(statement.columnInt(column));
}

template <typename Enum>
Enum columnEnum(const sql::Statement& statement, int column, Enum last, Enum otherwise) {
  const std::int64_t value = statement.columnInt(column);
  return value >= 0 && value <= static_cast<std::int64_t>(last) ? static_cast<Enum>(value)
                                                                : otherwise;
}

std::optional<RecordedMoment> columnMoment(const sql::Statement& statement, int first) {
  if (statement.columnIsNull(first))
    return std::nullopt;
  RecordedMoment moment;
  moment.device = DeviceId(statement.columnId(first));
  moment.eventNumber = statement.columnId(first + 1);
  moment.wallUnixMs = columnTime(statement, first + 2);
  if (!statement.columnIsNull(first + 3))
    moment.correctedUnixMs = columnTime(statement, first + 3);
  moment.time.timeClass =
      columnEnum(statement, first + 4, timing::TimeClass::WallClock, timing::TimeClass::WallClock);
  moment.time.earliestUnixMs = columnTime(statement, first + 5);
  moment.time.latestUnixMs = columnTime(statement, first + 6);
  moment.time.ruledUnixMs = columnTime(statement, first + 7);
  moment.receivedUnixMs = columnTime(statement, first + 8);
  if (!statement.columnIsNull(first + 9)) {
    visits::PlaceEvidence place;
    place.method = columnEnum(statement, first + 9, visits::PlaceMethod::QrCode,
                              visits::PlaceMethod::Unspecified);
    place.distanceM = columnOptional32(statement, first + 10);
    place.accuracyM = columnOptional32(statement, first + 11);
    place.fixAgeS = columnOptional32(statement, first + 12);
    moment.place = place;
  }
  moment.noEntryReason = columnEnum(statement, first + 13, visits::NoEntryReason::Unsafe,
                                    visits::NoEntryReason::Unspecified);
  return moment;
}

std::string packTasks(const std::vector<TaskOutcomeRecord>& tasks) {
  std::string packed;
  packed.reserve(tasks.size() * 4);
  for (const TaskOutcomeRecord& task : tasks) {
    packed.push_back(static_cast<char>((task.taskNumber >> 8) & 0xff));
    packed.push_back(static_cast<char>(task.taskNumber & 0xff));
    packed.push_back(static_cast<char>(task.outcome));
    packed.push_back(static_cast<char>(task.reason));
  }
  return packed;
}

std::vector<TaskOutcomeRecord> unpackTasks(std::string_view packed) {
  std::vector<TaskOutcomeRecord> tasks;
  for (std::size_t at = 0; at + 4 <= packed.size(); at += 4) {
    const auto number = static_cast<std::uint32_t>(fromBigEndian(packed.substr(at, 2)));
    const auto byte = [&](std::size_t offset) {
      return static_cast<std::uint8_t>(packed[at + offset]);
    };
    tasks.push_back({number, static_cast<visits::TaskOutcome>(byte(2)),
                     static_cast<visits::NotDoneReason>(byte(3))});
  }
  return tasks;
}

std::string packIndependence(const std::vector<TaskOutcomeRecord>& tasks) {
  std::string packed;
  for (const TaskOutcomeRecord& task : tasks)
    packed.push_back(static_cast<char>(task.independence));
  return packed;
}

void unpackIndependence(std::string_view packed, std::vector<TaskOutcomeRecord>& tasks) {
  for (std::size_t at = 0; at < std::min(packed.size(), tasks.size()); ++at)
    tasks[at].independence =
        static_cast<visits::Independence>(static_cast<std::uint8_t>(packed[at]));
}

AttendanceRecord columnRecord(const sql::Statement& statement) {
  AttendanceRecord record;
  record.provider = ProviderId(statement.columnId(0));
  record.visit = VisitId(statement.columnId(1));
  record.carer = CarerId(statement.columnId(2));
  record.newestPosition = statement.columnId(3);
  record.announcedDelayMin = static_cast<std::uint32_t>(statement.columnInt(4));
  record.tasks = unpackTasks(statement.columnBlob(5));
  record.checkIn = columnMoment(statement, kFirstMomentColumn);
  record.checkOut = columnMoment(statement, kFirstMomentColumn + kMomentColumns);
  record.noEntry = columnMoment(statement, kFirstMomentColumn + 2 * kMomentColumns);
  unpackIndependence(statement.columnBlob(kIndependenceColumn), record.tasks);
  return record;
}

Result<std::vector<std::uint64_t>> readPositions(sql::Statement& statement, ProviderId provider,
                                                 VisitId visit) {
  statement.reset();
  statement.bindId(0, provider.value).bindId(1, visit.value);
  std::vector<std::uint64_t> positions;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, statement.step());
    if (!row)
      break;
    positions.push_back(statement.columnId(0));
  }
  statement.reset();
  return positions;
}

// Generated from the list of columns, so that none is missed. The key is unchanged.
std::string putText() {
  std::string values = "?";
  std::string set;
  std::istringstream columns(kColumns);
  int count = 0;
  for (std::string column; std::getline(columns >> std::ws, column, ',') && !column.empty();) {
    column.resize(column.find_last_not_of(" \n") + 1);
    if (count++ > 0)
      values += ",?";
    if (count > kKeyColumns)
      set += (set.empty() ? "" : ", ") + column + " = excluded." + column;
  }
  DOORSTEP_CHECK(count == kIndependenceColumn + 1);
  return std::string("INSERT INTO attendance (") + kColumns + ") VALUES (" + values +
         ") ON CONFLICT (provider_id, visit_id, carer_id) DO UPDATE SET " + set;
}

}  // namespace

Status migrate(sql::Database& database) {
  return sql::migrate(database, "projections", kMigrations);
}

AttendanceWriter::AttendanceWriter(sql::Database& database, sql::Statement put,
                                   sql::Statement touch, sql::Statement addEntry,
                                   sql::Statement entries)
    : database_(&database),
      put_(std::move(put)),
      touch_(std::move(touch)),
      addEntry_(std::move(addEntry)),
      entries_(std::move(entries)) {}

Result<AttendanceWriter> AttendanceWriter::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto putStatement, database.prepare(putText()));
  DOORSTEP_ASSIGN(auto addEntry,
                  database.prepare("INSERT INTO visit_entry (provider_id, visit_id, position) "
                                   "VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
  DOORSTEP_ASSIGN(auto entries, database.prepare(kSelectEntries));
  DOORSTEP_ASSIGN(auto touch, database.prepare(kTouchVisit));
  return AttendanceWriter(database, std::move(putStatement), std::move(touch), std::move(addEntry),
                          std::move(entries));
}

Status AttendanceWriter::put(const AttendanceRecord& record) {
  const std::string tasks = packTasks(record.tasks);
  const std::string independence = packIndependence(record.tasks);
  put_.bindId(0, record.provider.value).bindId(1, record.visit.value).bindId(2, record.carer.value);
  put_.bindId(3, record.newestPosition)
      .bind(4, std::int64_t{record.announcedDelayMin})
      .bindBlob(5, tasks);
  bindMoment(put_, kFirstMomentColumn, record.checkIn);
  bindMoment(put_, kFirstMomentColumn + kMomentColumns, record.checkOut);
  bindMoment(put_, kFirstMomentColumn + 2 * kMomentColumns, record.noEntry);
  put_.bindBlob(kIndependenceColumn, independence);
  DOORSTEP_TRY(put_.run());
  touch_.bindId(0, record.provider.value).bindId(1, record.visit.value);
  return touch_.run();
}

Status AttendanceWriter::addVisitEntry(ProviderId provider, VisitId visit, std::uint64_t position) {
  addEntry_.bindId(0, provider.value).bindId(1, visit.value).bindId(2, position);
  return addEntry_.run();
}

Result<std::vector<std::uint64_t>> AttendanceWriter::visitEntries(ProviderId provider,
                                                                  VisitId visit) {
  return readPositions(entries_, provider, visit);
}

Status AttendanceWriter::addWaiting(ProviderId provider, std::uint64_t position, VisitId visit) {
  DOORSTEP_ASSIGN(auto add,
                  database_->prepare("INSERT INTO waiting_entry (provider_id, position, visit_id) "
                                     "VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
  return add.bindId(0, provider.value).bindId(1, position).bindId(2, visit.value).run();
}

Status AttendanceWriter::dropWaiting(ProviderId provider, std::uint64_t position) {
  DOORSTEP_ASSIGN(
      auto drop,
      database_->prepare("DELETE FROM waiting_entry WHERE provider_id = ? AND position = ?"));
  return drop.bindId(0, provider.value).bindId(1, position).run();
}

Status AttendanceWriter::clear() {
  return database_->execute(
      "DELETE FROM attendance; DELETE FROM visit_entry; DELETE FROM waiting_entry;");
}

Result<AttendanceReader> AttendanceReader::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto select,
                  database.prepare(
                      std::string("SELECT ") + kColumns +
                      " FROM attendance WHERE provider_id = ? AND visit_id = ? ORDER BY carer_id"));
  return AttendanceReader(std::move(select));
}

Result<std::vector<AttendanceRecord>> AttendanceReader::ofVisit(ProviderId provider,
                                                                VisitId visit) {
  select_.reset();
  select_.bindId(0, provider.value).bindId(1, visit.value);
  std::vector<AttendanceRecord> records;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, select_.step());
    if (!row)
      break;
    records.push_back(columnRecord(select_));
  }
  select_.reset();
  return records;
}

Result<std::vector<VisitId>> openVisits(sql::Database& database, ProviderId provider,
                                        std::int64_t sinceUnixMs, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit_id FROM attendance
WHERE provider_id = ? AND in_ruled_unix_ms >= ? AND in_device_id IS NOT NULL
  AND out_device_id IS NULL
ORDER BY in_ruled_unix_ms DESC LIMIT ?)sql"));
  rows.bindId(0, provider.value).bind(1, sinceUnixMs).bind(2, limit);
  std::vector<VisitId> visits;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return visits;
    visits.push_back(VisitId(rows.columnId(0)));
  }
}

Result<std::vector<std::uint64_t>> waitingEntries(sql::Database& database, ProviderId provider,
                                                  std::uint64_t from, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT DISTINCT position FROM waiting_entry
WHERE provider_id = ? AND position >= ? ORDER BY position LIMIT ?)sql"));
  rows.bindId(0, provider.value).bindId(1, from).bind(2, limit);
  std::vector<std::uint64_t> positions;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return positions;
    positions.push_back(rows.columnId(0));
  }
}

Result<std::vector<std::uint64_t>> visitEntries(sql::Database& database, ProviderId provider,
                                                VisitId visit) {
  DOORSTEP_ASSIGN(auto statement, database.prepare(kSelectEntries));
  return readPositions(statement, provider, visit);
}

}  // namespace doorstep::projections
