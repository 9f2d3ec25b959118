// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/csv_export.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/core/time_range.h"
#include "shared/visits/place_grade.h"
#include "sync-server/records/record_message.h"

namespace doorstep::records {
namespace {

// Version of the set of columns. Columns are only ever appended.
constexpr const char* kSchemaVersion = "1";

// Without a byte order mark, spreadsheets read UTF-8 in the local code page.
constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::array kColumns = {"schema_version",
                                 "tz",
                                 "provider",
                                 "contract_id",
                                 "lot",
                                 "service_id",
                                 "person_la_id",
                                 "visit_id",
                                 "carer_pseudonym",
                                 "carer_slot",
                                 "carers_required",
                                 "final_plan_start",
                                 "final_plan_start_latest",
                                 "final_plan_end",
                                 "time_critical",
                                 "raw_start_utc",
                                 "raw_end_utc",
                                 "start_time_class",
                                 "start_earliest_utc",
                                 "start_latest_utc",
                                 "ruled_start_utc",
                                 "end_time_class",
                                 "end_earliest_utc",
                                 "end_latest_utc",
                                 "ruled_end_utc",
                                 "start_method",
                                 "end_method",
                                 "start_grade",
                                 "end_grade",
                                 "start_distance_band",
                                 "end_distance_band",
                                 "start_fix_age_s",
                                 "start_fix_accuracy_m",
                                 "start_received_utc",
                                 "end_received_utc",
                                 "status",
                                 "punctuality",
                                 "late_ms",
                                 "planned_min",
                                 "actual_min",
                                 "rule_version",
                                 "tasks_planned",
                                 "tasks_done",
                                 "tasks_not_done_reasoned",
                                 "critical_not_done",
                                 "tier",
                                 "provider_role",
                                 "funder_split",
                                 "commissioned_start",
                                 "commissioned_start_latest",
                                 "commissioned_end",
                                 "locked_plan_start",
                                 "locked_plan_start_latest",
                                 "locked_plan_end",
                                 "plan_first_published_utc",
                                 "plan_locked_utc",
                                 "locked_plan_version",
                                 "final_plan_version",
                                 "plan_changes_after_lock",
                                 "late_changes_office",
                                 "late_changes_person",
                                 "late_changes_council"};

using projections::RecordedMoment;

// Builds a line; fields must be added in the order of the columns.
class Line {
 public:
  void text(std::string_view value) { fields_.push_back(csvText(value)); }
  void plain(std::string_view value) { fields_.push_back(csvField(value)); }
  void number(std::int64_t value) { fields_.push_back(std::to_string(value)); }
  void utc(std::int64_t unixMs) { fields_.push_back(unixMsToUtc(unixMs)); }
  void empty(int count) { fields_.insert(fields_.end(), static_cast<std::size_t>(count), ""); }

  std::string finish() const {
    DOORSTEP_CHECK(fields_.size() == kColumns.size());
    return fmt::format("{}\r\n", fmt::join(fields_, ","));
  }

