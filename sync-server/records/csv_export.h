// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sync-server/records/carer_pseudonyms.h"
#include "sync-server/records/record_query.h"

namespace doorstep::records {

// Records as CSV: RFC 4180, UTF-8, lines end in CR LF. Columns of the proposed UK open visit
// exchange as far as what they say exists, and a few of ours (docs/architecture.md, "What a council
// gets"). A text that a spreadsheet would take for a formula is written with an apostrophe in
// front. Thread: pure.
std::string csvHeader();
std::string csvLine(const SlotRecord& record, CarerPseudonyms& pseudonyms);

// One field, quoted where RFC 4180 asks for it. For text that people wrote: csvText.
std::string csvField(std::string_view value);
std::string csvText(std::string_view value);

}  // namespace doorstep::records
