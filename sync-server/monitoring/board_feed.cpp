// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_feed.h"

#include <utility>

#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {

std::uint64_t BoardFeed::revision() const {
  const MutexLock lock(mutex_);
  return revision_;
}

void BoardFeed::publish(std::string message) {
  Watchers waiting;
  {
    const MutexLock lock(mutex_);
    keep(std::move(message));
    waiting = takeWaiting();
  }
  tell(waiting);
}

void BoardFeed::keep(std::string message) {
  ++revision_;
  changesBytes_ += message.size();
  changes_.push_back(std::make_shared<const std::string>(std::move(message)));
  while (changes_.size() > kKeptChangesMax ||
         (changesBytes_ > kKeptChangesBytesMax && changes_.size() > 1)) {
    changesBytes_ -= changes_.front()->size();
    changes_.pop_front();
    ++oldest_;
  }
}

void BoardFeed::signOfLife(std::string message) {
  Watchers waiting;
  {
    const MutexLock lock(mutex_);
    ++sign_;
    signMessage_ = std::make_shared<const std::string>(std::move(message));
    waiting = takeWaiting();
  }
  tell(waiting);
}

void BoardFeed::resetAll() {
  Watchers waiting;
  {
    const MutexLock lock(mutex_);
    ++revision_;
    oldest_ = revision_;
    changes_.clear();
    changesBytes_ = 0;
    waiting = takeWaiting();
  }
  tell(waiting);
}

void BoardFeed::close() {
  Watchers waiting;
  {
    const MutexLock lock(mutex_);
    closed_ = true;
    waiting = takeWaiting();
  }
  tell(waiting);
}

BoardFeed::Taken BoardFeed::take(Position& position) const {
  const MutexLock lock(mutex_);
  if (closed_)
    return {Taken::Kind::Closed, nullptr};
  if (position.revision < oldest_ || position.revision > revision_)
    return {Taken::Kind::Reset, nullptr};
  if (position.revision < revision_) {
    const SharedMessage& message = changes_[position.revision - oldest_];
    ++position.revision;
    position.sign = sign_;
    return {Taken::Kind::Message, message};
  }
  if (position.sign < sign_) {
    position.sign = sign_;
    return {Taken::Kind::Message, signMessage_};
  }
  return {};
}

bool BoardFeed::wait(BoardWatcher& watcher, const Position& position,
                     const std::atomic<bool>& ended) {
  const MutexLock lock(mutex_);
  if (closed_ || ended || hasNews(position))
    return false;
  waiting_.insert(&watcher);
  return true;
}

bool BoardFeed::leave(BoardWatcher& watcher) {
  const MutexLock lock(mutex_);
  return waiting_.erase(&watcher) == 1;
}

BoardFeed::Position BoardFeed::positionAfter(std::uint64_t revision) const {
  const MutexLock lock(mutex_);
  return {revision, sign_};
}

bool BoardFeed::hasNews(const Position& position) const {
  return position.revision != revision_ || position.sign < sign_;
}

BoardFeed::Watchers BoardFeed::takeWaiting() { return std::exchange(waiting_, {}); }

void BoardFeed::tell(const Watchers& watchers) {
  for (BoardWatcher* watcher : watchers)
    watcher->somethingNew();
}

}  // namespace doorstep::monitoring
