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

// Returns the planned visit for an event's visit id (roster::VisitAliases).
using ResolveVisit = std::function<Result<VisitId>(ProviderId, VisitId)>;

// Called on the writer thread after the commit, with the changed rows. Must return at once.
class AttendanceObserver {
 public:
  virtual ~AttendanceObserver() = default;
  virtual void attendancesChanged(std::span<const AttendanceRecord> records) = 0;
};

// The records of each visit, derived from the log (attendance_record.h). Each commit is folded in
// memory; then each changed row is written once, in the commit's transaction.
//
// A visit's fold needs all its events, because an amendment names an earlier one. Events of
// recently recorded visits stay in memory; those of others are read back from the log when a new
// entry concerns them. The tables are a function of the log alone: clear() and apply() of
// everything give the same rows, however the entries were split into commits. Quarantined entries
// do not count; those that wait for a plan are indexed, to be found when it is back.
//
// A failed commit leaves nothing behind: the visits it touched are dropped from memory and read
// again when needed. Callers: intake's commit pipeline, and the rebuild command. Thread: the
// writer.
class VisitProjection final : public event_log::Projection {
 public:
  // The arguments outlive the projection; observer may be null. database: the writer's connection.
  // resolve: if empty, each id denotes itself.
  static Result<std::unique_ptr<VisitProjection>> open(sql::Database& database,
                                                       event_log::EventLog& log,
                                                       AttendanceObserver* observer,
                                                       ResolveVisit resolve = {});

  // Counted events of a visit, of all devices and of one. Reads the visit back if it is not in
  // memory.
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
  struct HotVisit {
    visits::VisitFold fold;
    // By device and first event number of the entry; an event belongs to the last key at or before
    // it.
    std::map<std::pair<DeviceId, std::uint64_t>, attendance::EntryArrival> arrivals;
    std::map<CarerId, std::uint64_t> newestPosition;
    std::map<DeviceId, std::size_t> events;
    std::list<VisitKey>::iterator use;
  };

  // Planned visits of an entry's events, by the ids in the events.
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
  static attendance::EntryArrival arrivalOf(const HotVisit& visit, DeviceId device,
                                            std::uint64_t eventNumber);
  void coolDown();

  AttendanceWriter writer_;
  event_log::EventLog& log_;
  AttendanceObserver* const observer_;
  const ResolveVisit resolve_;
  std::map<VisitKey, HotVisit> hot_;
  std::size_t hotEvents_ = 0;              // in all of hot_
  std::list<VisitKey> uses_;               // least recently used first
  std::set<VisitKey> uncommitted_;         // touched since committed()
  std::vector<AttendanceRecord> changed_;  // written since committed()
};

}  // namespace doorstep::projections
