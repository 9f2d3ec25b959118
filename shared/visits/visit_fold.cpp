// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/visit_fold.h"

#include <tuple>

namespace doorstep::visits {
namespace {

using Replacement = decltype(Amended::replacement);
using Key = std::pair<DeviceId, std::uint64_t>;

Moment momentOf(const RecordedEvent& recorded) {
  Moment moment;
  moment.device = recorded.device;
  moment.eventNumber = recorded.event.number;
  moment.boot = recorded.boot;
  moment.bootMs = recorded.event.bootMs;
  moment.wallUnixMs = recorded.event.wallUnixMs;
  return moment;
}

// Order within a device by number, between devices by the given times.
template <typename T>
bool isBefore(const T& a, std::int64_t aUnixMs, const T& b, std::int64_t bUnixMs) {
  if (a.device == b.device)
    return a.eventNumber < b.eventNumber;
  return std::tie(aUnixMs, a.device) < std::tie(bUnixMs, b.device);
}

bool isBefore(const Moment& a, const Moment& b) {
  return isBefore(a, a.statedUnixMs(), b, b.statedUnixMs());
}
bool isBefore(const TaskInForce& a, const TaskInForce& b) {
  return isBefore(a, a.wallUnixMs, b, b.wallUnixMs);
}

// First chooses per device, then between devices: otherwise two devices with wrong clocks could
// make the result depend on the order of arrival.
template <typename T, typename Better>
std::optional<T> pick(const std::vector<T>& candidates, Better better) {
  std::map<DeviceId, T> byDevice;
  for (const T& candidate : candidates) {
    const auto [at, fresh] = byDevice.emplace(candidate.device, candidate);
    if (!fresh && better(candidate, at->second))
      at->second = candidate;
  }
  std::optional<T> best;
  for (const auto& [device, candidate] : byDevice) {
    if (!best || better(candidate, *best))
      best = candidate;
  }
  return best;
}

struct Announcement {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::int64_t wallUnixMs = 0;
  std::uint32_t delayMin = 0;
};

// All records of one carer in force, before the rules choose which count.
struct Candidates {
  std::vector<Moment> checkIns;
  std::vector<Moment> checkOuts;
  std::vector<Moment> noEntries;
  std::map<std::uint32_t, std::vector<TaskInForce>> tasks;
  std::vector<NoteInForce> notes;
  std::vector<Announcement> delays;

