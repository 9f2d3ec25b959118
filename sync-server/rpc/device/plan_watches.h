// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "sync-server/identity/caller.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/rpc/device/device_call.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/storage/storage.h"

namespace doorstep::rpc {

class PlanWatches;

// One Watch stream. Keeps at most one hint while another is being written: a newer hint replaces
// it, because only the newest matters. Thread: any.
class PlanWatch final
    : public DeviceCall<doorstep::sync::v1::WatchRequest, doorstep::sync::v1::WatchResponse> {
 public:
  struct Parts {
    PlanWatches& watches;
    const CallerContext& callers;
    Method method;
    // The request has arrived; must call started() or refuse(). On gRPC's thread.
    std::function<void(const std::shared_ptr<PlanWatch>&)> begin;
  };
  // For gRPC; lives until OnDone.
  static PlanWatch* open(const Parts& parts, grpc::CallbackServerContext& call);
  PlanWatch(const Parts& parts, grpc::CallbackServerContext& call)
      : DeviceCall(parts.callers, call), parts_(parts) {}

  std::uint64_t cursor() const { return request().plan_cursor(); }  // the phone's

  // The handler is done with the call: from now on end() ends the stream; before that it is only
  // recorded. (A stream that has ended destroys its call.)
  void started();
  // Instead of started().
  void refuse(const Error& error) override;
  void hint(std::uint64_t cursor);
  void end(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void received() override;

  const Parts parts_;
  // shared_ptr: gRPC and the registry release it at different times.
  std::shared_ptr<PlanWatch> self_;
  Mutex mutex_;
  doorstep::sync::v1::WatchResponse message_ DOORSTEP_GUARDED_BY(mutex_);  // being written
  std::uint64_t waiting_ DOORSTEP_GUARDED_BY(mutex_) = 0;                  // 0: none
  bool writing_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool starting_ DOORSTEP_GUARDED_BY(mutex_) = true;
  // Status with which it was ended while starting.
  std::optional<grpc::Status> early_ DOORSTEP_GUARDED_BY(mutex_);
  bool ended_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

// The open Watch streams by carer. A device keeps a few, the newest ones, and none once it is
// revoked. A change of the plan hints only the phones of affected carers; when these are too many
// or unknown, all phones of the provider. No change is missed: a stream is registered before its
// plan is checked, so a change is either hinted or seen. Thread: any.
class PlanWatches {
 public:
  PlanWatches(roster::PlanFeed& plans, storage::Storage& storage, const Clock& clock);
  ~PlanWatches();

  // Hints at once when the cursor lacks changes for the carer, which reads the plan unless the
  // provider's has not changed. Ends the device's oldest stream with WATCH_REPLACED when it has too
  // many. False: too many in total, or stopping.
  bool add(const identity::DeviceCaller& caller, const std::shared_ptr<PlanWatch>& watch);
  // Ends the device's streams with DEVICE_REVOKED. Call after the revocation is committed.
  void endDevice(DeviceId device);
  // The same for all devices that another process may have revoked.
  void endRevoked();
  void remove(PlanWatch* watch);
  void stop();

 private:
  // Ordered so that the phones of a carer are adjacent, and those of a provider.
  struct Key {
    ProviderId provider;
    CarerId carer;
    std::uint64_t number = 0;  // in order of opening
    auto operator<=>(const Key&) const = default;
  };

  using Open = std::vector<std::shared_ptr<PlanWatch>>;
  Open takeReplaced(DeviceId device) DOORSTEP_REQUIRES(mutex_);
  bool lacksSomething(const roster::PullScope& scope, std::uint64_t cursor,
                      std::uint64_t newest) const;
  // Streams of the carers from first to last.
  void collect(ProviderId provider, CarerId first, CarerId last,
               std::vector<std::shared_ptr<PlanWatch>>& found) const DOORSTEP_REQUIRES(mutex_);
  void planChanged(ProviderId provider, std::uint64_t change,
                   const roster::ConcernedCarers& concerned);

  roster::PlanFeed& plans_;
  storage::Storage& storage_;
  const Clock& clock_;
  std::uint64_t subscription_ = 0;
  Mutex mutex_;
  std::map<Key, std::shared_ptr<PlanWatch>> watches_ DOORSTEP_GUARDED_BY(mutex_);
  struct Place {
    Key key;
    DeviceId device;
  };
  std::map<PlanWatch*, Place> places_ DOORSTEP_GUARDED_BY(mutex_);
  std::map<DeviceId, std::vector<Key>> byDevice_ DOORSTEP_GUARDED_BY(mutex_);  // oldest first
  std::uint64_t nextNumber_ DOORSTEP_GUARDED_BY(mutex_) = 1;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep::rpc
