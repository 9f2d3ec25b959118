// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/visits/contract_rules.h"
#include "shared/visits/measures/classified_visit.h"
#include "sync-server/records/keeping/record_store.h"

namespace doorstep::records {

// What the rules make of a visit, in the words of records: each carer slot by itself, as lists show
// it. The figures count visits (docs/measures.md); both come from one classification. Pure. Thread:
// any.

// A slot is early, on time or late by its own carer's start, also where two must be there.
visits::SlotJudgement slotJudgement(const measures::ClassifiedVisit& visit,
                                    const measures::ClassifiedSlot& slot);
std::vector<SlotRow> slotRows(const measures::ClassifiedVisit& visit);

// Whether nothing dates the visit: no plan that counts, and nobody came. The measures give it the
// day of the file's making (4.2).
bool isUndated(const measures::ClassifiedVisit& visit);

// When time alone next changes what an open visit is; nullopt: never.
std::optional<std::int64_t> nextDeadline(const measures::ClassifiedVisit& visit);

}  // namespace doorstep::records
