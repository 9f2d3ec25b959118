// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/adjustment_codes.h"

#include <algorithm>

namespace doorstep::visits {
namespace {

constexpr ReasonCode kReasons[] = {
    // The person.
    {"P1", "asked for another time"},
    {"P2", "refused care"},
    {"P3", "asked the carer to leave early"},
    {"P4", "in hospital"},
    {"P5", "away"},
    {"P6", "with family"},
    {"P7", "no reply, whereabouts unknown"},
    {"P8", "died"},
    {"P9", "cancelled a day or more before"},
    {"P10", "cancelled less than a day before"},
    // The carer.
    {"C1", "late: the visit before overran"},
    {"C2", "late: traffic or transport"},
    {"C3", "sickness or no show"},
    {"C4", "left early for the next visit"},
    {"C5", "left early, tasks complete"},
    {"C6", "emergency at the visit", true},
    {"C7", "forgot to record"},
    {"C8", "withdrew for safety"},
    // The provider.
    {"V1", "not staffed"},
    {"V2", "rota error"},
    {"V3", "carer replaced"},
    {"V4", "second carer missing"},
    {"V5", "plan changed late"},
    // Council or health service.
    {"K1", "package changed"},
    {"K2", "suspended"},
    {"K3", "equipment or nurse's visit at the same time"},
    {"K4", "hospital discharge failed"},
    // Technical.
    {"T1", "no signal, then power lost"},
    {"T2", "tag missing or damaged"},
    {"T3", "phone lost or flat"},
    {"T4", "no position"},
    {"T5", "fault of app or server"},
    {"T6", "wrong address or position on record"},
    {"T7", "landline in use, or none"},
    // Weather and other.
    {"W1", "severe weather"},
    {"W2", "road closed"},
    {"W9", "other", true},
};

constexpr ActionCode kActions[] = {
    {"A1", "confirmed with the person"}, {"A2", "confirmed with the family"},
    {"A3", "paper record seen"},         {"A4", "camera, telecare or door sensor"},
    {"A5", "second carer confirms"},     {"A6", "position or Wi-Fi evidence"},
    {"A7", "carer's statement"},         {"A8", "no evidence"},
};

constexpr std::string_view kResponsibilities[] = {"person", "provider",    "council",
                                                  "nhs",    "third_party", "system"};

template <typename Code, std::size_t Count>
const Code* find(const Code (&codes)[Count], std::string_view code) {
  const auto found = std::find_if(std::begin(codes), std::end(codes),
                                  [&](const Code& each) { return each.code == code; });
  return found == std::end(codes) ? nullptr : found;
}

}  // namespace

std::span<const ReasonCode> reasonCodes() { return kReasons; }
const ReasonCode* reasonOfCode(std::string_view code) { return find(kReasons, code); }
std::span<const ActionCode> actionCodes() { return kActions; }
const ActionCode* actionOfCode(std::string_view code) { return find(kActions, code); }
std::span<const std::string_view> responsibilities() { return kResponsibilities; }

bool isResponsibility(std::string_view name) {
  return std::find(std::begin(kResponsibilities), std::end(kResponsibilities), name) !=
         std::end(kResponsibilities);
}

}  // namespace doorstep::visits
