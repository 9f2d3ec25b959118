// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/visits_file.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "shared/visits/measure_files/csv_table.h"
#include "shared/visits/measure_files/limits.h"
#include "shared/visits/measure_files/visit_columns.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;

constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

std::span<const ColumnSpec> visitSpecs() {
  static const std::vector<ColumnSpec> specs = [] {
    std::vector<ColumnSpec> all;
    for (const VisitColumn& column : visitColumns())
      all.push_back(column.spec);
    return all;
  }();
  return specs;
}

// An empty field of such a kind is what a new draft has.
bool mayBeLeftOut(ValueKind kind) {
  return kind == ValueKind::Text || kind == ValueKind::Time || kind == ValueKind::Number ||
         kind == ValueKind::Flag || kind == ValueKind::Goals;
}

// Where a visit's rows stand in the file.
struct VisitRows {
  std::size_t visit = 0;
  std::size_t first = 0;
  std::array<std::size_t, kCarersRequiredMax> slots{};
};

class VisitsReader {
 public:
  explicit VisitsReader(const TextFile& file)
      : table_(file, visitSpecs()), earlier_(file, visitSpecs()) {}

  Result<VisitsFile> read() {
    DOORSTEP_TRY(table_.readHeader());
    DOORSTEP_TRY(earlier_.readHeader());
    while (true) {
      DOORSTEP_ASSIGN(const bool any, table_.next());
      if (!any)
        break;
      DOORSTEP_TRY(readRow());
    }
    for (VisitFacts& visit : result_.visits)
      std::sort(visit.slots.begin(), visit.slots.end(),
                [](const SlotFacts& a, const SlotFacts& b) { return a.number < b.number; });
    return std::move(result_);
  }

 private:
  Status readRow() {
    draft_ = {};
    const auto columns = visitColumns();
    for (const std::size_t column : table_.order()) {
      const ColumnSpec& spec = columns[column].spec;
      const std::string_view text = table_.text(column);
      if (text.empty() && mayBeLeftOut(spec.kind))
        continue;
      if (const auto wrong = readColumnValue(spec, text, value_))
        return table_.fault(column, *wrong);
      if (columns[column].set)
        columns[column].set(draft_, value_);
    }
    DOORSTEP_TRY(checkSlot());
    DOORSTEP_TRY(checkPlan("commissioned", draft_.commissioned, draft_.visit.commissioned));
    DOORSTEP_TRY(checkPlan("locked_plan", draft_.locked, draft_.visit.locked));
    DOORSTEP_TRY(checkPlan("final_plan", draft_.final, draft_.visit.final));
    DOORSTEP_TRY(checkTimes());
    DOORSTEP_TRY(checkSums());
    return keepRow();
  }

  Error fault(std::string_view column, std::string_view message) const {
    return table_.fault(visitColumn(column), message);
  }

  Status checkSlot() {
    if (draft_.carersRequired < 1 || draft_.carersRequired > kCarersRequiredMax)
      return fault("carers_required", "a visit needs 1 to 4 carers");
    if (draft_.carerSlot < 1 || draft_.carerSlot > draft_.carersRequired)
      return fault("carer_slot", "slots are numbered from 1 to carers_required, which is " +
                                     std::to_string(draft_.carersRequired));
    if (!draft_.exportedMs)
      return fault("exported_utc", "is empty: it says until when the file is complete");
    draft_.visit.carersRequired = static_cast<int>(draft_.carersRequired);
    draft_.slot.number = static_cast<int>(draft_.carerSlot);
    draft_.visit.exportedMs = *draft_.exportedMs;
    return kDone;
  }

