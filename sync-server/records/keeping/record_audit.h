// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::records {

struct RecordAudit {
  std::uint64_t kept = 0;    // visits
  std::uint64_t looked = 0;  // of these, judged again
  std::vector<std::pair<ProviderId, VisitId>> wrong;
};

// Judges an evenly spread sample of the kept visits again, of a small database all, and says which
// are stored otherwise. Those that wait to be judged anyway are left out. A database without the
// tables has nothing to audit. Cost: an id of every visit, and kAuditedVisits judgements. Thread:
// the connection's; may run beside a server.
Result<RecordAudit> auditRecords(sql::Database& database, std::int64_t nowUnixMs);

}  // namespace doorstep::records
