// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::records {

// Whether whoever asks may see what was recorded about a visit of the provider.
using MaySeeVisit = std::function<Result<bool>(VisitId)>;

// A .tlog-proof for each entry that says something about the visit, against the newest checkpoint.
// The proof's extra line holds what a verifier needs to get from what the entry says to the leaf
// (records.v1.ProofExtra): its events about visits that the caller may see, the hashes of the
// others, and its arrival. Entries whose bytes were erased are proved by their hashes. Errors:
// those of the database and the log. Thread: the connection's.
Result<std::vector<v1::EntryProof>> makeVisitProofs(sql::Database& database,
                                                    event_log::EventLog& log, ProviderId provider,
                                                    VisitId visit, const MaySeeVisit& maySee);

}  // namespace doorstep::records
