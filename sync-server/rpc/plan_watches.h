// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/clock.h"
#include "sync-server/roster/plan_feed.h"

namespace doorstep::rpc {

class PlanWatches;

// One Watch stream. Holds at most one hint that waits for the one on its way: a newer hint replaces
// it, because only the newest says anything. Thread: any.
class PlanWatch final : public grpc::ServerWriteReactor<doorstep::sync::v1::WatchResponse> {
 public:
  explicit PlanWatch(PlanWatches& watches) : watches_(watches) {}
  // Keeps the stream alive until OnDone.
  void hold(std::shared_ptr<PlanWatch> self) { self_ = std::move(self); }

  // The handler needs the call no more: from now on a cancelled call ends the stream, before it
  // only asks for it. (A stream that has ended takes its call with it.)
  void started();
  void hint(std::uint64_t cursor);
  void end(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  PlanWatches& watches_;
  std::shared_ptr<PlanWatch>
      self_;  // shared_ptr: gRPC's calls and the registry end at different times
  std::mutex mutex_;
  doorstep::sync::v1::WatchResponse message_;  // on its way while writing_
  std::uint64_t waiting_ = 0;                  // mutex_; 0: nothing
  bool writing_ = false;                       // mutex_
  bool starting_ = true;                       // mutex_
  bool cancelled_ = false;                     // mutex_
  bool ended_ = false;                         // mutex_
};

// The open Watch streams by provider. Thread: any.
class PlanWatches {
 public:
  PlanWatches(roster::PlanFeed& plans, const Clock& clock);
  ~PlanWatches();

  // Hints at once when the cursor is behind. False: too many, or stopping.
  bool add(ProviderId provider, std::uint64_t cursor, const std::shared_ptr<PlanWatch>& watch);
  void remove(PlanWatch* watch);
  void stop();

 private:
  void planChanged(ProviderId provider, std::uint64_t change);

  roster::PlanFeed& plans_;
  const Clock& clock_;
  std::uint64_t subscription_ = 0;
  std::mutex mutex_;
  std::map<PlanWatch*, std::pair<ProviderId, std::shared_ptr<PlanWatch>>> watches_;  // mutex_
  bool stopping_ = false;                                                            // mutex_
};

}  // namespace doorstep::rpc
