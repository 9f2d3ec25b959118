// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>

#include "shared/core/mutex.h"

namespace doorstep::monitoring {

// A message for all watchers of a board: an encoded WatchBoardResponse, encoded once. shared_ptr:
// gRPC holds it until the slowest watcher's write is done.
using SharedMessage = std::shared_ptr<const std::string>;

// A stream that watches a board. At any moment it is owned either by the feed (waiting) or by
// itself: wait() passes ownership to the feed; somethingNew(), or a leave() that returns true,
// returns it. So exactly one thread acts on it, and it may destroy itself while it owns itself.
class BoardWatcher {
 public:
  virtual ~BoardWatcher() = default;
  // Something follows the position it waited at: call take() again. Called on the publishing
  // thread, outside the feed's lock; must return at once.
  virtual void somethingNew() = 0;
};

// The newest changes of one board, shared by all watchers. A watcher has only a position here: a
// slow one falls behind in the ring, and once its position is gone it gets a reset and requests the
// board again. Memory is bounded by the ring, independent of the number and speed of watchers.
// Thread: any.
class BoardFeed {
 public:
  struct Position {
    std::uint64_t revision = 0;
    std::uint64_t sign = 0;  // heartbeats seen
  };
  struct Taken {
    enum class Kind {
      Message,  // send it; position has advanced
      Nothing,  // wait
      Reset,    // unknown revision: too old, or before a restart
      Closed,   // the server is stopping
    };
    Kind kind = Kind::Nothing;
    SharedMessage message;
  };

  // firstRevision: larger than any revision of an earlier run of the server.
  explicit BoardFeed(std::uint64_t firstRevision)
      : revision_(firstRevision), oldest_(firstRevision) {}

  std::uint64_t revision() const;
  // The message must contain revision() + 1.
  void publish(std::string message);
  // Sends a heartbeat to waiting watchers; not stored.
  void signOfLife(std::string message);
  // Resets all watchers: the stored changes do not lead to the next state.
  void resetAll();
  // Ends all watchers.
  void close();

  // The next message after the position, which advances if there is one.
  Taken take(Position& position) const;
  // True: the watcher waits, and the caller must not touch it any more. False: something is already
  // there, or it has ended: call take() again. A thread that sets `ended` and then calls leave()
  // knows that either leave() returns true or the watcher's owner sees `ended`.
  [[nodiscard]] bool wait(BoardWatcher& watcher, const Position& position,
                          const std::atomic<bool>& ended);
  // True: it was waiting and now is not. False: it was not waiting, or somethingNew() is about to
  // run.
  [[nodiscard]] bool leave(BoardWatcher& watcher);
  // The position after the revision, ignoring heartbeats sent before now.
  Position positionAfter(std::uint64_t revision) const;

 private:
  using Watchers = std::set<BoardWatcher*>;

  bool hasNews(const Position& position) const DOORSTEP_REQUIRES(mutex_);
  void keep(std::string message) DOORSTEP_REQUIRES(mutex_);
  // Removes and returns the waiting watchers, which own themselves from now on; the caller notifies
  // them.
  Watchers takeWaiting() DOORSTEP_REQUIRES(mutex_);
  void tell(const Watchers& watchers) DOORSTEP_EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::uint64_t revision_ DOORSTEP_GUARDED_BY(mutex_);
  std::uint64_t oldest_ DOORSTEP_GUARDED_BY(mutex_);  // watchers at or after it can resume
  std::deque<SharedMessage> changes_ DOORSTEP_GUARDED_BY(mutex_);  // of oldest_ + 1 … revision_
  std::size_t changesBytes_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::uint64_t sign_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  SharedMessage signMessage_ DOORSTEP_GUARDED_BY(mutex_);
  Watchers waiting_ DOORSTEP_GUARDED_BY(mutex_);
  bool closed_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep::monitoring
