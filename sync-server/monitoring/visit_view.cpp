// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/visit_view.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "shared/visits/visit_fold.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/trusted_time_codec.h"
#include "sync-server/monitoring/board_loader.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::monitoring {
namespace {

using EventKey = std::pair<DeviceId, std::uint64_t>;

// Data collected from the visit's entries.
struct Collected {
  std::vector<v1::VisitEvent> events;
  std::vector<visits::RecordedEvent> facts;
  std::map<EventKey, std::uint64_t> supersededBy;
};

// Collects one entry's events about the visit. Facts are passed on as encoded by the phone, so that
// a kind unknown to this release arrives complete.
Status collect(const event_log::StoredEntry& stored, const std::vector<VisitId>& names,
               std::uint64_t logSize, Collected& into) {
  if (stored.entry.empty())
    return kDone;  // bytes erased at a person's request
  DOORSTEP_ASSIGN(const auto opened, wire::openEntry(stored.entry));
  const visits::Entry& entry = opened.decoded.entry;
  for (std::size_t index = 0; index < entry.events.size(); ++index) {
    const visits::Event& event = entry.events[index];
    if (std::find(names.begin(), names.end(), event.visit) == names.end())
      continue;
    v1::VisitEvent& message = into.events.emplace_back();
    message.set_device_id(stored.device.value);
    message.set_event_number(event.number);
    message.set_carer_id(stored.carer.value);
    // Bytes that are not a Fact have reason LIMITS, in an entry that does not count.
    if (!message.mutable_fact()->ParseFromString(opened.evidence.events[index].fact))
      message.clear_fact();
    message.set_wall_unix_ms(event.wallUnixMs);
    *message.mutable_time() = wire::encodeTrustedTime(timing::trustedTime(
        entry.boot, event.bootMs, event.wallUnixMs, std::span(&stored.anchor, 1)));
    message.set_received_unix_ms(stored.receivedUnixMs);
    message.set_plan_version_seen(entry.planVersion);
    message.mutable_receipt()->set_n(stored.n);
    message.mutable_receipt()->set_position(stored.position);
    message.mutable_receipt()->set_entry_hash(std::string(stored.entryHash.view()));
    message.mutable_receipt()->set_log_size(logSize);
    into.facts.push_back({stored.device, stored.carer, entry.boot, event});
    // An amendment that the fold ignores replaces nothing on the page either.
    const auto* amended = std::get_if<visits::Amended>(&event.fact);
    if (amended != nullptr && amended->eventNumber < event.number &&
        !std::holds_alternative<visits::UnknownReplacement>(amended->replacement))
      into.supersededBy[{stored.device, amended->eventNumber}] = event.number;
  }
  return kDone;
}

Result<Collected> collectAll(sql::Database& database, event_log::EventLog& log, ProviderId provider,
                             VisitId visit) {
  Collected collected;
  DOORSTEP_ASSIGN(const auto positions, projections::visitEntries(database, provider, visit));
  if (positions.empty())
    return collected;
  DOORSTEP_ASSIGN(const auto head, log.publishedHead(provider));
  DOORSTEP_ASSIGN(const auto names, roster::namesOfVisit(database, provider, visit));
  for (const std::uint64_t position : positions) {
    DOORSTEP_TRY(database.goOn());
    DOORSTEP_ASSIGN(const auto stored, log.entries(provider, position, 1));
    if (!stored.empty() && !stored.front().entry.empty())
      DOORSTEP_TRY(collect(stored.front(), names, head.size, collected));
  }
  std::sort(collected.events.begin(), collected.events.end(),
            [](const v1::VisitEvent& a, const v1::VisitEvent& b) {
              return std::tuple(a.time().ruled_unix_ms(), a.device_id(), a.event_number()) <
                     std::tuple(b.time().ruled_unix_ms(), b.device_id(), b.event_number());
            });
  return collected;
}

doorstep::visit::v1::TaskRecorded toProto(const visits::TaskRecorded& record) {
  doorstep::visit::v1::TaskRecorded message;
  message.set_task_number(record.taskNumber);
  message.set_outcome(static_cast<doorstep::visit::v1::TaskOutcome>(record.outcome));
  message.set_reason(static_cast<doorstep::visit::v1::NotDoneReason>(record.reason));
  message.set_independence(static_cast<doorstep::visit::v1::Independence>(record.independence));
  return message;
}

// If two carers recorded the same task, the later record is shown.
void addTasks(const visits::PlannedVisit& visit, const Collected& collected,
              v1::GetVisitResponse& response) {
  const auto attendances = visits::foldVisit(collected.facts);
  for (const visits::PlannedTask& task : visit.tasks) {
    v1::VisitTask& message = *response.add_tasks();
    message.set_task_number(task.taskNumber);
    message.set_code(task.code);
    message.set_text(task.text);
    message.set_critical(task.critical);
    const visits::TaskInForce* newest = nullptr;
    for (const auto& [carer, attendance] : attendances) {
      const auto found = attendance.tasks.find(task.taskNumber);
      if (found != attendance.tasks.end() &&
          (newest == nullptr || found->second.wallUnixMs > newest->wallUnixMs))
        newest = &found->second;
    }
    if (newest != nullptr)
      *message.mutable_recorded() = toProto(newest->record);
  }
}

Status addEvents(sql::Database& database, ProviderId provider, Collected collected,
                 v1::GetVisitResponse& response) {
  std::map<CarerId, std::string> names;
  for (v1::VisitEvent& event : collected.events) {
    const CarerId carer(event.carer_id());
    if (!names.contains(carer)) {
      DOORSTEP_ASSIGN(auto name, carerName(database, provider, carer));
      names.emplace(carer, std::move(name));
    }
    event.set_carer_name(names.at(carer));
    const auto superseded =
        collected.supersededBy.find({DeviceId(event.device_id()), event.event_number()});
    if (superseded != collected.supersededBy.end())
      event.set_superseded_by(superseded->second);
    *response.add_events() = std::move(event);
  }
  return kDone;
}

}  // namespace

Result<VisitView> readVisit(sql::Database& database, event_log::EventLog& log, ProviderId provider,
                            VisitId visitId, std::int64_t nowUnixMs,
                            const roster::AccountNames& names) {
  DOORSTEP_ASSIGN(const auto judged, roster::judgedVisit(database, provider, visitId, nowUnixMs));
  const visits::PlannedVisit& visit = judged.visit;
  DOORSTEP_ASSIGN(const auto person, roster::person(database, provider, visit.person));
  DOORSTEP_ASSIGN(auto row, loadRow(database, provider, visitId, nowUnixMs));
  DOORSTEP_ASSIGN(auto collected, collectAll(database, log, provider, visitId));
  VisitView view;
  view.person = person.id;
  *view.response.mutable_row() = std::move(row);
  view.response.set_access_note(person.accessNote);
  view.response.set_person_ref(person.ref);
  view.response.set_plan_version(visit.planVersion);
  *view.response.mutable_judged_plan() = roster::toProto(judged.plan, names);
  addTasks(visit, collected, view.response);
  DOORSTEP_TRY(addEvents(database, provider, std::move(collected), view.response));
  return view;
}

}  // namespace doorstep::monitoring
