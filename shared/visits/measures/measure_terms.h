// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "shared/visits/measures/measure_table.h"

namespace doorstep::measures {

// What entries of the table are written with.

using Visit = const ClassifiedVisit&;
using Slot = const ClassifiedSlot&;

inline Measure perVisit(std::string_view id, void (*ofVisit)(Visit, Figure&),
                        std::int64_t denominator = 0) {
  Measure measure;
  measure.id = id;
  measure.ofVisit = ofVisit;
  measure.denominator = denominator;
  return measure;
}

inline Measure perGroup(std::string_view id, Figure (*ofGroup)(const GroupTotals&),
                        Needs needs = Needs::Visits) {
  Measure measure;
  measure.id = id;
  measure.ofGroup = ofGroup;
  measure.needs = needs;
  return measure;
}

inline Measure perSpread(std::string_view id, Spread spread, int percent) {
  Measure measure;
  measure.id = id;
  measure.spread = spread;
  measure.percent = percent;
  return measure;
}

// A share: one more of `of`, and of those that `counts` when this one does.
inline void share(Figure& sum, bool of, bool counts) {
  sum.denominator += of ? 1 : 0;
  sum.numerator += of && counts ? 1 : 0;
}

// Attended slots of attended visits, those of them whose length is known, all slots of reported
// visits.
template <class Do>
void eachAttended(Visit visit, Do&& act) {
  if (visit.attended())
    for (Slot slot : visit.slots)
      if (slot.attended())
        act(slot);
}
template <class Do>
void eachKnownLength(Visit visit, Do&& act) {
  eachAttended(visit, [&](Slot slot) {
    if (slot.lengthMs)
      act(slot, *slot.lengthMs);
  });
}
template <class Do>
void eachReported(Visit visit, Do&& act) {
  if (visit.reported())
    for (Slot slot : visit.slots)
      act(slot);
}
// Starts and ends of attended slots that a phone recorded.
template <class Do>
void eachEnd(Visit visit, Do&& act) {
  eachAttended(visit, [&](Slot slot) {
    for (const EndFacts* end : {&slot.facts->start, &slot.facts->end})
      if (end->rawMs)
        act(*end);
  });
}

inline Wide minutesMs(std::int64_t minutes) { return Wide{minutes} * kMinuteMs; }

}  // namespace doorstep::measures
