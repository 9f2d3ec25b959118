// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sync-server/records/pseudonyms.h"
#include "sync-server/records/record_query.h"

namespace doorstep::records {

// Records as visits.csv, schema 2 of the council's files: RFC 4180, UTF-8, lines end in CR LF. What
// doorstep-recompute reads, and what people do; docs/measures.md says which columns are empty in
// this release. Pure. Thread: any.
std::string csvHeader();
// Empty: a visit that its provider took out of its plan before the lock and nobody came to, which
// no plan is left of. exported: the same for all lines of a file.
std::string csvLine(const SlotRecord& record, std::int64_t exportedUnixMs, Pseudonyms& pseudonyms);

}  // namespace doorstep::records
