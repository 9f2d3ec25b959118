// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "doorstep/records/v1/bundle.pb.h"
#include "shared/core/result.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/evidence/bundle_log.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// Evidence of prior_visit_utc: where a record's carer last started at the same person before. Of a
// visit that is in the file under the same contract the file's own row shows it. Of any other that
// the caller may see, one event is shown and the visit's plan, for the person; nothing else of it.
// Cost: a few reads a slot. Thread: the connection's.
class PriorEvidence {
 public:
  static Result<PriorEvidence> open(sql::Database& database, const VisibleContracts& visible,
                                    const RecordFilter& filter, std::int64_t nowUnixMs);

  Status add(const SlotRecord& record, BundleLog& log, v1::VisitEvidence& evidence);

 private:
  PriorEvidence(sql::Database& database, const VisibleContracts& visible,
                const RecordFilter& filter, std::int64_t nowUnixMs, RecordStore store,
                projections::AttendanceReader attendances)
      : database_(database),
        visible_(visible),
        filter_(filter),
        nowUnixMs_(nowUnixMs),
        store_(std::move(store)),
        attendances_(std::move(attendances)) {}

  struct Start {
    VisitId visit;
    CarerId carer;
    std::int64_t unixMs = 0;
  };
  // Error: FAILED_PRECONDITION for what is named as missing.
  Status prove(const SlotRecord& record, const Start& start, BundleLog& log, v1::PriorVisit& prior);
  // The entry with a start, the start's event, and the id by which the phone knew the visit.
  struct StartEntry {
    event_log::StoredEntry stored;
    std::uint64_t number = 0;
    VisitId knownAs;
  };
  Result<StartEntry> entryOf(const Start& start, const BundleLog& log);

  sql::Database& database_;
  const VisibleContracts& visible_;
  const RecordFilter& filter_;
  const std::int64_t nowUnixMs_;
  RecordStore store_;
  projections::AttendanceReader attendances_;
};

}  // namespace doorstep::records