  Status checkPlan(const std::string& name, const PlanTimes& times, std::optional<Plan>& plan) {
    const int given =
        (times.startMs ? 1 : 0) + (times.latestStartMs ? 1 : 0) + (times.endMs ? 1 : 0);
    if (given == 0)
      return kDone;
    if (given != 3)
      return fault(name + "_start", "a plan has all of start, latest start and end, or none");
    if (*times.startMs > *times.latestStartMs || *times.latestStartMs >= *times.endMs)
      return fault(name + "_start",
                   "a plan's start is not after its latest start, and that one is "
                   "before its end");
    plan = Plan{*times.startMs, *times.latestStartMs, *times.endMs};
    return kDone;
  }

  Status checkTimes() {
    const SlotFacts& slot = draft_.slot;
    if (slot.start.rawMs.has_value() != slot.start.ruledMs.has_value())
      return fault("ruled_start_utc", "raw_start_utc and ruled_start_utc come together or not");
    if (slot.end.rawMs.has_value() != slot.end.ruledMs.has_value())
      return fault("ruled_end_utc", "raw_end_utc and ruled_end_utc come together or not");
    if ((slot.start.adjustedMs || slot.end.adjustedMs) && !slot.adjustedAtMs)
      return fault("adj_at_utc", "is empty, and a time is adjusted");
    if (draft_.visit.cancelledBy != CancelledBy::Nobody && !draft_.visit.cancelledMs)
      return fault("cancelled_utc", "is empty, and cancelled_by is not");
    return kDone;
  }

  // Fifteen digits each: the sums fit 64 bits.
  Status checkSums() {
    const VisitFacts& visit = draft_.visit;
    if (visit.lateChangesOffice + visit.lateChangesPerson + visit.lateChangesCouncil !=
        visit.changesAfterLock)
      return fault("plan_changes_after_lock",
                   "is not the sum of late_changes_office, _person and _council");
    const Doses& doses = visit.doses;
    if (doses.given + doses.refused + doses.notGivenReasoned + doses.missed != doses.due)
      return fault("meds_due", "is not the sum of doses given, refused, not given and missed");
    if (doses.late > doses.given)
      return fault("meds_late", "is more than meds_given");
    return kDone;
  }

  Status keepRow() {
    // No field holds a NUL.
    const std::string name = draft_.visit.provider + '\0' + draft_.visit.visitId;
    const auto [found, isNew] = visits_.try_emplace(name);
    VisitRows& rows = found->second;
    std::size_t& row = rows.slots[static_cast<std::size_t>(draft_.slot.number - 1)];
    if (isNew) {
      rows.visit = result_.visits.size();
      rows.first = table_.rowOffset();
      rows.slots.fill(kNoRow);
      result_.visits.push_back(std::move(draft_.visit));
    } else if (row != kNoRow) {
      DOORSTEP_TRY(compareRows(row, false));
      ++result_.duplicateRows;
      return kDone;
    } else {
      DOORSTEP_TRY(compareRows(rows.first, true));
    }
    row = table_.rowOffset();
    result_.visits[rows.visit].slots.push_back(std::move(draft_.slot));
    ++result_.rows;
    return kDone;
  }

  Status compareRows(std::size_t offset, bool factsOfVisitOnly) {
    DOORSTEP_TRY(earlier_.readAt(offset));
    for (const std::size_t column : table_.order()) {
      if ((factsOfVisitOnly && !visitColumns()[column].ofVisit) ||
          table_.text(column) == earlier_.text(column))
        continue;
      return table_.fault(column,
                          shownValue(table_.text(column)) + " here and " +
                              shownValue(earlier_.text(column)) +
                              (factsOfVisitOnly ? " in an earlier row of the same visit"
                                                : " in an earlier row of the same visit and slot"));
    }
    return kDone;
  }

  CsvTable table_;
  CsvTable earlier_;  // to read a row of before again
  RowDraft draft_;
  ColumnValue value_;
  std::unordered_map<std::string, VisitRows> visits_;
  VisitsFile result_;
};

}  // namespace

Result<VisitsFile> readVisits(const TextFile& file) { return VisitsReader(file).read(); }

}  // namespace doorstep::measure_files