  void add(const RecordedEvent& recorded, const Replacement* replacement);
  void addMoment(std::vector<Moment>& moments, Moment moment, const Replacement* replacement);
};

void Candidates::addMoment(std::vector<Moment>& moments, Moment moment,
                           const Replacement* replacement) {
  if (replacement != nullptr) {
    if (const auto* time = std::get_if<CorrectedTime>(replacement))
      moment.correctedUnixMs = time->unixMs;
  }
  moments.push_back(std::move(moment));
}

void Candidates::add(const RecordedEvent& recorded, const Replacement* replacement) {
  const Event& event = recorded.event;
  Moment moment = momentOf(recorded);
  if (const auto* in = std::get_if<CheckedIn>(&event.fact)) {
    moment.place = in->place;
    addMoment(checkIns, std::move(moment), replacement);
  } else if (const auto* out = std::get_if<CheckedOut>(&event.fact)) {
    moment.place = out->place;
    addMoment(checkOuts, std::move(moment), replacement);
  } else if (const auto* none = std::get_if<NoEntry>(&event.fact)) {
    moment.place = none->place;
    moment.noEntryReason = none->reason;
    addMoment(noEntries, std::move(moment), replacement);
  } else if (const auto* task = std::get_if<TaskRecorded>(&event.fact)) {
    const auto* better = replacement == nullptr ? nullptr : std::get_if<TaskRecorded>(replacement);
    const TaskRecorded& record = better == nullptr ? *task : *better;
    tasks[record.taskNumber].push_back({recorded.device, event.number, event.wallUnixMs, record});
  } else if (const auto* note = std::get_if<NoteAdded>(&event.fact)) {
    const auto* better = replacement == nullptr ? nullptr : std::get_if<NoteAdded>(replacement);
    notes.push_back({recorded.device, event.number, event.wallUnixMs,
                     better == nullptr ? note->text : better->text});
  } else if (const auto* late = std::get_if<RunningLate>(&event.fact)) {
    delays.push_back({recorded.device, event.number, event.wallUnixMs, late->expectedDelayMin});
  }
}

}  // namespace

bool VisitFold::apply(const RecordedEvent& recorded) {
  const auto [at, fresh] = events_.emplace(Key{recorded.device, recorded.event.number}, recorded);
  if (fresh)
    due_.insert(recorded.carer);
  return fresh;
}

const std::map<CarerId, Attendance>& VisitFold::attendances() const {
  foldDue();
  return attendances_;
}

const Attendance* VisitFold::attendanceOf(CarerId carer) const {
  foldDue();
  const auto found = attendances_.find(carer);
  return found == attendances_.end() ? nullptr : &found->second;
}

void VisitFold::foldDue() const {
  for (const CarerId carer : due_)
    attendances_.insert_or_assign(carer, fold(carer));
  due_.clear();
}

// A visit has about fifteen events, so folding a carer's again costs less than tracking what each
// of them supersedes. Done once for all events since the last read.
Attendance VisitFold::fold(CarerId carer) const {
  // From newest to oldest: an amendment has a higher number than the event it amends, so an event's
  // amendments are known when it is reached.
  std::map<Key, Replacement> replacements;
  Candidates candidates;
  Attendance attendance;
  attendance.carer = carer;
  for (auto at = events_.rbegin(); at != events_.rend(); ++at) {
    const auto& [key, recorded] = *at;
    if (recorded.carer != carer)
      continue;
    ++attendance.events;
    const auto found = replacements.find(key);
    const Replacement* replacement = found == replacements.end() ? nullptr : &found->second;
    const bool withdrawn =
        replacement != nullptr && std::holds_alternative<Withdrawn>(*replacement);
    const auto* amended = std::get_if<Amended>(&recorded.event.fact);
    if (amended != nullptr) {
      attendance.amended = true;
      if (withdrawn)
        continue;
      const Replacement& last = replacement == nullptr ? amended->replacement : *replacement;
      if (std::holds_alternative<UnknownReplacement>(last))
        ++attendance.newerAppEvents;
      else if (amended->eventNumber < recorded.event.number)
        replacements.emplace(Key{recorded.device, amended->eventNumber}, last);
    } else if (!withdrawn && std::holds_alternative<UnknownFact>(recorded.event.fact)) {
      ++attendance.newerAppEvents;
    } else if (!withdrawn) {
      candidates.add(recorded, replacement);
    }
  }
  const auto first = [](const Moment& a, const Moment& b) { return isBefore(a, b); };
  const auto last = [](const auto& a, const auto& b) { return isBefore(b, a); };
  attendance.checkIn = pick(candidates.checkIns, first);
  attendance.checkOut = pick(candidates.checkOuts, last);
  attendance.noEntry = pick(candidates.noEntries, last);
  for (const auto& [number, records] : candidates.tasks)
    attendance.tasks.emplace(number, *pick(records, last));
  attendance.notes.assign(candidates.notes.rbegin(), candidates.notes.rend());
  const auto lastSaid = [](const Announcement& a, const Announcement& b) {
    return isBefore(b, b.wallUnixMs, a, a.wallUnixMs);
  };
  if (const auto delay = pick(candidates.delays, lastSaid))
    attendance.announcedDelayMin = delay->delayMin;
  return attendance;
}

std::map<CarerId, Attendance> foldVisit(std::span<const RecordedEvent> events) {
  VisitFold visit;
  for (const RecordedEvent& event : events)
    visit.apply(event);
  return visit.attendances();
}

}  // namespace doorstep::visits
