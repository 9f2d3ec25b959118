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

// A message for all watchers of a board: an encoded WatchBoardResponse, made once.
// shared_ptr: the network holds it as long as the slowest watcher's write lasts.
using SharedMessage = std::shared_ptr<const std::string>;

// Somebody who watches a board. At any moment it is either waiting, in the feed's hands, or not, in
// its own: wait() hands it over, somethingNew() or a leave() that returns true gives it back. So
// exactly one thread moves it, and it may end itself as soon as it is in its own hands.
class BoardWatcher {
 public:
  virtual ~BoardWatcher() = default;
  // There is something after the position that it waited at: it should take again. Called on the
  // publishing thread, outside the feed's lock; must return at once.
  virtual void somethingNew() = 0;
};

// The newest changes of one board, each once, whoever watches. A watcher holds nothing here but its
// place: a slow one falls behind in the ring, and when its place is gone it gets a reset and asks
// for the board again. So memory is bounded by the ring, however many watch and however slow they
// are. Thread: any.
class BoardFeed {
 public:
  struct Position {
    std::uint64_t revision = 0;
    std::uint64_t sign = 0;  // signs of life seen
  };
  struct Taken {
    enum class Kind {
      Message,  // send it; position has moved
      Nothing,  // wait
      Reset,    // the revision is unknown here: too old, or of another life of the server
      Closed,   // the server stops
    };
    Kind kind = Kind::Nothing;
    SharedMessage message;
  };

  // firstRevision: larger than any that an earlier life of this board gave.
  explicit BoardFeed(std::uint64_t firstRevision)
      : revision_(firstRevision), oldest_(firstRevision) {}

  std::uint64_t revision() const;
  // The message must say revision() + 1.
  void publish(std::string message);
  // Tells who waits that the server lives; not kept.
  void signOfLife(std::string message);
  // Nobody can resume from here on: what is held is no prefix of what comes.
  void resetAll();
  // Tells all watchers to end.
  void close();

  // What comes after the position. Moves it when there is a message.
  Taken take(Position& position) const;
  // True: it waits, and must not be touched any more by the caller. False: there is something
  // already, or it has ended: it should look again. Whoever sets `ended` and then calls leave() can
  // be sure that either leave() returns true or the watcher's holder sees it.
  [[nodiscard]] bool wait(BoardWatcher& watcher, const Position& position,
                          const std::atomic<bool>& ended);
  // True: it was waiting and is not any more. False: it was not, or somethingNew() is on its way.
  [[nodiscard]] bool leave(BoardWatcher& watcher);
  // A place after the revision that begins now: earlier signs of life do not count.
  Position positionAfter(std::uint64_t revision) const;

 private:
  using Watchers = std::set<BoardWatcher*>;

  bool hasNews(const Position& position) const DOORSTEP_REQUIRES(mutex_);
  void keep(std::string message) DOORSTEP_REQUIRES(mutex_);
  // Those who wait, who are in their own hands from here on: the caller tells them.
  Watchers takeWaiting() DOORSTEP_REQUIRES(mutex_);
  void tell(const Watchers& watchers) DOORSTEP_EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::uint64_t revision_ DOORSTEP_GUARDED_BY(mutex_);
  std::uint64_t oldest_ DOORSTEP_GUARDED_BY(mutex_);  // a watcher at or after it can resume
  std::deque<SharedMessage> changes_ DOORSTEP_GUARDED_BY(mutex_);  // of oldest_ + 1 … revision_
  std::size_t changesBytes_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::uint64_t sign_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  SharedMessage signMessage_ DOORSTEP_GUARDED_BY(mutex_);
  Watchers waiting_ DOORSTEP_GUARDED_BY(mutex_);
  bool closed_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep::monitoring
