// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "shared/core/display_text.h"
#include "shared/visits/measures/visit_facts.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/roster/limits.h"

namespace doorstep::commissioning {
namespace {

constexpr std::array<std::string_view, 4> kCqcRatings{"outstanding", "good", "requires_improvement",
                                                      "inadequate"};
constexpr std::array<std::string_view, 6> kGrades{"1", "2", "3", "4", "5", "6"};
constexpr std::array<std::string_view, 4> kDayKinds{"weekday", "saturday", "sunday",
                                                    "bank_holiday"};

Error refused(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

template <typename List>
bool isIn(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool isRef(std::string_view text) {
  return !text.empty() && text.size() <= roster::kRefBytesMax &&
         textFlaw(text, TextKind::Ref) == TextFlaw::None;
}

}  // namespace

Status checkPackage(const v1::Package& package) {
  if (!isIn(measures::kServiceKinds, package.service_kind()))
    return refused("SERVICE_KIND_UNKNOWN", "service_kind is none of the service kinds");
  if (!isIn(measures::kCareModels, package.model()))
    return refused("MODEL_UNKNOWN", "model is time_and_task, personal_budget or empty");
  if (!isIn(measures::kPurchases, package.purchase()))
    return refused("PURCHASE_UNKNOWN", "purchase is block, spot or empty");
  if (!package.arranged_by().empty() && !isIn(measures::kArrangedBy, package.arranged_by()))
    return refused("ARRANGED_BY_UNKNOWN", "arranged_by is council, health, person or empty");
  if (!isIn(measures::kShortVisitBases, package.short_visit_basis()))
    return refused("SHORT_VISIT_BASIS_UNKNOWN",
                   "short_visit_basis is safe_and_well, tasks_completable or agreed_terms");
  if (package.short_visit_agreed() == package.short_visit_basis().empty())
    return refused("SHORT_VISIT_BASIS_MISSING",
                   "a short visit that is agreed has a basis, and only such a one");
  if (package.week_minutes() > kWeekMinutesMax)
    return refused("WEEK_MINUTES_RANGE", "week_minutes is at most 100000");
  if (!package.patch().empty() && !isRef(package.patch()))
    return refused("PATCH_FORMAT", "a patch's name has 64 bytes at most, without control bytes");
  const auto& services = package.services();
  if (static_cast<std::size_t>(services.size()) > kServicesMax ||
      !std::all_of(services.begin(), services.end(), [](const auto& each) { return isRef(each); }))
    return refused("SERVICES_FORMAT", "a package names 16 services at most, of 64 bytes each");
  return kDone;
}

Status checkPause(const v1::PackagePause& pause) {
  if (!isIn(measures::kSuspensions, pause.reason()))
    return refused("PAUSE_REASON_UNKNOWN", "a pause is for hospital, respite, holiday or other");
  return kDone;
}

Status checkPatches(const v1::LotDescription& lot) {
  if (static_cast<std::size_t>(lot.patches_size()) > kPatchesMax)
    return refused("PATCHES_TOO_MANY", "a lot has 200 patches at most");
  std::set<std::string> names;
  std::size_t outlineBytes = lot.outline_geojson().size();
  for (const v1::Patch& patch : lot.patches()) {
    if (!isRef(patch.name()))
      return refused("PATCH_FORMAT", "a patch's name has 1 to 64 bytes, without control bytes");
    if (!names.insert(patch.name()).second)
      return refused("PATCH_TWICE", "a patch stands twice in the lot");
    if (!isIn(measures::kRuralities, patch.rurality()))
      return refused("RURALITY_UNKNOWN", "rurality is urban, rural or empty");
    outlineBytes += patch.outline_geojson().size();
  }
  if (outlineBytes > kLotOutlinesBytesMax)
    return refused("OUTLINES_TOO_LARGE", "the outlines of a lot have 64 KiB at most, together");
  return kDone;
}

Status checkLot(const v1::LotDescription& lot) {
  DOORSTEP_TRY(checkPatches(lot));
  for (const v1::Patch& patch : lot.patches())
    if (!patch.outline_geojson().empty())
      DOORSTEP_TRY(checkOutline(patch.outline_geojson()));
  return lot.outline_geojson().empty() ? Status(kDone) : checkOutline(lot.outline_geojson());
}

Status checkRating(std::string_view scale, const v1::ProviderRating& rating) {
  if (scale != "cqc" && scale != "stop_on_new_work" && scale != "care_inspectorate")
    return refused("SCALE_UNKNOWN", "scale is cqc, care_inspectorate or stop_on_new_work");
  const bool known = scale == "cqc"                 ? isIn(kCqcRatings, rating.rating())
                     : scale == "care_inspectorate" ? isIn(kGrades, rating.rating())
                                                    : rating.rating().empty();
  if (!known)
    return refused("RATING_UNKNOWN", "the rating is none of its scale");
  if (rating.source().size() > kSourceBytesMax ||
      textFlaw(rating.source(), TextKind::Line) != TextFlaw::None)
    return refused("TEXT_FORMAT", "source is one line of 200 bytes at most");
  // A row that says nothing at all ends what was before.
  if (scale == "stop_on_new_work" && rating.source().empty())
    return refused("SOURCE_MISSING", "a stop on new work says who decided it");
  return kDone;
}

Status checkRate(std::string_view serviceKind, std::string_view dayKind, const v1::Rate& rate) {
  const bool isUplift = dayKind == "uplift";
  if (!isIn(measures::kServiceKinds, serviceKind) && !(isUplift && serviceKind.empty()))
    return refused("SERVICE_KIND_UNKNOWN", "service_kind is none of the service kinds");
  if (!isUplift && !isIn(kDayKinds, dayKind))
    return refused("DAY_KIND_UNKNOWN", "day_kind is weekday, saturday, sunday or bank_holiday");
  const bool inRange = isUplift
                           ? rate.pence_per_hour() == 0 && rate.uplift_bp() >= -kUpliftBpMax &&
                                 rate.uplift_bp() <= kUpliftBpMax
                           : rate.uplift_bp() == 0 && rate.pence_per_hour() <= kPencePerHourMax;
  if (!inRange)
    return refused("RATE_RANGE", "a rate is 0 to 100000 pence, an uplift -100 to 100 per cent");
  return kDone;
}

Status checkCommissioner(const v1::Commissioner& commissioner) {
  if (commissioner.kind() != "council" && commissioner.kind() != "health")
    return refused("COMMISSIONER_KIND_UNKNOWN", "a commissioner is a council or a health body");
  return kDone;
}

}  // namespace doorstep::commissioning
