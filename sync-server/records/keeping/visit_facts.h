// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "shared/visits/measures/visit_facts.h"
#include "sync-server/adjustments/adjustment_store.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/projections/slot_assignment.h"
#include "sync-server/roster/cancellation.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::records {

// What was said of a visit's slots, by slot; most visits have none.
using VisitAdjustments = std::map<std::uint32_t, adjustments::SlotAdjustments>;

// Everything that is known here of one visit.
struct VisitSources {
  const roster::JudgedVisit& planned;
  // What slots are judged on: carers who were planned when the visit had to begin.
  std::span<const projections::FilledSlot> slots;
  std::span<const projections::AttendanceRecord> attendances;
  const roster::PersonTerms& terms;
  const std::string& providerRole;
  const std::optional<roster::Cancellation>& cancellation;
  const VisitAdjustments& adjustments;
  const commissioning::OrderedTerms& ordered;  // on the day of the visit's anchor
};

// The visit's facts as the measures define them (docs/measures.md): the one place where plan,
// attendance and terms become columns. Names of provider and contract are left empty, person and
// carers are named by their ids, and earlier visits of a carer are looked up by the caller.
// nullopt: its provider took the visit out of its plan before the lock, and nobody recorded
// anything at it: no plan of it is left to judge. Pure. Thread: any.
std::optional<measures::VisitFacts> visitFacts(const VisitSources& sources);

// The newest plan with the slots, times and state that are judged: what assignSlots is asked about.
visits::PlannedVisit judgedVisit(const roster::JudgedVisit& planned);

}  // namespace doorstep::records
