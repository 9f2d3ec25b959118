// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/visit_projection.h"

#include <algorithm>

#include "shared/wire/entry_codec.h"
#include "sync-server/projections/tuning.h"

namespace doorstep::projections {
namespace {

// intake::quarantineName for entries that wait for a plan.
constexpr const char* kUnknownVisit = "UNKNOWN_VISIT";

}  // namespace

VisitProjection::VisitProjection(AttendanceWriter writer, event_log::EventLog& log,
                                 AttendanceObserver* observer, ResolveVisit resolve)
    : writer_(std::move(writer)), log_(log), observer_(observer), resolve_(std::move(resolve)) {}

Result<std::unique_ptr<VisitProjection>> VisitProjection::open(sql::Database& database,
                                                               event_log::EventLog& log,
                                                               AttendanceObserver* observer,
                                                               ResolveVisit resolve) {
  DOORSTEP_ASSIGN(auto writer, AttendanceWriter::open(database));
  return std::unique_ptr<VisitProjection>(
      new VisitProjection(std::move(writer), log, observer, std::move(resolve)));
}

Result<VisitProjection::Resolved> VisitProjection::resolveAll(ProviderId provider,
                                                              const visits::Entry& entry) const {
  Resolved resolved;
  for (const visits::Event& event : entry.events) {
    if (!event.visit)
      continue;  // another subject, or sealed
    const auto [at, fresh] = resolved.try_emplace(event.visit, event.visit);
    if (fresh && resolve_) {
      DOORSTEP_ASSIGN(at->second, resolve_(provider, event.visit));
    }
  }
  return resolved;
}

Status VisitProjection::setAside(const event_log::CommittedEntry& entry) {
  if (entry.stored.quarantineReason != kUnknownVisit)
    return kDone;
  DOORSTEP_ASSIGN(const Resolved named, resolveAll(entry.stored.provider, entry.entry));
  for (const auto& [visit, planned] : named)
    DOORSTEP_TRY(writer_.addWaiting(entry.stored.provider, entry.stored.position, visit));
  return kDone;
}

Status VisitProjection::apply(std::span<const event_log::CommittedEntry> entries) {
  std::map<VisitKey, std::set<CarerId>> changed;
  for (const event_log::CommittedEntry& entry : entries) {
    if (!entry.stored.quarantineReason.empty()) {
      DOORSTEP_TRY(setAside(entry));
      continue;
    }
    if (entry.countedLate)
      DOORSTEP_TRY(writer_.dropWaiting(entry.stored.provider, entry.stored.position));
    DOORSTEP_ASSIGN(const Resolved resolved, resolveAll(entry.stored.provider, entry.entry));
    std::set<VisitId> visitsOfEntry;
    for (const auto& [named, planned] : resolved)
      visitsOfEntry.insert(planned);
    for (const VisitId visit : visitsOfEntry) {
      const VisitKey key{entry.stored.provider, visit};
      DOORSTEP_ASSIGN(HotVisit * hot, hotVisit(key));
      const std::size_t before = hot->fold.eventCount();
      addEntry(key, entry, resolved, *hot);
      hotEvents_ += hot->fold.eventCount() - before;
      changed[key].insert(entry.stored.carer);
      DOORSTEP_TRY(writer_.addVisitEntry(key.first, visit, entry.stored.position));
    }
  }
  for (const auto& [key, carers] : changed) {
    for (AttendanceRecord& record : recordsOf(key, hot_.at(key), carers)) {
      DOORSTEP_TRY(writer_.put(record));
      changed_.push_back(std::move(record));
    }
  }
  return kDone;
}

void VisitProjection::committed() {
  uncommitted_.clear();
  if (observer_ != nullptr && !changed_.empty())
    observer_->attendancesChanged(changed_);
  changed_.clear();
  coolDown();
}

Status VisitProjection::clear() {
  hot_.clear();
  hotEvents_ = 0;
  uses_.clear();
  uncommitted_.clear();
  changed_.clear();
  return writer_.clear();
}

void VisitProjection::takenBack() {
  for (const VisitKey& key : uncommitted_) {
    const auto found = hot_.find(key);
    if (found == hot_.end())
      continue;
    forget(found);
  }
  uncommitted_.clear();
  changed_.clear();
}

Result<VisitProjection::HotVisit*> VisitProjection::hotVisit(const VisitKey& key) {
  const auto found = hot_.find(key);
  if (found != hot_.end()) {
    uncommitted_.insert(key);
    uses_.splice(uses_.end(), uses_, found->second.use);
    return &found->second;
  }
  HotVisit visit;
  DOORSTEP_TRY(readBack(key, visit));
  hotEvents_ += visit.fold.eventCount();
  uncommitted_.insert(key);
  visit.use = uses_.insert(uses_.end(), key);
  return &hot_.emplace(key, std::move(visit)).first->second;
}

Result<VisitProjection::EventCounts> VisitProjection::eventsOf(ProviderId provider, VisitId visit,
                                                               DeviceId device) {
  DOORSTEP_ASSIGN(const HotVisit* hot, hotVisit({provider, visit}));
  const auto found = hot->events.find(device);
  return EventCounts{hot->fold.eventCount(), found == hot->events.end() ? 0 : found->second};
}

Status VisitProjection::readBack(const VisitKey& key, HotVisit& visit) {
  DOORSTEP_ASSIGN(const auto positions, writer_.visitEntries(key.first, key.second));
  for (const std::uint64_t position : positions) {
    DOORSTEP_ASSIGN(const auto stored, log_.entries(key.first, position, 1));
    if (stored.empty() || stored.front().entry.empty())
      continue;  // bytes erased at a person's request
    DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.front().entry));
    DOORSTEP_ASSIGN(const Resolved resolved, resolveAll(key.first, decoded.entry));
    addEntry(key, {stored.front(), decoded.entry}, resolved, visit);
  }
  return kDone;
}

