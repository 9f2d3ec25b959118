// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/encounter.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace doorstep::fhir {
namespace {

using records::SlotRecord;

constexpr double kMinuteMs = 60'000;
constexpr const char* kParticipations =
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

// A Period may not end before it starts: such an end is left out.
Json period(std::int64_t start, const std::optional<std::int64_t>& end) {
  Json made = {{"start", instant(start)}};
  if (end && *end >= start)
    made["end"] = instant(*end);
  return made;
}

// A visit without a usable end: still going on while its plan does, not known afterwards.
const char* statusOf(const SlotRecord& record, bool ended, std::int64_t nowUnixMs) {
  if (ended)
    return "finished";
  const visits::PlannedVisit& plan = record.visit;
  const std::int64_t planEnd =
      plan.windowEndUnixMs + static_cast<std::int64_t>(plan.durationMin) * 60'000;
  const bool open = record.judgement.punctuality == visits::Punctuality::Open;
  return open || nowUnixMs < planEnd ? "in-progress" : "unknown";
}

Json participant(const SlotRecord& record, const Json& when, records::Pseudonyms& pseudonyms) {
  Json made = {{"type", Json::array({codeable(kParticipations, participationOf(record.slot))})},
               {"period", when}};
  if (record.carer)
    made["individual"] =
        carerReference(contractOf(record), pseudonyms.of(contractOf(record), record.carer));
  return made;
}

Json encounter(const SlotRecord& record, const ExportedVisit& visit) {
  const std::int64_t start = *startOf(record);
  const auto end = endOf(record);
  const bool ended = end && *end >= start;
  const Json when = period(start, end);
  Json resource = {{"resourceType", "Encounter"},
                   {"id", slotResourceId(record.provider, record.visit.id, record.slot)}};
  const measures::SlotFacts& facts = slotFacts(record);
  if (facts.start.rawMs)
    resource["extension"] =
        Json::array({{{"url", urn("extension:recorded-period")},
                      {"valuePeriod", period(*facts.start.rawMs, facts.end.rawMs)}}});
  resource["identifier"] =
      Json::array({identifier(urn(fmt::format("provider:{}:visit-slot", record.provider.value)),
                              fmt::format("{}/{}", record.visit.ref, record.slot))});
  resource["status"] = statusOf(record, ended, visit.nowUnixMs);
  resource["class"] = coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HH");
  resource["class"]["display"] = "home health";
  resource["serviceType"] = serviceTypeOf(record);
  resource["subject"] = personReference(record.provider, record.person.ref);
  resource["participant"] = Json::array({participant(record, when, visit.pseudonyms)});
  resource["appointment"] = Json::array({appointmentReference(record)});
  resource["period"] = when;
  if (ended)
    resource["length"] = quantity(static_cast<double>(*end - start) / kMinuteMs, "min");
  resource["serviceProvider"] = providerReference(record.provider, record.providerName);
  return resource;
}

}  // namespace

std::vector<Json> encounters(const ExportedVisit& visit) {
  std::vector<Json> made;
  for (const SlotRecord& record : visit.slots) {
    if (isEncounter(record))
      made.push_back(encounter(record, visit));
  }
  return made;
}

}  // namespace doorstep::fhir
