// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/exported_visit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace doorstep::fhir {

using records::SlotRecord;

const measures::SlotFacts& slotFacts(const SlotRecord& record) {
  static const measures::SlotFacts nobody;
  for (const measures::SlotFacts& slot : record.facts->slots) {
    if (slot.number == static_cast<int>(record.slot))
      return slot;
  }
  return nobody;
}

std::optional<std::int64_t> startOf(const SlotRecord& record) {
  const measures::EndFacts& start = slotFacts(record).start;
  return start.adjustedMs ? start.adjustedMs : start.ruledMs;
}

std::optional<std::int64_t> endOf(const SlotRecord& record) {
  const measures::EndFacts& end = slotFacts(record).end;
  return end.adjustedMs ? end.adjustedMs : end.ruledMs;
}

bool isEncounter(const SlotRecord& record) {
  const visits::Punctuality judged = record.judgement.punctuality;
  return startOf(record) && judged != visits::Punctuality::Missed &&
         judged != visits::Punctuality::NoEntry;
}

ContractId contractOf(const SlotRecord& record) {
  return record.contract == nullptr ? ContractId() : record.contract->id;
}

const char* participationOf(std::uint32_t slot) { return slot == 1 ? "PPRF" : "SPRF"; }

Json serviceTypeOf(const SlotRecord& record) {
  const auto kind = measures::kServiceKinds[static_cast<std::size_t>(record.facts->serviceKind)];
  Json type = codeable(urn("service-kind"), kind);
  if (const std::string service = plainCode(record.visit.service); !service.empty())
    type["coding"].push_back(
        coding(urn(fmt::format("provider:{}:service", record.provider.value)), service));
  return type;
}

Json encounterReference(const SlotRecord& record) {
  return {
      {"reference", "Encounter/" + slotResourceId(record.provider, record.visit.id, record.slot)}};
}

Json appointmentReference(const SlotRecord& record) {
  return {{"reference", "Appointment/" + visitResourceId(record.provider, record.visit.id)}};
}

}  // namespace doorstep::fhir
