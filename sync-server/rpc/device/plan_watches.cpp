// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/plan_watches.h"

#include <utility>

#include "sync-server/identity/device_registry.h"
#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

PlanWatch* PlanWatch::open(const Parts& parts, grpc::CallbackServerContext& call) {
  const auto watch = std::make_shared<PlanWatch>(parts, call);
  watch->self_ = watch;
  watch->readMessage();
  return watch.get();
}

void PlanWatch::received() { parts_.begin(self_); }

void PlanWatch::hint(std::uint64_t cursor) {
  const MutexLock lock(mutex_);
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
    const MutexLock lock(mutex_);
    if (starting_) {
      if (!early_)
        early_ = status;
      return;
    }
    if (std::exchange(ended_, true))
      return;
  }
  Finish(status);
}

void PlanWatch::OnWriteDone(bool ok) {
  if (!ok)
    return end(grpc::Status::CANCELLED);
  const MutexLock lock(mutex_);
  writing_ = false;
  if (ended_ || waiting_ == 0)
    return;
  writing_ = true;
  message_.set_newer_plan_cursor(std::exchange(waiting_, 0));
  StartWrite(&message_);
}

void PlanWatch::started() {
  std::optional<grpc::Status> early;
  {
    const MutexLock lock(mutex_);
    starting_ = false;
    early = early_;
  }
  if (early)
    end(*early);
}

void PlanWatch::refuse(const Error& error) {
  const grpc::Status status = statusOf(parts_.method, call(), error);
  {
    const MutexLock lock(mutex_);
    starting_ = false;
  }
  end(status);
}

void PlanWatch::OnCancel() {
  DeviceCall::OnCancel();
  end(grpc::Status::CANCELLED);
}

void PlanWatch::OnDone() {
  parts_.watches.remove(this);
  const auto self = std::move(self_);  // the stream ends here, after its last use
}

PlanWatches::PlanWatches(roster::PlanFeed& plans, storage::Storage& storage, const Clock& clock)
    : plans_(plans), storage_(storage), clock_(clock) {
  subscription_ = plans_.watch(
      [this](ProviderId provider, std::uint64_t change, const roster::ConcernedCarers& concerned) {
        planChanged(provider, change, concerned);
      });
}

PlanWatches::~PlanWatches() { plans_.unwatch(subscription_); }

bool PlanWatches::add(const identity::DeviceCaller& caller,
                      const std::shared_ptr<PlanWatch>& watch) {
  const roster::PullScope scope{caller.provider, caller.carer};
  Open replaced;
  {
    const MutexLock lock(mutex_);
    if (stopping_ || watches_.size() >= kWatchesMax)
      return false;
    const Key key{scope.provider, scope.carer, nextNumber_++};
    watches_.emplace(key, watch);
    places_.emplace(watch.get(), Place{key, caller.device});
    byDevice_[caller.device].push_back(key);
    replaced = takeReplaced(caller.device);
  }
  for (const auto& old : replaced)
    old->end({grpc::StatusCode::ABORTED, "WATCH_REPLACED"});
  const std::uint64_t newest = plans_.newest(scope.provider);
  if (lacksSomething(scope, watch->cursor(), newest))
    watch->hint(roster::hintCursor(newest, clock_.wallUnixMs()));
  return true;
}

// Removes them from their device's list; the other maps follow when gRPC is done with them.
PlanWatches::Open PlanWatches::takeReplaced(DeviceId device) {
  Open replaced;
  auto& keys = byDevice_[device];
  while (keys.size() > kWatchesPerDeviceMax) {
    replaced.push_back(watches_.at(keys.front()));
    keys.erase(keys.begin());
  }
  return replaced;
}

void PlanWatches::endDevice(DeviceId device) {
  Open open;
  {
    const MutexLock lock(mutex_);
    const auto found = byDevice_.find(device);
    if (found == byDevice_.end())
      return;
    for (const Key& key : found->second)
      open.push_back(watches_.at(key));
  }
  for (const auto& watch : open)
    watch->end({grpc::StatusCode::PERMISSION_DENIED, "DEVICE_REVOKED"});
}

void PlanWatches::endRevoked() {
  std::vector<DeviceId> devices;
  {
    const MutexLock lock(mutex_);
    for (const auto& [device, keys] : byDevice_)
      devices.push_back(device);
  }
  std::vector<DeviceId> revoked;
  {
    const auto lease = storage_.read();
    for (const DeviceId id : devices) {
      const auto device = identity::device(lease, id);
      if (device.ok() && device->revokedUnixMs)
        revoked.push_back(id);
    }
  }
  for (const DeviceId device : revoked)
    endDevice(device);
}

bool PlanWatches::lacksSomething(const roster::PullScope& scope, std::uint64_t cursor,
                                 std::uint64_t newest) const {
  const std::int64_t nowUnixMs = clock_.wallUnixMs();
  if (roster::nothingToPull(cursor, newest, nowUnixMs))
    return false;
  const auto lease = storage_.read();
  const auto holds = roster::holdsScope(lease, scope, cursor, nowUnixMs);
  return !holds.ok() || !*holds;  // a hint too many costs one exchange
}

void PlanWatches::remove(PlanWatch* watch) {
  std::shared_ptr<PlanWatch> last;  // destroyed outside the lock
  const MutexLock lock(mutex_);
  const auto place = places_.find(watch);
  if (place == places_.end())
    return;
  const auto found = watches_.find(place->second.key);
  last = std::move(found->second);
  const auto device = byDevice_.find(place->second.device);
  if (device != byDevice_.end()) {
    std::erase(device->second, place->second.key);
    if (device->second.empty())
      byDevice_.erase(device);
  }
  watches_.erase(found);
  places_.erase(place);
}

void PlanWatches::collect(ProviderId provider, CarerId first, CarerId last,
                          std::vector<std::shared_ptr<PlanWatch>>& found) const {
  const auto end = watches_.upper_bound({provider, last, UINT64_MAX});
  for (auto watch = watches_.lower_bound({provider, first, 0}); watch != end; ++watch)
    found.push_back(watch->second);
}

void PlanWatches::planChanged(ProviderId provider, std::uint64_t change,
                              const roster::ConcernedCarers& concerned) {
  std::vector<std::shared_ptr<PlanWatch>> hinted;
  {
    const MutexLock lock(mutex_);
    if (concerned)
      for (const CarerId carer : *concerned)
        collect(provider, carer, carer, hinted);
    else
      collect(provider, CarerId(0), CarerId(UINT64_MAX), hinted);
  }
  const std::uint64_t cursor = roster::hintCursor(change, clock_.wallUnixMs());
  for (const auto& watch : hinted)
    watch->hint(cursor);
}

void PlanWatches::stop() {
  std::vector<std::shared_ptr<PlanWatch>> open;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    for (const auto& [key, watch] : watches_)
      open.push_back(watch);
  }
  for (const auto& watch : open)
    watch->end({grpc::StatusCode::UNAVAILABLE, "SERVER_STOPPING"});
}

}  // namespace doorstep::rpc
