// SPDX-License-Identifier: Apache-2.0
#include "tests/support/phone/phone_script.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace doorstep::support {
namespace {

template <typename Number>
std::optional<Number> toNumber(std::string_view text) {
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return number;
}

// The fields of a line; the last one takes the rest.
std::vector<std::string_view> split(std::string_view line, std::size_t fieldsMax) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < fieldsMax) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos)
      break;
    fields.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  fields.push_back(line);
  return fields;
}

std::optional<recording::Intent> taskIntent(std::string_view rest) {
  const auto fields = split(rest, 4);
  if (fields.size() < 2)
    return std::nullopt;
  visits::TaskRecorded task;
  const auto number = toNumber<std::uint32_t>(fields[0]);
  if (!number)
    return std::nullopt;
  task.taskNumber = *number;
  task.outcome = fields[1] == "done"          ? visits::TaskOutcome::Done
                 : fields[1] == "partly_done" ? visits::TaskOutcome::PartlyDone
                 : fields[1] == "not_done"    ? visits::TaskOutcome::NotDone
                                              : visits::TaskOutcome::Unspecified;
  if (fields.size() > 2)
    task.reason = static_cast<visits::NotDoneReason>(toNumber<int>(fields[2]).value_or(0));
  if (fields.size() > 3)
    task.independence = static_cast<visits::Independence>(toNumber<int>(fields[3]).value_or(0));
  return recording::RecordTask{VisitId(), task};
}

std::optional<recording::Intent> intentOf(std::string_view action, std::string_view rest) {
  if (action == "check_in")
    return recording::CheckIn{};
  if (action == "check_out")
    return recording::CheckOut{};
  if (action == "task")
    return taskIntent(rest);
  if (action == "note")
    return recording::AddNote{VisitId(), std::string(rest)};
  if (action == "no_entry") {
    const auto reason = rest == "no_reply"          ? visits::NoEntryReason::NoReply
                        : rest == "refused_at_door" ? visits::NoEntryReason::RefusedAtDoor
                        : rest == "unsafe"          ? visits::NoEntryReason::Unsafe
                                                    : visits::NoEntryReason::Unspecified;
    return recording::ReportNoEntry{VisitId(), reason};
  }
  if (action == "late")
    return recording::AnnounceDelay{VisitId(), toNumber<std::uint32_t>(rest).value_or(0)};
  return std::nullopt;
}

// The kind of fact that an intent becomes, as index into visits::Fact.
std::size_t kindOf(const recording::Intent& intent) {
  static const std::size_t kinds[] = {
      visits::Fact(visits::CheckedIn()).index(),    visits::Fact(visits::CheckedOut()).index(),
      visits::Fact(visits::TaskRecorded()).index(), visits::Fact(visits::NoteAdded()).index(),
      visits::Fact(visits::NoEntry()).index(),      visits::Fact(visits::RunningLate()).index(),
      visits::Fact(visits::Amended()).index()};
  return kinds[intent.index()];
}

bool sameTask(const recording::Intent& intent, const visits::Fact& fact) {
  const auto* wanted = std::get_if<recording::RecordTask>(&intent);
  const auto* recorded = std::get_if<visits::TaskRecorded>(&fact);
  return wanted == nullptr || recorded == nullptr ||
         wanted->task.taskNumber == recorded->taskNumber;
}

}  // namespace

Result<std::vector<Step>> parseScript(std::string_view csv) {
  std::vector<Step> steps;
  std::size_t lineNumber = 0;
  while (!csv.empty()) {
    ++lineNumber;
    const auto end = csv.find('\n');
    std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.empty() || line.starts_with("time,"))
      continue;
    const auto fields = split(line, 4);
    const auto time = toNumber<std::int64_t>(fields[0]);
    const auto intent =
        fields.size() < 3 ? std::nullopt : intentOf(fields[1], fields.size() > 3 ? fields[3] : "");
    if (!time || !intent)
      return Error{ErrorCode::InvalidArgument, "SCRIPT_FORMAT",
                   "line " + std::to_string(lineNumber)};
    steps.push_back({*time, std::string(fields[2]), *intent});
  }
  return steps;
}

Status resolve(Step& step, const app::Phone& phone) {
  const projections::KnownPlan plan(phone.journal(), phone.roster());
  VisitId found;
  if (step.visitRef.starts_with('#')) {
    found = VisitId(toNumber<std::uint64_t>(std::string_view(step.visitRef).substr(1)).value_or(0));
  } else {
    VisitId begun;
    VisitId left;
    for (const auto& [id, record] : phone.records().all()) {
      const visits::PlannedVisit* planned = plan.visit(id);
      if (planned == nullptr || planned->ref != step.visitRef)
        continue;
      const visits::Attendance* attendance = phone.records().attendance(id);
      const bool open = attendance != nullptr && attendance->checkIn && !attendance->checkOut;
      (open ? begun : left) = id;
    }
    for (const auto& [id, visit] : phone.roster().visits()) {
      if (visit.ref == step.visitRef)
        found = id;
    }
    found = begun ? begun : found ? found : left;
  }
  if (!found)
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", step.visitRef};
  std::visit([&](auto& intent) { intent.visit = found; }, step.intent);
  return kDone;
}

bool isRecorded(const Step& step, const std::vector<visits::RecordedEvent>& events) {
  const VisitId visit = std::visit([](const auto& intent) { return intent.visit; }, step.intent);
  return std::any_of(events.begin(), events.end(), [&](const visits::RecordedEvent& recorded) {
    const visits::Event& event = recorded.event;
    return event.visit == visit && event.wallUnixMs == step.unixMs &&
           event.fact.index() == kindOf(step.intent) && sameTask(step.intent, event.fact);
  });
}

}  // namespace doorstep::support
