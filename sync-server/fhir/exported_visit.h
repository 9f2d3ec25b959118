// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sync-server/fhir/terms.h"
#include "sync-server/records/listing/record_query.h"
#include "sync-server/records/pseudonyms.h"

namespace doorstep::fhir {

// A visit as it is judged, with what proves it: what Appointment, Encounters and Provenances are
// made from. Parts outlive it. Thread: one, for the pseudonyms.
struct ExportedVisit {
  // Every slot of one visit, by number; at least one, each with facts.
  std::span<const records::SlotRecord> slots;
  // By slot: positions of its carer's entries about the visit in the provider's log, ascending.
  std::map<std::uint32_t, std::vector<std::uint64_t>> entries;
  std::int64_t nowUnixMs = 0;  // of the export
  records::Pseudonyms& pseudonyms;
};

// The facts of a slot; nobody's where the slot was not among those that are judged.
const measures::SlotFacts& slotFacts(const records::SlotRecord& record);

// When a carer came and left: approved by a supervisor, else ruled.
std::optional<std::int64_t> startOf(const records::SlotRecord& record);
std::optional<std::int64_t> endOf(const records::SlotRecord& record);

// Whether a slot is an Encounter: its carer came, and the rules do not call it missed or closed.
bool isEncounter(const records::SlotRecord& record);

ContractId contractOf(const records::SlotRecord& record);
// v3-ParticipationType: the first carer performs, further ones help.
const char* participationOf(std::uint32_t slot);
// What is done: the kind of service that figures go by, and the provider's own word for it.
Json serviceTypeOf(const records::SlotRecord& record);
Json encounterReference(const records::SlotRecord& record);
Json appointmentReference(const records::SlotRecord& record);

}  // namespace doorstep::fhir
