// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "shared/visits/visit_fold.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/projections/attendance_store.h"

namespace doorstep::projections {

// The planned visit that an event's visit id stands for (roster::VisitAliases).
using ResolveVisit = std::function<Result<VisitId>(ProviderId, VisitId)>;

// Told on the writer thread, after the commit, which rows it changed. Must return at once.
class AttendanceObserver {
 public:
  virtual ~AttendanceObserver() = default;
  virtual void attendancesChanged(std::span<const AttendanceRecord> records) = 0;
};

// What was recorded about each visit, derived from the log (attendance_record.h). Each commit is
// folded in memory; then each row that changed is written once, in the commit's transaction.
//
// A visit's fold needs all its events, because an amendment names an earlier one. The events of
// visits that were recorded lately stay in memory; those of any other are read back from the log
// when a new entry speaks of it. The tables are a function of the log alone: clear() and apply() of
// everything give the same rows, however the entries were split into commits. Quarantined entries
// do not count; which of them wait for a plan is remembered, so that they are found when it is
// back.
//
// A commit that failed leaves nothing behind: what it touched in memory is forgotten and read again
// from the log when it is needed. Who calls: intake's commit pipeline, and the rebuild command.
// Thread: the writer.
class VisitProjection final : public event_log::Projection {
 public:
  // All three outlive the projection; observer may be null. database: the writer's connection.
  // resolve: without it each id stands for itself.
  static Result<std::unique_ptr<VisitProjection>> open(sql::Database& database,
                                                       event_log::EventLog& log,
                                                       AttendanceObserver* observer,
                                                       ResolveVisit resolve = {});

  // Events of a visit that count, of all devices and of one. Reads the visit back when it is not in
  // memory, as the entry that is about to be folded would.
  struct EventCounts {
    std::size_t all = 0;
    std::size_t ofDevice = 0;
  };
  Result<EventCounts> eventsOf(ProviderId provider, VisitId visit, DeviceId device);

  Status apply(std::span<const event_log::CommittedEntry> entries) override;
  void committed() override;
  void takenBack() override;
  Status clear() override;

 private:
  using VisitKey = std::pair<ProviderId, VisitId>;
  // What the server knows of the coming of an event's entry: shared by all its events.
  struct Arrival {
    timing::Anchor anchor;
    std::int64_t receivedUnixMs = 0;
  };
  struct HotVisit {
    visits::VisitFold fold;
    // By device and first event number of the entry; an event belongs to the last one at or before
    // it.
    std::map<std::pair<DeviceId, std::uint64_t>, Arrival> arrivals;
    std::map<CarerId, std::uint64_t> newestPosition;
    std::map<DeviceId, std::size_t> events;
    std::list<VisitKey>::iterator use;
  };

  // The visits of an entry's events, by the ids that the events hold.
  using Resolved = std::map<VisitId, VisitId>;

  VisitProjection(AttendanceWriter writer, event_log::EventLog& log, AttendanceObserver* observer,
                  ResolveVisit resolve);
  Result<Resolved> resolveAll(ProviderId provider, const visits::Entry& entry) const;
  Status setAside(const event_log::CommittedEntry& entry);
  Result<HotVisit*> hotVisit(const VisitKey& key);
  Status readBack(const VisitKey& key, HotVisit& visit);
  void forget(std::map<VisitKey, HotVisit>::iterator visit);
  static void addEntry(const VisitKey& key, const event_log::CommittedEntry& entry,
                       const Resolved& resolved, HotVisit& visit);
  static std::vector<AttendanceRecord> recordsOf(const VisitKey& key, const HotVisit& visit,
                                                 const std::set<CarerId>& carers);
  static std::optional<RecordedMoment> recordedMoment(const HotVisit& visit,
                                                      const std::optional<visits::Moment>& moment);
  void coolDown();

  AttendanceWriter writer_;
  event_log::EventLog& log_;
  AttendanceObserver* const observer_;
  const ResolveVisit resolve_;
  std::map<VisitKey, HotVisit> hot_;
  std::size_t hotEvents_ = 0;              // of all of hot_
  std::list<VisitKey> uses_;               // least recently used first
  std::set<VisitKey> uncommitted_;         // touched since committed()
  std::vector<AttendanceRecord> changed_;  // written since committed()
};

}  // namespace doorstep::projections