void VisitProjection::addEntry(const VisitKey& key, const event_log::CommittedEntry& entry,
                               const Resolved& resolved, HotVisit& visit) {
  const event_log::StoredEntry& stored = entry.stored;
  if (entry.entry.events.empty())
    return;
  visit.arrivals[{stored.device, entry.entry.events.front().number}] = {stored.anchor,
                                                                        stored.receivedUnixMs};
  std::uint64_t& newest = visit.newestPosition[stored.carer];
  newest = std::max(newest, stored.position);
  for (const visits::Event& event : entry.entry.events) {
    const auto named = resolved.find(event.visit);
    if (named == resolved.end() || named->second != key.second ||
        !visit.fold.apply({stored.device, stored.carer, entry.entry.boot, event}))
      continue;
    ++visit.events[stored.device];
  }
}

attendance::EntryArrival VisitProjection::arrivalOf(const HotVisit& visit, DeviceId device,
                                                    std::uint64_t eventNumber) {
  auto arrival = visit.arrivals.upper_bound({device, eventNumber});
  DOORSTEP_CHECK(arrival != visit.arrivals.begin());
  return (--arrival)->second;
}

std::vector<AttendanceRecord> VisitProjection::recordsOf(const VisitKey& key, const HotVisit& visit,
                                                         const std::set<CarerId>& carers) {
  std::vector<AttendanceRecord> records;
  for (const CarerId carer : carers) {
    const visits::Attendance* fold = visit.fold.attendanceOf(carer);
    if (fold == nullptr)
      continue;
    AttendanceRecord record = attendance::withTimes(
        *fold,
        [&](DeviceId device, std::uint64_t number) { return arrivalOf(visit, device, number); });
    record.provider = key.first;
    record.visit = key.second;
    record.newestPosition = visit.newestPosition.at(carer);
    records.push_back(std::move(record));
  }
  return records;
}

void VisitProjection::coolDown() {
  while (hot_.size() > kHotVisitsMax || hotEvents_ > kHotEventsMax)
    forget(hot_.find(uses_.front()));
}

void VisitProjection::forget(std::map<VisitKey, HotVisit>::iterator visit) {
  hotEvents_ -= visit->second.fold.eventCount();
  uses_.erase(visit->second.use);
  hot_.erase(visit);
}

}  // namespace doorstep::projections