 private:
  std::vector<std::string> fields_;
};

const char* methodName(const std::optional<visits::PlaceEvidence>& place) {
  if (!place)
    return "none";
  switch (place->method) {
    case visits::PlaceMethod::Unspecified:
      return "none";
    case visits::PlaceMethod::Manual:
      return "manual";
    case visits::PlaceMethod::Position:
      return "position";
    case visits::PlaceMethod::NfcTag:
      return "nfc_tag";
    case visits::PlaceMethod::QrCode:
      return "qr_code";
  }
  return "other";  // a method of a newer app
}

// Distance is exported in bands, not in metres: a council sees how far, never where.
const char* distanceBand(const std::optional<visits::PlaceEvidence>& place) {
  if (!place || !place->distanceM)
    return "";
  if (*place->distanceM <= 50)
    return "0-50";
  if (*place->distanceM <= 150)
    return "51-150";
  if (*place->distanceM <= 500)
    return "151-500";
  return "501-";
}

const char* gradeName(const std::optional<visits::PlaceEvidence>& place) {
  constexpr std::array kNames = {"", "A", "B", "C", "D", "E"};
  return kNames[static_cast<std::size_t>(visits::placeGrade(place))];
}

const char* punctualityName(visits::Punctuality punctuality) {
  switch (punctuality) {
    case visits::Punctuality::OnTime:
      return "on_time";
    case visits::Punctuality::Early:
      return "early";
    case visits::Punctuality::Late:
      return "late";
    case visits::Punctuality::Missed:
      return "missed";
    case visits::Punctuality::NoEntry:
      return "no_entry";
    case visits::Punctuality::Open:
      return "open";
    case visits::Punctuality::NotCounted:
      return "not_counted";
    case visits::Punctuality::CancelledAttended:
      return "cancelled_attended";
    case visits::Punctuality::Unplanned:
      return "unplanned";
  }
  return "";
}

const char* statusName(const SlotRecord& record) {
  switch (record.judgement.punctuality) {
    case visits::Punctuality::Missed:
      return "missed";
    case visits::Punctuality::NoEntry:
      return "no_entry";
    case visits::Punctuality::Open:
      return "open";
    case visits::Punctuality::NotCounted:
      return "cancelled";
    case visits::Punctuality::CancelledAttended:
      return "cancelled_attended";
    case visits::Punctuality::Unplanned:
      return "unplanned";
    default:
      return "delivered";
  }
}

void addTime(const std::optional<RecordedMoment>& moment, Line& line) {
  if (!moment)
    return line.empty(4);
  const bool anchored = moment->time.timeClass == timing::TimeClass::Anchored;
  line.plain(anchored ? "A" : "C");
  if (anchored) {
    line.utc(moment->time.earliestUnixMs);
    line.utc(moment->time.latestUnixMs);
  } else {
    line.empty(2);
  }
  line.utc(moment->time.ruledUnixMs);
}

void addOptionalUtc(const std::optional<RecordedMoment>& moment, std::int64_t RecordedMoment::*time,
                    Line& line) {
  if (moment)
    line.utc((*moment).*time);
  else
    line.empty(1);
}

void addPlan(const SlotRecord& record, CarerPseudonyms& pseudonyms, Line& line) {
  const visits::PlannedVisit& visit = record.visit;
  line.plain(kSchemaVersion);
  line.plain("Europe/London");
  line.text(record.providerName);
  line.text(record.contract == nullptr ? "" : record.contract->ref);
  line.text(record.terms.lot);
  line.text(visit.service);
  line.text(record.person.ref);
  line.text(visit.ref);
  line.plain(
      pseudonyms.of(record.contract == nullptr ? ContractId() : record.contract->id, record.carer));
  line.number(record.slot);
  line.number(visit.carersRequired);
  line.utc(visit.windowStartUnixMs);
  line.utc(visit.windowEndUnixMs);
  line.utc(visit.windowEndUnixMs + std::int64_t{visit.durationMin} * 60'000);
  line.plain(visit.timeCritical ? "true" : "false");
}

void addPlace(const std::optional<RecordedMoment>& start, const std::optional<RecordedMoment>& end,
              Line& line) {
  line.plain(start ? methodName(start->place) : "");
  line.plain(end ? methodName(end->place) : "");
  line.plain(start ? gradeName(start->place) : "");
  line.plain(end ? gradeName(end->place) : "");
  line.plain(start ? distanceBand(start->place) : "");
  line.plain(end ? distanceBand(end->place) : "");
  const bool fix = start && start->place && start->place->fixAgeS && start->place->accuracyM;
  if (fix) {
    line.number(*start->place->fixAgeS);
    line.number(*start->place->accuracyM);
  } else {
    line.empty(2);
  }
}

void addRecord(const SlotRecord& record, Line& line) {
  const std::optional<RecordedMoment> start = record.record ? record.record->checkIn : std::nullopt;
  const std::optional<RecordedMoment> end = record.record ? record.record->checkOut : std::nullopt;
  addOptionalUtc(start, &RecordedMoment::wallUnixMs, line);
  addOptionalUtc(end, &RecordedMoment::wallUnixMs, line);
  addTime(start, line);
  addTime(end, line);
  addPlace(start, end, line);
  addOptionalUtc(start, &RecordedMoment::receivedUnixMs, line);
  addOptionalUtc(end, &RecordedMoment::receivedUnixMs, line);
  line.plain(statusName(record));
  line.plain(punctualityName(record.judgement.punctuality));
  line.number(record.judgement.lateMs);
  line.number(record.visit.durationMin);
  if (start && end) {
    const std::int64_t lastedMs =
        saturatingSubtract(end->time.ruledUnixMs, start->time.ruledUnixMs);
    line.plain(fmt::format("{:.3f}", static_cast<double>(lastedMs) / 60'000));
  } else {
    line.empty(1);
  }
}

// Adds the judging plan and the effective-dated values. Orders of a council are not stored yet, so
// the columns of the commissioned plan are empty.
void addHistory(const SlotRecord& record, Line& line) {
  const roster::JudgedPlan& plan = record.plan;
  line.text(record.terms.tier);
  line.plain(record.providerRole);
  line.plain(record.terms.funderSplit);
  line.empty(3);
  if (plan.lock.locked) {
    line.utc(plan.plan.windowStartUnixMs);
    line.utc(plan.plan.windowEndUnixMs);
    line.utc(plan.plan.windowEndUnixMs + std::int64_t{plan.plan.durationMin} * 60'000);
  } else {
    line.empty(3);
  }
  for (const auto& moment : {plan.firstPublishedUnixMs, plan.lock.lockedUnixMs}) {
    if (moment)
      line.utc(*moment);
    else
      line.empty(1);
  }
  if (plan.lock.locked)
    line.number(static_cast<std::int64_t>(plan.publication.version));
  else
    line.empty(1);
  line.number(static_cast<std::int64_t>(plan.newest.version));
  line.number(plan.lock.changesAfter);
  line.number(plan.lock.changesOffice);
  line.number(plan.lock.changesPerson);
  line.number(plan.lock.changesCouncil);
}

}  // namespace

std::string csvHeader() {
  return fmt::format("{}{}\r\n", kByteOrderMark, fmt::join(kColumns, ","));
}

std::string csvLine(const SlotRecord& record, CarerPseudonyms& pseudonyms) {
  Line line;
  addPlan(record, pseudonyms, line);
  addRecord(record, line);
  line.number(record.rules.ruleVersion);
  const TaskCounts tasks = countTasks(record);
  line.number(tasks.planned);
  line.number(tasks.done);
  line.number(tasks.notDoneReasoned);
  line.number(tasks.criticalNotDone);
  addHistory(record, line);
  return line.finish();
}

std::string csvField(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(value);
  std::string quoted = "\"";
  for (const char character : value) {
    if (character == '"')
      quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::string csvText(std::string_view value) {
  // New input with control or invisible characters is refused; in older data they are replaced
  // here.
  const std::string shown = shownText(value, TextKind::Lines);
  // Including fullwidth forms, and after blanks and other characters that spreadsheets skip.
  constexpr std::uint32_t kFormulaSigns[] = {'=',  '+',    '-',    '@',    '\t',
                                             '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
  const auto begins = [&](std::string_view text) {
    return !text.empty() && std::find(std::begin(kFormulaSigns), std::end(kFormulaSigns),
                                      firstCharacter(text).codePoint) != std::end(kFormulaSigns);
  };
  const bool formula = begins(shown) || begins(withPlainBlanks(shown));
  return csvField(formula ? "'" + shown : shown);
}

}  // namespace doorstep::records
