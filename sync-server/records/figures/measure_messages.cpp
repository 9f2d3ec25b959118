// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/measure_messages.h"

#include <array>
#include <charconv>
#include <limits>

#include "shared/visits/measures/dimensions.h"
#include "sync-server/records/figures/measure_reading.h"

namespace doorstep::records {
namespace {

using measures::ClassifiedSlot;
using measures::ClassifiedVisit;
using measures::Figure;
using measures::Measure;
using measures::Wide;

bool fits(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() &&
         value <= std::numeric_limits<std::int64_t>::max();
}

template <typename Enum, std::size_t n>
std::string nameOf(const std::array<std::string_view, n>& names, Enum value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

v1::MeasureNeeds needsOf(measures::Needs needs) {
  switch (needs) {
    case measures::Needs::Visits:
      return v1::MEASURE_NEEDS_VISITS;
    case measures::Needs::Packages:
      return v1::MEASURE_NEEDS_PACKAGES;
    case measures::Needs::Invoices:
      return v1::MEASURE_NEEDS_INVOICES;
    case measures::Needs::PackagesAndInvoices:
      return v1::MEASURE_NEEDS_PACKAGES_AND_INVOICES;
    case measures::Needs::People:
      return v1::MEASURE_NEEDS_PEOPLE;
  }
  return v1::MEASURE_NEEDS_UNSPECIFIED;
}

// Facts that nothing records in this release, by a measure's id or the beginning of ids. Whoever
// records one takes its lines away.
struct Unrecorded {
  std::string_view measures;
  v1::UnrecordedFact fact;
};
constexpr std::array kUnrecorded{
    Unrecorded{"alerts.", v1::UNRECORDED_FACT_LATE_ALERT},
    Unrecorded{"alerts.late_ack_", v1::UNRECORDED_FACT_ALERT_TAKEN_UP},
    Unrecorded{"missed.detection_lag_", v1::UNRECORDED_FACT_MISSED_ALERT},
    Unrecorded{"missed.recovered", v1::UNRECORDED_FACT_MISSED_ALERT},
    Unrecorded{"punctuality.basis.commissioned", v1::UNRECORDED_FACT_ORDERED_TIMES},
    Unrecorded{"medicines.", v1::UNRECORDED_FACT_MEDICINES},
    Unrecorded{"goals.", v1::UNRECORDED_FACT_GOALS},
    Unrecorded{"tasks.goal_linked", v1::UNRECORDED_FACT_GOALS},
};

v1::MeasureUnit unitMessage(measures::Unit unit) {
  switch (unit) {
    case measures::Unit::Share:
      return v1::MEASURE_UNIT_SHARE;
    case measures::Unit::Minutes:
      return v1::MEASURE_UNIT_MINUTES;
    case measures::Unit::Seconds:
      return v1::MEASURE_UNIT_SECONDS;
    case measures::Unit::Carers:
      return v1::MEASURE_UNIT_CARERS;
    case measures::Unit::Changes:
      return v1::MEASURE_UNIT_CHANGES;
  }
  return v1::MEASURE_UNIT_UNSPECIFIED;
}

Figure addedBy(const Measure& measure, const ClassifiedVisit& visit) {
  Figure adds;
  measure.ofVisit(visit, adds);
  return adds;
}

// The plan that is the visit's basis; its kind's name in the rules.
const char* basisKind(const ClassifiedVisit& visit) {
  if (visit.facts->commissioned && *visit.basis == *visit.facts->commissioned &&
      !(visit.locked && *visit.basis == *visit.locked))
    return "commissioned";
  return visit.locked && *visit.basis == *visit.locked ? "locked" : "final";
}

v1::MeasureSlot toProto(const ClassifiedSlot& slot) {
  v1::MeasureSlot message;
  message.set_carer_slot(static_cast<std::uint32_t>(slot.facts->number));
  message.set_carer_pseudonym(slot.facts->carer);
  message.set_slot_class(nameOf(measures::kSlotClasses, slot.slotClass));
  message.set_cause(nameOf(measures::kCauses, slot.cause));
  if (slot.startMs)
    message.set_start_unix_ms(*slot.startMs);
  if (slot.endMs)
    message.set_end_unix_ms(*slot.endMs);
  return message;
}

}  // namespace

v1::ListMeasuresResponse listMeasures() {
  v1::ListMeasuresResponse response;
  for (const Measure& measure : measures::measureTable()) {
    v1::MeasureInfo& info = *response.add_measures();
    info.set_id(std::string(measure.id));
    info.set_unit(unitMessage(measures::unitOf(measure)));
    info.set_adds_up(measure.ofVisit != nullptr);
    info.set_needs(needsOf(measure.needs));
    for (const Unrecorded& each : kUnrecorded)
      if (measure.id.starts_with(each.measures))
        info.add_unrecorded(each.fact);
  }
  for (const measures::Dimension& dimension : measures::dimensions())
    response.add_dimensions(std::string(dimension.name));
  for (const std::string_view spread : measures::kSpreadNames)
    response.add_spreads(std::string(spread));
  return response;
}

v1::MeasureFigure toProto(std::string_view id, const Figure& figure) {
  v1::MeasureFigure message;
  message.set_id(std::string(id));
  if (!fits(figure.numerator) || !fits(figure.denominator)) {
    message.set_is_too_large(true);
    return message;
  }
  message.set_numerator(static_cast<std::int64_t>(figure.numerator));
  message.set_denominator(static_cast<std::int64_t>(figure.denominator));
  return message;
}

v1::MeasureCounts toProto(const measures::Counts& counts) {
  const auto reportedAs = [&](measures::VisitClass visitClass) {
    return counts.reportedAs[static_cast<std::size_t>(visitClass)];
  };
  v1::MeasureCounts message;
  message.set_in_file(counts.inFile);
  message.set_reported(counts.reported());
  message.set_attended_full(reportedAs(measures::VisitClass::AttendedFull));
  message.set_attended_part(reportedAs(measures::VisitClass::AttendedPart));
  message.set_missed(reportedAs(measures::VisitClass::Missed));
  message.set_no_entry(reportedAs(measures::VisitClass::NoEntry));
  const auto add = [](auto* list, std::string_view name, std::int64_t count) {
    v1::NamedCount& named = *list->Add();
    named.set_name(std::string(name));
    named.set_count(static_cast<std::uint64_t>(count));
  };
  for (std::size_t i = 1; i < measures::kExclusions.size(); ++i)
    add(message.mutable_excluded(), measures::kExclusions[i], counts.excluded[i]);
  for (std::size_t i = 0; i < measures::kFlags.size(); ++i)
    add(message.mutable_flags(), measures::kFlags[i], counts.flags[i]);
  message.set_slots_reported(counts.slotsReported);
  message.set_slots_attended(counts.slotsAttended);
  message.set_slots_length_unknown(counts.lengthsUnknown);
  return message;
}

v1::MeasureVisit toProto(const ClassifiedVisit& visit, const Measure& measure) {
  v1::MeasureVisit message;
  message.set_provider_name(visit.facts->provider);
  message.set_visit_ref(visit.facts->visitId);
  message.set_lot(visit.facts->lot);
  message.set_service_kind(nameOf(measures::kServiceKinds, visit.facts->serviceKind));
  message.set_day(measures::dayText(visit.day));
  if (visit.version != nullptr)
    message.set_rule_version(static_cast<std::uint32_t>(visit.version->number));
  message.set_visit_class(nameOf(measures::kVisitClasses, visit.visitClass));
  message.set_cause(nameOf(measures::kCauses, visit.cause));
  message.set_exclusion(nameOf(measures::kExclusions, visit.exclusion));
  message.set_punctuality(nameOf(measures::kPunctualities, visit.punctuality));
  if (visit.startMs)
    message.set_start_unix_ms(*visit.startMs);
  if (visit.basis) {
    v1::JudgingPlan& plan = *message.mutable_plan();
    plan.set_start_unix_ms(visit.basis->startMs);
    plan.set_latest_start_unix_ms(visit.basis->latestStartMs);
    plan.set_end_unix_ms(visit.basis->endMs);
    plan.set_kind(basisKind(visit));
  }
  if (measure.ofVisit != nullptr)
    *message.mutable_adds() = toProto(measure.id, addedBy(measure, visit));
  for (const ClassifiedSlot& slot : visit.slots)
    *message.add_slots() = toProto(slot);
  return message;
}

CarerId carerNamed(std::string_view id) {
  std::uint64_t number = 0;
  std::from_chars(id.data(), id.data() + id.size(), number);
  return CarerId(number);
}

bool isPartOf(const Measure& measure, v1::MeasurePart part, const ClassifiedVisit& visit) {
  if (measure.ofVisit != nullptr) {
    const Figure adds = addedBy(measure, visit);
    if (measure.denominator != 0)  // a sum: all that is known of it is what adds to it
      return part != v1::MEASURE_PART_REST && adds.numerator != 0;
    if (part == v1::MEASURE_PART_NUMERATOR)
      return adds.numerator != 0;
    return adds.denominator != 0 &&
           (part == v1::MEASURE_PART_DENOMINATOR || adds.numerator != adds.denominator);
  }
  if (!measure.isQuantile())
    return visit.attended();
  std::vector<std::int64_t> values;
  measures::spreadTable()[static_cast<std::size_t>(measure.spread)].ofVisit(visit, values);
  return !values.empty();
}

}  // namespace doorstep::records
