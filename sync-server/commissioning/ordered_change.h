// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync-server/commissioning/begun_days.h"
#include "sync-server/commissioning/commissioning_writer.h"
#include "sync-server/commissioning/row_store.h"

namespace doorstep::commissioning {

// What came of a row that somebody wants: it is so already, it was put, or it would change days
// that have begun and says no reason.
enum class Changed { No, Yes, NeedsReason };

// Puts the row unless it is so already. The row's reason is why days that have begun are said
// otherwise; it is kept only where they are. Ratings and kinds of commissioners touch no visit and
// need none. lastDay: the day before the next row of the key that the caller wants, which this one
// does not take the place of. Error ROWS_TOO_MANY: the subject has kRowsPerSubjectMax rows. Inside
// a write job. Thread: the connection's.
Result<Changed> changeRow(sql::Database& database, ProviderId provider, CommissioningWriter& writer,
                          BegunDays& begun, CommissionedRow row, std::int64_t lastDay = kNoLastDay);

}  // namespace doorstep::commissioning
