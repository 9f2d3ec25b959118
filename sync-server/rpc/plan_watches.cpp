// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/plan_watches.h"

#include <utility>
#include <vector>

#include "sync-server/roster/plan_pull.h"
#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

void PlanWatch::hint(std::uint64_t cursor) {
  std::lock_guard lock(mutex_);
  if (ended_)
    return;
  if (writing_) {
    waiting_ = cursor;
    return;
  }
  writing_ = true;
  message_.set_newer_plan_cursor(cursor);
  StartWrite(&message_);
}

void PlanWatch::end(const grpc::Status& status) {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true))
      return;
  }
  Finish(status);
}

void PlanWatch::OnWriteDone(bool ok) {
  if (!ok)
    return end(grpc::Status::CANCELLED);
  std::lock_guard lock(mutex_);
  writing_ = false;
  if (ended_ || waiting_ == 0)
    return;
  writing_ = true;
  message_.set_newer_plan_cursor(std::exchange(waiting_, 0));
  StartWrite(&message_);
}

void PlanWatch::started() {
  {
    std::lock_guard lock(mutex_);
    starting_ = false;
    if (!cancelled_)
      return;
  }
  end(grpc::Status::CANCELLED);
}

void PlanWatch::OnCancel() {
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (starting_)
      return;
  }
  end(grpc::Status::CANCELLED);
}

void PlanWatch::OnDone() {
  watches_.remove(this);
  const auto self = std::move(self_);  // the stream ends here, after its last use
}

PlanWatches::PlanWatches(roster::PlanFeed& plans, const Clock& clock)
    : plans_(plans), clock_(clock) {
  subscription_ = plans_.watch(
      [this](ProviderId provider, std::uint64_t change) { planChanged(provider, change); });
}

PlanWatches::~PlanWatches() { plans_.unwatch(subscription_); }

bool PlanWatches::add(ProviderId provider, std::uint64_t cursor,
                      const std::shared_ptr<PlanWatch>& watch) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || watches_.size() >= kWatchesMax)
      return false;
    watches_.emplace(watch.get(), std::pair(provider, watch));
  }
  const std::uint64_t newest = plans_.newest(provider);
  const std::int64_t nowUnixMs = clock_.wallUnixMs();
  if (!roster::nothingToPull(cursor, newest, nowUnixMs))
    watch->hint(roster::hintCursor(newest, nowUnixMs));
  return true;
}

void PlanWatches::remove(PlanWatch* watch) {
  std::shared_ptr<PlanWatch> last;  // let go outside the lock
  std::lock_guard lock(mutex_);
  const auto found = watches_.find(watch);
  if (found == watches_.end())
    return;
  last = std::move(found->second.second);
  watches_.erase(found);
}

void PlanWatches::planChanged(ProviderId provider, std::uint64_t change) {
  std::vector<std::shared_ptr<PlanWatch>> concerned;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [watch, entry] : watches_)
      if (entry.first == provider)
        concerned.push_back(entry.second);
  }
  const std::uint64_t cursor = roster::hintCursor(change, clock_.wallUnixMs());
  for (const auto& watch : concerned)
    watch->hint(cursor);
}

void PlanWatches::stop() {
  std::vector<std::shared_ptr<PlanWatch>> open;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [watch, entry] : watches_)
      open.push_back(entry.second);
  }
  for (const auto& watch : open)
    watch->end({grpc::StatusCode::UNAVAILABLE, "SERVER_STOPPING"});
}

}  // namespace doorstep::rpc
