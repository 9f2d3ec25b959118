// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/visits/measures/classified_visit.h"
#include "shared/visits/measures/wide.h"

namespace doorstep::measures {

// What may be billed. A unit is a carer slot, or what one provider did for one person by one kind
// of service in a day, week or month, as the rules say; a weekly pool takes the units of a week
// together. It belongs to the visit of its first slot that counts, so that minutes add up over any
// grouping of visits.
struct BillingUnit {
  std::size_t visit = 0;  // index into the visits
  Wide billableMs = 0;
  Wide driftMs = 0;  // what rounding and bands added
  // A unit that lies in a pool is billed by it: it has a drift only.
  bool isBilled = true;
};

// Over all visits of a file, before period and grouping. Pure. Thread: any.
std::vector<BillingUnit> bill(std::span<const ClassifiedVisit> visits);

// Whether a cancellation by person or council came too late not to be billed.
bool isShortNotice(const ClassifiedVisit& visit);

// A multiple of the unit; unit 0 rounds nothing. value is not negative.
Wide rounded(Wide value, Wide unit, RoundingMode mode, RoundingHalf half);
std::int64_t banded(std::int64_t minutes, std::span<const Band> bands);

}  // namespace doorstep::measures
