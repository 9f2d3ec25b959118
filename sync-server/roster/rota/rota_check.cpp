// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_check.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "shared/core/local_time.h"
#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

constexpr const char* kFile = "visits.csv";

void checkSlots(const RotaVisit& visit, FaultList& faults) {
  for (std::uint32_t slot = 1; slot <= visit.carers.size(); ++slot) {
    if (!(visit.slotsSeen & (1U << (slot - 1))))
      faults.add({kFile, visit.line, "carer_slot", "SLOT_MISSING",
                  fmt::format("Visit {} needs {} carers and has no row for slot {}. Add it; its "
                              "carer may stay empty.",
                              quoteValue(visit.ref), visit.carers.size(), slot)});
  }
}

// A visit follows at most one other. So walking back from a visit ends, or reaches a visit already
// seen in the same walk, which is a circle.
void checkCircles(const Rota& rota, FaultList& faults) {
  std::vector<std::uint32_t> walkOf(rota.visits.size(), kNobody);
  for (std::uint32_t start = 0; start < rota.visits.size(); ++start) {
    std::uint32_t at = start;
    while (at != kNobody && walkOf[at] == kNobody) {
      walkOf[at] = start;
      at = rota.visits[at].after;
    }
    if (at != kNobody && walkOf[at] == start)
      faults.add({kFile, rota.visits[at].line, "after_visit_ref", "AFTER_CIRCLE",
                  fmt::format("Visit {} follows itself through the visits that it must follow.",
                              quoteValue(rota.visits[at].ref))});
  }
}

void checkCarerDays(const Rota& rota, FaultList& faults) {
  struct Turn {
    std::uint32_t carer;
    std::int64_t day;
    std::uint64_t line;
    auto operator<=>(const Turn&) const = default;
  };
  std::vector<Turn> turns;
  // Rows are mostly sorted by day, so the day of the last row is nearly always the right one.
  std::int64_t day = 0;
  std::int64_t dayBegin = 0;
  std::int64_t dayEnd = 0;
  for (const RotaVisit& visit : rota.visits) {
    if (visit.windowStartUnixMs < dayBegin || visit.windowStartUnixMs >= dayEnd) {
      day = londonDayNumber(visit.windowStartUnixMs);
      dayBegin = londonDayBeginUnixMs(day);
      dayEnd = londonDayBeginUnixMs(day + 1);
    }
    for (const std::uint32_t carer : visit.carers)
      if (carer != kNobody)
        turns.push_back({carer, day, visit.line});
  }
  std::sort(turns.begin(), turns.end());
  std::size_t inDay = 0;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const bool sameDay =
        i > 0 && turns[i].carer == turns[i - 1].carer && turns[i].day == turns[i - 1].day;
    inDay = sameDay ? inDay + 1 : 1;
    if (inDay == kVisitsPerCarerDayMax + 1)
      faults.add({kFile, turns[i].line, "carer_ref", "TOO_MANY_VISITS_A_DAY",
                  fmt::format("Carer {} has more than {} visits on this day.",
                              quoteValue(rota.carers[turns[i].carer].ref), kVisitsPerCarerDayMax)});
  }
}

}  // namespace

void checkFilled(const Rota& rota, FaultList& faults) {
  const std::pair<const char*, bool> files[] = {{"people.csv", rota.people.empty()},
                                                {"carers.csv", rota.carers.empty()},
                                                {"visits.csv", rota.visits.empty()}};
  if (!faults.empty())  // files with faults may be empty because of them
    return;
  for (const auto& [file, isEmpty] : files)
    if (isEmpty)
      faults.add({file, 1, "", "NO_ROWS",
                  "The file names its columns and has no line below them. Save it again."});
}

void checkVisits(const Rota& rota, FaultList& faults) {
  for (const RotaVisit& visit : rota.visits)
    checkSlots(visit, faults);
  checkCircles(rota, faults);
  checkCarerDays(rota, faults);
}

}  // namespace doorstep::roster
