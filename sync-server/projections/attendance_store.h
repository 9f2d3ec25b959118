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

// The tables of the visit projection. Derived from the log: they can be dropped and rebuilt, and
// contain no text written by a person.
Status migrate(sql::Database& database);

// Writes rows in the writer's transaction; keeps its statements. Thread: the writer.
class AttendanceWriter {
 public:
  static Result<AttendanceWriter> open(sql::Database& database);

  // Replaces the carer's row of the visit, and says that the visit must be judged again
  // (touched_visits.h).
  Status put(const AttendanceRecord& record);
  // Records that the entry at the position concerns the visit. No change if known.
  Status addVisitEntry(ProviderId provider, VisitId visit, std::uint64_t position);
  // Positions of the visit's entries, ascending.
  Result<std::vector<std::uint64_t>> visitEntries(ProviderId provider, VisitId visit);
  // Records that the entry at the position is uncounted because the visit was never planned.
  Status addWaiting(ProviderId provider, std::uint64_t position, VisitId visit);
  // The entry counts now.
  Status dropWaiting(ProviderId provider, std::uint64_t position);
  Status clear();

 private:
  AttendanceWriter(sql::Database& database, sql::Statement put, sql::Statement touch,
                   sql::Statement addEntry, sql::Statement entries);
  // Pointer: the connection outlives this and its address does not change.
  sql::Database* database_;
  sql::Statement put_;
  sql::Statement touch_;
  sql::Statement addEntry_;
  sql::Statement entries_;
};

// Reads on any connection; reads that must be consistent need one transaction of the caller.
class AttendanceReader {
 public:
  static Result<AttendanceReader> open(sql::Database& database);
  // All carers' records of a visit, by carer. Cost: the size of the result.
  Result<std::vector<AttendanceRecord>> ofVisit(ProviderId provider, VisitId visit);

 private:
  explicit AttendanceReader(sql::Statement select) : select_(std::move(select)) {}
  sql::Statement select_;
};

// Visits where a carer has checked in since the given time and not out, latest first. Cost: the
// size of the result.
Result<std::vector<VisitId>> openVisits(sql::Database& database, ProviderId provider,
                                        std::int64_t sinceUnixMs, std::uint32_t limit);

// Positions of entries that wait for a plan, starting at the given one, ascending, unique.
Result<std::vector<std::uint64_t>> waitingEntries(sql::Database& database, ProviderId provider,
                                                  std::uint64_t from, std::uint32_t limit);

// Positions of the visit's entries, ascending.
Result<std::vector<std::uint64_t>> visitEntries(sql::Database& database, ProviderId provider,
                                                VisitId visit);

}  // namespace doorstep::projections
