// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/classes_csv.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

namespace doorstep::measure_files {
namespace {

using namespace measures;

constexpr std::string_view kHeader =
    "provider,visit_id,carer_slot,rule_version,day,slot_class,slot_cause,visit_class,visit_cause,"
    "excluded,punctuality\r\n";

void appendField(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"')
      out += '"';
    out += c;
  }
  out += '"';
}

template <class Names, class Value>
void appendName(std::string& out, const Names& names, Value value) {
  out += ',';
  out += names[static_cast<std::size_t>(value)];
}

void appendSlot(std::string& out, const ClassifiedVisit& visit, const ClassifiedSlot& slot) {
  appendField(out, visit.facts->provider);
  out += ',';
  appendField(out, visit.facts->visitId);
  out += ',' + std::to_string(slot.facts->number) + ',';
  if (visit.version)
    out += std::to_string(visit.version->number);
  out += ',' + dayText(visit.day);
  appendName(out, kSlotClasses, slot.slotClass);
  appendName(out, kCauses, slot.cause);
  appendName(out, kVisitClasses, visit.visitClass);
  appendName(out, kCauses, visit.cause);
  appendName(out, kExclusions, visit.exclusion);
  appendName(out, kPunctualities, visit.punctuality);
  out += "\r\n";
}

}  // namespace

std::string classesCsv(const Recomputation& recomputation) {
  std::vector<const ClassifiedVisit*> order;
  for (const ClassifiedVisit& visit : recomputation.visits())
    order.push_back(&visit);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(a->facts->provider, a->facts->visitId) <
           std::tie(b->facts->provider, b->facts->visitId);
  });
  std::string out(kHeader);
  for (const ClassifiedVisit* visit : order)
    for (const ClassifiedSlot& slot : visit->slots)
      appendSlot(out, *visit, slot);
  return out;
}

}  // namespace doorstep::measure_files
