// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/local_time.h"
#include "shared/core/mutex.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/monitoring/board_feed.h"
#include "sync-server/monitoring/board_loader.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/storage/storage.h"

namespace doorstep::monitoring {

// One provider's day, in memory while it is watched or read.
class LiveBoard {
 public:
  LiveBoard(ProviderId provider, DayBounds day, std::uint64_t firstRevision)
      : provider_(provider), day_(day), feed_(firstRevision) {}

  BoardFeed& feed() { return feed_; }

 private:
  friend class LiveBoards;
  enum class Stage {
    Loading,  // one caller loads it from the database; changes are buffered
    Ready,
    Failed,  // loading failed; waiting callers get the error, the next call retries
  };
  const ProviderId provider_;
  const DayBounds day_;
  BoardFeed feed_;

  Mutex mutex_;
  Condition loaded_;
  Stage stage_ DOORSTEP_GUARDED_BY(mutex_) = Stage::Loading;
  Error failure_ DOORSTEP_GUARDED_BY(mutex_);                       // of Failed
  std::optional<LoadedBoard> content_ DOORSTEP_GUARDED_BY(mutex_);  // of Ready
  // Changes during loading, newest of each: bounded by the provider's visits and carers.
  std::map<std::pair<VisitId, CarerId>, projections::AttendanceRecord> earlyRecords_
      DOORSTEP_GUARDED_BY(mutex_);
  std::map<CarerId, CarerPhone> earlyPhones_ DOORSTEP_GUARDED_BY(mutex_);
  bool earlyPlan_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

struct BoardAnswer {
  BoardPage page;
  std::uint64_t revision = 0;  // the page holds every change up to it
  std::string providerName;
  LateAlerts lateAlerts;
};

// All boards in use. Loaded from the database on first use, then updated by commits (records,
// contacts, plans) and, where a judgement is due to change, by time; the work grows with the number
// of changes, not with the size of the plan.
//
// One thread makes all changes. The writer thread only puts the newest state of each record and
// phone into a bounded inbox. Changes are published at once, then at most every kPublishInterval.
// When reading a plan fails, the board stays unchanged and the read is repeated. A crash loses
// nothing. Thread: any; stop() and the destructor by the owner.
class LiveBoards final : public projections::AttendanceObserver, public event_log::ContactObserver {
 public:
  // The arguments outlive it. plans: subscribed until stop(). ids: for random bits only.
  LiveBoards(storage::Storage& storage, roster::PlanFeed& plans, const Clock& clock, IdSource& ids);
  ~LiveBoards() override;

  // Rows of a page, most urgent first. May load the day from the database, so not on a reactor's
  // thread. Errors: PROVIDER_UNKNOWN, INVALID_ARGUMENT (DAY_FORMAT), RESOURCE_EXHAUSTED
  // (TOO_MANY_BOARDS).
  Result<BoardAnswer> page(ProviderId provider, const std::string& day,
                           const std::optional<BoardKey>& after, std::size_t size);
  // A board to watch; it stays in memory while the pointer is held. Errors and thread as page().
  Result<std::shared_ptr<LiveBoard>> open(ProviderId provider, const std::string& day);

  // AttendanceObserver, ContactObserver: called on the writer thread; return at once.
  void attendancesChanged(std::span<const projections::AttendanceRecord> records) override;
  void heard(std::span<const event_log::DeviceContact> contacts) override;

  // Ends all watches and the thread; no board can be opened any more. Call before stopping the gRPC
  // server, which waits for watches.
  void stop();

 private:
  using Address = std::pair<ProviderId, std::int64_t>;  // provider, first moment of the day
  using Boards = std::vector<std::shared_ptr<LiveBoard>>;

  struct Place {
    // shared_ptr: held by watchers and readers while in use; other holders do not count.
    std::shared_ptr<LiveBoard> board;
    std::int64_t usedUnixMs = 0;
  };
  struct Inbox {
    std::map<std::pair<ProviderId, std::pair<VisitId, CarerId>>, projections::AttendanceRecord>
        records;
    std::map<std::pair<ProviderId, CarerId>, event_log::DeviceContact> contacts;
    std::set<ProviderId> plans;
    bool empty() const { return records.empty() && contacts.empty() && plans.empty(); }
  };
  struct KnownPhone {
    std::uint64_t cursor = 0;
    CarerPhone phone;
  };

  void planChanged(ProviderId provider) DOORSTEP_EXCLUDES(inboxMutex_);
  void run();
  bool waitForWork(bool publishedJustNow);
  // Returns whether anything was published.
  bool work();
  void resolvePhones(const Inbox& inbox);
  void apply(LiveBoard& board, const Inbox& inbox, std::int64_t nowUnixMs)
      DOORSTEP_REQUIRES(board.mutex_);
  void applyRecord(LiveBoard& board, const projections::AttendanceRecord& record,
                   std::int64_t nowUnixMs) DOORSTEP_REQUIRES(board.mutex_);
  // Adds the night's unfinished visits to a board that was opened before its day.
  void goOverMidnight(LiveBoard& board, std::int64_t nowUnixMs) DOORSTEP_REQUIRES(board.mutex_);
  void applyPlan(LiveBoard& board, std::int64_t nowUnixMs) DOORSTEP_REQUIRES(board.mutex_);
  bool publish(LiveBoard& board, std::int64_t nowUnixMs) DOORSTEP_REQUIRES(board.mutex_);
  void sendSignsOfLife(const Boards& boards, std::int64_t nowUnixMs);
  Boards boards() DOORSTEP_EXCLUDES(boardsMutex_);
  Result<std::shared_ptr<LiveBoard>> find(const Address& address, const DayBounds& day,
                                          bool& mustLoad);
  void load(LiveBoard& board) DOORSTEP_EXCLUDES(boardsMutex_);
  bool hasStopped() DOORSTEP_EXCLUDES(inboxMutex_);
  std::uint64_t firstRevision();
  // Drops the least recently used board that nobody holds. False: all are held.
  bool makeRoom() DOORSTEP_REQUIRES(boardsMutex_);
  void forget(const LiveBoard& board) DOORSTEP_REQUIRES(boardsMutex_);

  storage::Storage& storage_;
  roster::PlanFeed& plans_;
  const Clock& clock_;
  IdSource& ids_;

  Mutex boardsMutex_;
  std::map<Address, Place> boards_ DOORSTEP_GUARDED_BY(boardsMutex_);

  Mutex inboxMutex_;
  Condition wake_;
  // Number of boards per provider.
  std::map<ProviderId, std::size_t> liveProviders_ DOORSTEP_GUARDED_BY(inboxMutex_);
  Inbox inbox_ DOORSTEP_GUARDED_BY(inboxMutex_);
  bool stopping_ DOORSTEP_GUARDED_BY(inboxMutex_) = false;

  // Used by the board thread only.
  std::map<std::pair<ProviderId, CarerId>, KnownPhone> phones_;
  std::set<ProviderId> plansToRetry_;
  std::uint64_t signBootMs_ = 0;

  std::uint64_t planWatch_ = 0;
  std::thread thread_;
};

}  // namespace doorstep::monitoring
