// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/appointment.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/core/durations.h"
#include "shared/visits/attendance/attendance_columns.h"

namespace doorstep::fhir {
namespace {

using records::SlotRecord;
using visits::Punctuality;

constexpr const char* kCancelReasons =
    "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason";
constexpr const char* kParticipations =
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

// FHIR's own code first; ours says what exactly it was.
Json reason(const char* code, std::string_view ours) {
  Json made = codeable(kCancelReasons, code);
  made["coding"].push_back(coding(urn("cancellation"), ours));
  return made;
}

struct Standing {
  const char* status = "booked";
  Json reason;  // null: none
};

bool any(const ExportedVisit& visit, Punctuality which) {
  return std::any_of(visit.slots.begin(), visit.slots.end(),
                     [&](const SlotRecord& slot) { return slot.judgement.punctuality == which; });
}

Json calledOff(const measures::VisitFacts& facts) {
  if (facts.suspension != measures::Suspension::No) {
    const auto why = measures::kSuspensions[static_cast<std::size_t>(facts.suspension)];
    return reason("pat", fmt::format("suspended-{}", why));
  }
  switch (facts.cancelledBy) {
    case measures::CancelledBy::Person:
      return reason("pat", "cancelled-by-person");
    case measures::CancelledBy::Provider:
      return reason("prov", "cancelled-by-provider");
    case measures::CancelledBy::Council:
      return reason("other", "cancelled-by-council");
    case measures::CancelledBy::Nobody:
      break;
  }
  return {};
}

Json missed(const measures::VisitFacts& facts) {
  Json why = reason("prov", "missed");
  if (facts.cancelledBy == measures::CancelledBy::Provider)
    why["coding"].push_back(coding(urn("cancellation"), "cancelled-by-provider"));
  return why;
}

Json noEntry(const ExportedVisit& visit) {
  Json why = codeable(urn("cancellation"), "no-entry");
  for (const SlotRecord& slot : visit.slots) {
    if (!slot.record || !slot.record->noEntry)
      continue;
    const auto name = attendance::noEntryName(slot.record->noEntry->noEntryReason);
    if (!name.empty())
      why["coding"].push_back(coding(urn("no-entry"), name));
    break;
  }
  return why;
}

Standing standingOf(const ExportedVisit& visit) {
  const measures::VisitFacts& facts = *visit.slots.front().facts;
  const bool met = std::any_of(visit.slots.begin(), visit.slots.end(), isEncounter);
  Json called = calledOff(facts);
  if (any(visit, Punctuality::CancelledAttended) && !called.is_null())
    return {"cancelled", std::move(called)};
  if (any(visit, Punctuality::Open))
    return {met ? "arrived" : "booked", {}};
  if (met)
    return {"fulfilled", {}};
  if (any(visit, Punctuality::NoEntry))
    return {"noshow", noEntry(visit)};
  if (any(visit, Punctuality::Missed))
    return {"cancelled", missed(facts)};
  if (!called.is_null())
    return {"cancelled", std::move(called)};
  return {};
}

Json participants(const ExportedVisit& visit) {
  const SlotRecord& first = visit.slots.front();
  Json list = Json::array();
  list.push_back({{"actor", personReference(first.provider, first.person.ref)},
                  {"required", "required"},
                  {"status", "accepted"}});
  for (const SlotRecord& slot : visit.slots) {
    Json participant = {
        {"type", Json::array({codeable(kParticipations, participationOf(slot.slot))})}};
    CarerId planned;
    for (const visits::CarerSlot& each : slot.visit.slots) {
      if (each.slot == slot.slot)
        planned = each.carer;
    }
    if (planned)
      participant["actor"] =
          carerReference(contractOf(slot), visit.pseudonyms.of(contractOf(slot), planned));
    participant["required"] = "required";
    participant["status"] = planned ? "accepted" : "needs-action";
    list.push_back(std::move(participant));
  }
  return list;
}

Json contractReference(const roster::Contract& contract) {
  Json reference = logicalReference(
      "Contract",
      identifier(urn(fmt::format("council:{}:contract", contract.council.value)), contract.ref));
  return reference;
}

}  // namespace

Json appointment(const ExportedVisit& visit) {
  const SlotRecord& first = visit.slots.front();
  const visits::PlannedVisit& plan = first.visit;
  Json named = identifier(urn(fmt::format("provider:{}:visit", first.provider.value)), plan.ref);
  named["assigner"] = providerReference(first.provider, first.providerName);
  Json resource = {{"resourceType", "Appointment"},
                   {"id", visitResourceId(first.provider, plan.id)},
                   {"identifier", Json::array({std::move(named)})}};
  Standing standing = standingOf(visit);
  resource["status"] = standing.status;
  if (!standing.reason.is_null())
    resource["cancelationReason"] = std::move(standing.reason);
  resource["serviceType"] = Json::array({serviceTypeOf(first)});
  if (first.contract != nullptr)
    resource["supportingInformation"] = Json::array({contractReference(*first.contract)});
  resource["start"] = instant(plan.windowStartUnixMs);
  resource["end"] = instant(plan.windowEndUnixMs + plan.durationMin * kMinuteMs);
  if (plan.durationMin > 0)
    resource["minutesDuration"] = plan.durationMin;
  if (first.facts->firstPublishedMs)
    resource["created"] = instant(*first.facts->firstPublishedMs);
  resource["participant"] = participants(visit);
  return resource;
}

}  // namespace doorstep::fhir
