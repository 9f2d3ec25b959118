// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "doorstep/records/v1/measures_service.pb.h"
#include "shared/core/strong_id.h"
#include "shared/visits/measures/recomputation.h"

namespace doorstep::records {

// Figures and classified visits as messages. Pure. Thread: any.

v1::MeasureFigure toProto(std::string_view id, const measures::Figure& figure);
v1::MeasureCounts toProto(const measures::Counts& counts);
// Without ids of provider and visit, the person's ref and pseudonyms: slots have the carer's id in
// place of hers.
v1::MeasureVisit toProto(const measures::ClassifiedVisit& visit, const measures::Measure& measure);
// Whom stored facts name; 0: nobody.
CarerId carerNamed(std::string_view id);

// Whether the visit belongs to that part of the figure. A measure that does not add up is made of
// the attended visits, a quantile of those that have a value.
bool isPartOf(const measures::Measure& measure, v1::MeasurePart part,
              const measures::ClassifiedVisit& visit);

}  // namespace doorstep::records
