// SPDX-License-Identifier: Apache-2.0
#include "app/projections/screen_builder.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

#include "app/projections/tuning.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"

namespace doorstep::projections {
namespace {

VisitProgress progressOf(const visits::Attendance* attendance,
                         const visits::PlannedVisit* planned) {
  if (attendance != nullptr && attendance->checkOut)
    return VisitProgress::CheckedOut;
  if (attendance != nullptr && attendance->checkIn)
    return VisitProgress::CheckedIn;
  if (attendance != nullptr && attendance->noEntry)
    return VisitProgress::NoEntry;
  if (planned != nullptr && planned->state == visits::VisitState::Cancelled)
    return VisitProgress::Cancelled;
  return VisitProgress::ToDo;
}

bool isOver(VisitProgress progress) {
  return progress != VisitProgress::ToDo && progress != VisitProgress::CheckedIn;
}

void fillRecorded(const visits::Attendance& attendance, VisitScreen& screen) {
  if (attendance.checkIn)
    screen.checkedInUnixMs = attendance.checkIn->statedUnixMs();
  if (attendance.checkOut)
    screen.checkedOutUnixMs = attendance.checkOut->statedUnixMs();
  if (attendance.noEntry)
    screen.noEntry = attendance.noEntry->noEntryReason;
  for (const visits::NoteInForce& note : attendance.notes)
    screen.notes.push_back({note.text, note.wallUnixMs});
  screen.announcedDelayMin = attendance.announcedDelayMin;
  screen.newerAppEvents = attendance.newerAppEvents;
}

void fillTasks(const visits::PlannedVisit* planned, const visits::Attendance* attendance,
               VisitScreen& screen) {
  if (planned == nullptr)
    return;
  for (const visits::PlannedTask& task : planned->tasks) {
    TaskState state{task, std::nullopt};
    if (attendance != nullptr) {
      const auto recorded = attendance->tasks.find(task.taskNumber);
      if (recorded != attendance->tasks.end())
        state.recorded = recorded->second.record;
    }
    screen.tasks.push_back(std::move(state));
  }
}

// Whether a visit without records is in the time range of the round.
bool isOfTheseHours(const visits::PlannedVisit& planned, bool open, const DayBounds& today,
                    std::int64_t nowUnixMs) {
  const std::int64_t start = planned.windowStartUnixMs;
  const std::int64_t latestEnd =
      std::max(start, planned.windowEndUnixMs) + std::int64_t{planned.durationMin} * kMinuteMs;
  if (start >= today.beginUnixMs && start < today.endUnixMs)
    return true;
  if (start >= today.endUnixMs)
    return start <= nowUnixMs + kRoundAheadMs;
  return open && latestEnd >= nowUnixMs - kRoundBackMs;
}

// The visit in progress (of two, the one begun last), otherwise the first that is not begun.
void markNext(std::vector<RoundVisit>& visits,
              const std::function<std::int64_t(VisitId)>& checkedInUnixMs) {
  auto next = visits.end();
  for (auto at = visits.begin(); at != visits.end(); ++at) {
    if (at->progress != VisitProgress::CheckedIn)
      continue;
    if (next == visits.end() || checkedInUnixMs(at->visit) >= checkedInUnixMs(next->visit))
      next = at;
  }
  if (next == visits.end()) {
    next = std::find_if(visits.begin(), visits.end(), [](const RoundVisit& visit) {
      return visit.progress == VisitProgress::ToDo;
    });
  }
  if (next != visits.end())
    next->isNext = true;
}

}  // namespace

ScreenBuilder::ScreenBuilder(const journal::Journal& journal, const roster::RosterStore& roster,
                             const VisitRecords& records, CarerId carer, std::string carerName)
    : journal_(journal),
      roster_(roster),
      plan_(journal, roster),
      records_(records),
      carer_(carer),
      carerName_(std::move(carerName)) {}

RoundScreen ScreenBuilder::round(std::int64_t nowUnixMs) const {
  RoundScreen screen;
  screen.day = londonDay(nowUnixMs);
  screen.carerName = carerName_;
  screen.eventsOnThisPhone = eventsOnThisPhone();
  screen.lastContactUnixMs = lastContact();
  screen.planVersion = roster_.planVersion();
  std::set<VisitId> shown;
  std::set<std::string> begunRefs;
  for (const auto& [id, record] : records_.all()) {
    RoundVisit visit = row(id);
    if (!staysOnRound(record, visit, nowUnixMs))
      continue;
    if (const visits::PlannedVisit* planned = plan_.visit(id); planned != nullptr)
      begunRefs.insert(planned->ref);
    shown.insert(id);
    screen.visits.push_back(std::move(visit));
  }
  const DayBounds today = londonDayAround(nowUnixMs);
  for (const auto& [id, planned] : roster_.visits()) {
    if (shown.contains(id))
      continue;
    // The office replanned a visit in progress under another id: show one row only.
    if (records_.record(id) == nullptr && begunRefs.contains(planned.ref))
      continue;
    RoundVisit visit = row(id);
    if (isOfTheseHours(planned, !isOver(visit.progress), today, nowUnixMs))
      screen.visits.push_back(std::move(visit));
  }
  std::sort(
      screen.visits.begin(), screen.visits.end(), [](const RoundVisit& a, const RoundVisit& b) {
        return std::tie(a.windowStartUnixMs, a.visit) < std::tie(b.windowStartUnixMs, b.visit);
      });
  markNext(screen.visits, [this](VisitId id) {
    const visits::Attendance* attendance = records_.attendance(id);
    return attendance == nullptr || !attendance->checkIn ? 0 : attendance->checkIn->wallUnixMs;
  });
  return screen;
}

bool ScreenBuilder::staysOnRound(const VisitRecords::Record& record, const RoundVisit& visit,
                                 std::int64_t nowUnixMs) const {
  if (visit.progress == VisitProgress::CheckedIn)
    return true;
  // In both directions: the phone's clock may have been set back since.
  return visit.progress == VisitProgress::NoEntry &&
         std::abs(nowUnixMs - record.lastWallUnixMs) <= kNoEntryBackMs;
}

std::optional<VisitScreen> ScreenBuilder::visit(VisitId id) const {
  const visits::PlannedVisit* planned = plan_.visit(id);
  const visits::Attendance* attendance = records_.attendance(id);
  if (planned == nullptr && attendance == nullptr)
    return std::nullopt;
  VisitScreen screen;
  screen.row = row(id);
  const visits::Person* person = plan_.personOf(id);
  if (person != nullptr) {
    screen.personRef = person->ref;
    screen.accessNote = person->accessNote;
  }
  if (attendance != nullptr)
    fillRecorded(*attendance, screen);
  fillTasks(planned, attendance, screen);
  const VisitProgress progress = screen.row.progress;
  screen.canCheckIn = progress == VisitProgress::ToDo || progress == VisitProgress::NoEntry ||
                      progress == VisitProgress::Cancelled;
  screen.canReportNoEntry = progress == VisitProgress::ToDo || progress == VisitProgress::Cancelled;
  screen.canCheckOut = progress == VisitProgress::CheckedIn;
  // Also after the check-out, so that a forgotten record can be added truthfully.
  screen.canRecord = progress == VisitProgress::CheckedIn || progress == VisitProgress::CheckedOut;
  return screen;
}

OfficeScreen ScreenBuilder::office(const SyncStanding& sync) const {
  OfficeScreen screen;
  for (const auto& [id, record] : records_.all()) {
    const RoundVisit visit = row(id);
    OfficeRow office{id, visit.personName, visit.windowStartUnixMs, 0, 0, visit.office};
    for (const std::uint64_t number : record.eventNumbers) {
      if (journal_.standing(number) == journal::EventStanding::OnThisPhone)
        ++office.eventsOnThisPhone;
      else
        ++office.eventsAtTheOffice;
    }
    if (office.windowStartUnixMs == 0)
      office.windowStartUnixMs = record.lastWallUnixMs;
    screen.visits.push_back(std::move(office));
  }
  std::sort(screen.visits.begin(), screen.visits.end(), [](const OfficeRow& a, const OfficeRow& b) {
    return std::tie(b.windowStartUnixMs, b.visit) < std::tie(a.windowStartUnixMs, a.visit);
  });
  screen.eventsOnThisPhone = eventsOnThisPhone();
  for (const journal::EntryStanding& entry : journal_.entries()) {
    if (entry.receipt && entry.receipt->quarantineReason != 0)
      ++screen.entriesQuarantined;
  }
  screen.lastContactUnixMs = lastContact();
  screen.planVersion = roster_.planVersion();
  screen.exchanging = sync.exchanging;
  screen.lastFailureReason = sync.lastFailureReason;
  screen.logContradicted = journal_.syncState().logContradicted;
  return screen;
}

RoundVisit ScreenBuilder::row(VisitId id) const {
  const visits::PlannedVisit* planned = plan_.visit(id);
  RoundVisit row;
  row.visit = id;
  row.progress = progressOf(records_.attendance(id), planned);
  row.office = officeState(id);
  if (planned == nullptr)
    return row;
  const visits::Person* person = plan_.personOf(id);
  if (person != nullptr)
    row.personName = person->name;
  row.service = planned->service;
  row.windowStartUnixMs = planned->windowStartUnixMs;
  row.windowEndUnixMs = planned->windowEndUnixMs;
  row.durationMin = planned->durationMin;
  for (const visits::CarerSlot& slot : planned->slots) {
    if (slot.carer && slot.carer != carer_)
      row.colleagues.push_back({slot.slot, slot.carerName});
  }
  return row;
}

OfficeState ScreenBuilder::officeState(VisitId visit) const {
  const VisitRecords::Record* record = records_.record(visit);
  if (record == nullptr)
    return OfficeState::NothingRecorded;
  OfficeState state = OfficeState::AtTheOffice;
  for (const std::uint64_t number : record->eventNumbers) {
    const auto standing = journal_.standing(number);
    if (standing == journal::EventStanding::OfficeMustLook)
      return OfficeState::OfficeMustLook;
    if (standing == journal::EventStanding::OnThisPhone)
      state = OfficeState::OnThisPhone;
  }
  return state;
}

std::uint32_t ScreenBuilder::eventsOnThisPhone() const {
  std::uint64_t count = journal_.unsealedEvents();
  for (const journal::EntryStanding& entry : journal_.entries()) {
    if (!entry.receipt)
      count += entry.eventCount;
  }
  return static_cast<std::uint32_t>(count);
}

std::optional<std::int64_t> ScreenBuilder::lastContact() const {
  const std::int64_t server = journal_.syncState().replyServerUnixMs;
  return server == 0 ? std::nullopt : std::optional(server);
}

}  // namespace doorstep::projections
