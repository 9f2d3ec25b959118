// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::records {

// Whether the caller may see the records of a visit of the provider.
using MaySeeVisit = std::function<Result<bool>(VisitId)>;

// A .tlog-proof for each entry about the visit, against the newest checkpoint. The proof's extra
// line contains what a verifier needs to compute the leaf (records.v1.ProofExtra): the entry's
// events about visits that the caller may see, the hashes of the others, and its arrival. Entries
// whose bytes were erased are proved by their hashes. Errors: those of the database and the log.
// Thread: the connection's.
Result<std::vector<v1::EntryProof>> makeVisitProofs(sql::Database& database,
                                                    event_log::EventLog& log, ProviderId provider,
                                                    VisitId visit, const MaySeeVisit& maySee);

}  // namespace doorstep::records
