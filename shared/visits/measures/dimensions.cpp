// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/dimensions.h"

#include <algorithm>
#include <array>

namespace doorstep::measures {
namespace {

using Visit = const ClassifiedVisit&;
using Minutes = const WeekMinutes&;

template <class Names, class Value>
std::string nameOf(const Names& names, Value value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

constexpr std::size_t kMonthChars = 7;  // "2026-03"

const std::array<Dimension, 18> kDimensions{{
    {"provider", [](Visit v) { return v.facts->provider; }, [](Minutes m) { return m.provider; }},
    {"contract_id", [](Visit v) { return v.facts->contractId; },
     [](Minutes m) { return m.contractId; }},
    {"lot", [](Visit v) { return v.facts->lot; }, [](Minutes m) { return m.lot; }},
    {"patch", [](Visit v) { return v.facts->patch; }, [](Minutes m) { return m.patch; }},
    {"rurality", [](Visit v) { return nameOf(kRuralities, v.facts->rurality); }, nullptr},
    {"tier", [](Visit v) { return v.facts->tier; }, [](Minutes m) { return m.tier; }},
    {"provider_role", [](Visit v) { return nameOf(kProviderRoles, v.facts->providerRole); },
     [](Minutes m) { return nameOf(kProviderRoles, m.providerRole); }},
    {"service_kind", [](Visit v) { return nameOf(kServiceKinds, v.facts->serviceKind); },
     [](Minutes m) { return nameOf(kServiceKinds, m.serviceKind); }},
    {"model", [](Visit v) { return nameOf(kCareModels, v.facts->model); },
     [](Minutes m) { return nameOf(kCareModels, m.model); }},
    {"purchase", [](Visit v) { return nameOf(kPurchases, v.facts->purchase); },
     [](Minutes m) { return nameOf(kPurchases, m.purchase); }},
    {"arranged_by", [](Visit v) { return nameOf(kArrangedBy, v.facts->arrangedBy); }, nullptr},
    {"time_critical", [](Visit v) { return std::string(v.facts->timeCritical ? "true" : "false"); },
     nullptr},
    {"carers_required", [](Visit v) { return std::to_string(v.facts->carersRequired); }, nullptr},
    {"person_pseudonym", [](Visit v) { return v.facts->person; },
     [](Minutes m) { return m.person; }},
    {"rule_version",
     [](Visit v) { return v.version ? std::to_string(v.version->number) : std::string(); },
     nullptr},
    {"day", [](Visit v) { return dayText(v.day); }, nullptr},
    {"week", [](Visit v) { return dayText(v.week); },
     [](Minutes m) { return dayText(m.weekStart); }},
    {"month", [](Visit v) { return dayText(v.day).substr(0, kMonthChars); }, nullptr},
}};

}  // namespace

std::span<const Dimension> dimensions() { return kDimensions; }

const Dimension* findDimension(std::string_view name) {
  const auto found = std::find_if(kDimensions.begin(), kDimensions.end(),
                                  [&](const Dimension& d) { return d.name == name; });
  return found == kDimensions.end() ? nullptr : &*found;
}

}  // namespace doorstep::measures
