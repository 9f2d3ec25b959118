// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sync-server/records/carer_pseudonyms.h"
#include "sync-server/records/record_query.h"

namespace doorstep::records {

// Records as CSV: RFC 4180, UTF-8, lines end in CR LF. Columns of the proposed UK open visit
// exchange as far as we have the data, and a few more (docs/architecture.md, "What a council
// gets"). Text that a spreadsheet would interpret as a formula gets a leading apostrophe. Pure.
// Thread: any.
std::string csvHeader();
std::string csvLine(const SlotRecord& record, CarerPseudonyms& pseudonyms);

// One field, quoted where RFC 4180 requires it. For text written by people use csvText.
std::string csvField(std::string_view value);
std::string csvText(std::string_view value);

}  // namespace doorstep::records
