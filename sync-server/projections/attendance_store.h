// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::projections {

// The tables of the visit projection. Everything here is derived from the log: it can be dropped
// and rebuilt, and holds no text that a person wrote.
Status migrate(sql::Database& database);

// Writes rows in the writer's transaction and keeps its statements. Thread: the writer.
class AttendanceWriter {
 public:
  static Result<AttendanceWriter> open(sql::Database& database);

  // Replaces the carer's row of the visit.
  Status put(const AttendanceRecord& record);
  // Remembers that the entry at the position says something about the visit. Known already: no
  // change.
  Status addVisitEntry(ProviderId provider, VisitId visit, std::uint64_t position);
  // Positions of the visit's entries, ascending.
  Result<std::vector<std::uint64_t>> visitEntries(ProviderId provider, VisitId visit);
  // Remembers that the entry at the position is uncounted because nobody planned the visit.
  Status addWaiting(ProviderId provider, std::uint64_t position, VisitId visit);
  // It counts now.
  Status dropWaiting(ProviderId provider, std::uint64_t position);
  Status clear();

 private:
  AttendanceWriter(sql::Database& database, sql::Statement put, sql::Statement addEntry,
                   sql::Statement entries);
  // Pointer: the connection outlives this and stays where it is.
  sql::Database* database_;
  sql::Statement put_;
  sql::Statement addEntry_;
  sql::Statement entries_;
};

// Reads over any connection; several that must agree stand in one transaction of the caller.
class AttendanceReader {
 public:
  static Result<AttendanceReader> open(sql::Database& database);
  // Everybody's records of a visit, by carer. Costs what it returns.
  Result<std::vector<AttendanceRecord>> ofVisit(ProviderId provider, VisitId visit);

 private:
  explicit AttendanceReader(sql::Statement select) : select_(std::move(select)) {}
  sql::Statement select_;
};

// Visits that a carer has checked in at since the moment and not out, the latest first. Costs what
// it returns.
Result<std::vector<VisitId>> openVisits(sql::Database& database, ProviderId provider,
                                        std::int64_t sinceUnixMs, std::uint32_t limit);

// Positions of entries that wait for a plan, from the given one on, ascending, each once.
Result<std::vector<std::uint64_t>> waitingEntries(sql::Database& database, ProviderId provider,
                                                  std::uint64_t from, std::uint32_t limit);

// Positions of the entries that say something about the visit, ascending.
Result<std::vector<std::uint64_t>> visitEntries(sql::Database& database, ProviderId provider,
                                                VisitId visit);

}  // namespace doorstep::projections
