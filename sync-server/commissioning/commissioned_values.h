// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "doorstep/commissioning/v1/commissioned.pb.h"
#include "shared/core/result.h"

namespace doorstep::commissioning {

// What a message of commissioned.proto may say, whoever wrote it: a file or a call. Errors:
// INVALID_ARGUMENT with the REASON and a sentence for developers. Pure. Thread: any.

// SERVICE_KIND_UNKNOWN, MODEL_UNKNOWN, PURCHASE_UNKNOWN, ARRANGED_BY_UNKNOWN,
// SHORT_VISIT_BASIS_UNKNOWN, SHORT_VISIT_BASIS_MISSING, WEEK_MINUTES_RANGE, PATCH_FORMAT,
// SERVICES_FORMAT.
Status checkPackage(const v1::Package& package);
// PAUSE_REASON_UNKNOWN.
Status checkPause(const v1::PackagePause& pause);
// PATCH_FORMAT, PATCH_TWICE, PATCHES_TOO_MANY, RURALITY_UNKNOWN, OUTLINES_TOO_LARGE,
// OUTLINE_FORMAT.
Status checkLot(const v1::LotDescription& lot);
// The same but for what its outlines say: cheap, for a lot that is read line by line.
Status checkPatches(const v1::LotDescription& lot);
// scale: cqc, with outstanding, good, requires_improvement, inadequate; care_inspectorate, with 1
// to 6; stop_on_new_work, without a rating and with a source. SCALE_UNKNOWN, RATING_UNKNOWN,
// TEXT_FORMAT, SOURCE_MISSING.
Status checkRating(std::string_view scale, const v1::ProviderRating& rating);
// dayKind: weekday, saturday, sunday, bank_holiday; uplift for a rise. SERVICE_KIND_UNKNOWN (empty:
// every kind, for an uplift), DAY_KIND_UNKNOWN, RATE_RANGE.
Status checkRate(std::string_view serviceKind, std::string_view dayKind, const v1::Rate& rate);
// COMMISSIONER_KIND_UNKNOWN.
Status checkCommissioner(const v1::Commissioner& commissioner);

// One GeoJSON Polygon or MultiPolygon (RFC 7946): closed rings of at least four positions, each
// longitude and latitude in their ranges. Error OUTLINE_FORMAT.
Status checkOutline(std::string_view geoJson);

}  // namespace doorstep::commissioning
