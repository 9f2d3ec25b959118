// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync-server/records/files/export_row.h"
#include "sync-server/records/listing/record_query.h"
#include "sync-server/records/pseudonyms.h"

namespace doorstep::records {

// Records as rows of visits.csv and visits.jsonl, schema 2 of the council's files. CSV: RFC 4180,
// UTF-8, lines end in CR LF; what doorstep-recompute reads, and what people do. docs/measures.md
// says which columns are empty in this release. Pure. Thread: any.
std::string csvHeader();
// Absent: a visit that its provider took out of its plan before the lock and nobody came to, which
// no plan is left of. exported: the same for all rows of a file.
std::optional<ExportRow> visitRow(const SlotRecord& record, std::int64_t exportedUnixMs,
                                  Pseudonyms& pseudonyms);

}  // namespace doorstep::records
