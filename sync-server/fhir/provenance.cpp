// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/provenance.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace doorstep::fhir {
namespace {

using records::SlotRecord;

constexpr const char* kOperations = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
constexpr const char* kAgentTypes =
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

// What stands in the log about a slot, in the part that it plays for the target.
Json entities(const char* role, ProviderId provider, const std::vector<std::uint64_t>& positions) {
  Json list = Json::array();
  for (const std::uint64_t position : positions)
    list.push_back({{"role", role}, {"what", logEntryReference(provider, position)}});
  return list;
}

const std::vector<std::uint64_t>& entriesOf(const ExportedVisit& visit, std::uint32_t slot) {
  static const std::vector<std::uint64_t> none;
  const auto found = visit.entries.find(slot);
  return found == visit.entries.end() ? none : found->second;
}

Json begun(const SlotRecord& record, const std::string& ending, std::int64_t recordedUnixMs,
           const char* operation) {
  const bool met = isEncounter(record);
  return {
      {"resourceType", "Provenance"},
      {"id", slotResourceId(record.provider, record.visit.id, record.slot) + ending},
      {"target", Json::array({met ? encounterReference(record) : appointmentReference(record)})},
      {"recorded", instant(recordedUnixMs)},
      {"activity", codeable(kOperations, operation)}};
}

// Received last: from then on the server knew all of it.
std::optional<std::int64_t> receivedOf(const projections::AttendanceRecord& record) {
  std::optional<std::int64_t> newest;
  for (const auto* moment : {&record.checkIn, &record.checkOut, &record.noEntry}) {
    if (*moment)
      newest = std::max(newest.value_or((*moment)->receivedUnixMs), (*moment)->receivedUnixMs);
  }
  return newest;
}

std::optional<Json> recorded(const SlotRecord& record, const ExportedVisit& visit) {
  const auto received = record.record ? receivedOf(*record.record) : std::nullopt;
  if (!received)
    return std::nullopt;
  Json made = begun(record, "-r", *received, "CREATE");
  const Json provider = providerReference(record.provider, record.providerName);
  Json agent = {{"type", codeable(kAgentTypes, "author")}};
  if (record.carer) {
    agent["who"] =
        carerReference(contractOf(record), visit.pseudonyms.of(contractOf(record), record.carer));
    agent["onBehalfOf"] = provider;
  } else {
    agent["who"] = provider;
  }
  made["agent"] = Json::array({std::move(agent)});
  if (const auto& positions = entriesOf(visit, record.slot); !positions.empty())
    made["entity"] = entities("source", record.provider, positions);
  return made;
}

Json decided(const SlotRecord& record, const ExportedVisit& visit,
             const adjustments::Adjustment& said, const char* ending) {
  Json made = begun(record, fmt::format("{}{}", ending, said.revision), said.madeUnixMs, "UPDATE");
  if (!said.reason.empty())
    made["reason"] = Json::array({codeable(urn("reason"), said.reason)});
  if (!said.action.empty())
    made["activity"]["coding"].push_back(coding(urn("action"), said.action));
  if (!said.responsibility.empty())
    made["activity"]["coding"].push_back(coding(urn("responsibility"), said.responsibility));
  Json agent = {{"type", codeable(kAgentTypes, "author")}};
  if (!said.byRole.empty())
    agent["role"] = Json::array({codeable(urn("role"), said.byRole)});
  agent["who"] = accountReference(said.account);
  if (said.byRole == "supervisor")
    agent["onBehalfOf"] = providerReference(record.provider, record.providerName);
  made["agent"] = Json::array({std::move(agent)});
  if (const auto& positions = entriesOf(visit, record.slot); !positions.empty())
    made["entity"] = entities("revision", record.provider, positions);
  return made;
}

}  // namespace

std::vector<Json> provenances(const ExportedVisit& visit) {
  std::vector<Json> made;
  for (const SlotRecord& record : visit.slots) {
    if (auto said = recorded(record, visit))
      made.push_back(*std::move(said));
    if (record.adjustments.times)
      made.push_back(decided(record, visit, *record.adjustments.times, "-a"));
    if (record.adjustments.explanation)
      made.push_back(decided(record, visit, *record.adjustments.explanation, "-x"));
  }
  return made;
}

}  // namespace doorstep::fhir
