// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "shared/core/clock.h"
#include "sync-server/intake/group_commit.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/device/exchange_handler.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// sync.v1.SyncService for devices. A reactor never blocks: a worker identifies the device and
// checks signatures, the writer commits, a worker answers. Thread: any.
class SyncService {
 public:
  struct Parts {
    const ExchangeHandler& exchanges;
    const CallerContext& callers;
    intake::GroupCommit& commits;
    WorkerPool& workers;
    RefusalLog& refusals;
    roster::PlanFeed& plans;
    storage::Storage& storage;
    const Clock& clock;
  };
  explicit SyncService(const Parts& parts);
  ~SyncService();

  grpc::Service& service();
  // Ends the watches of a revoked device; nullopt: of all revoked ones.
  void devicesChanged(std::optional<DeviceId> revoked);
  // Ends all watches with SERVER_STOPPING. Call before server shutdown, which waits for them.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
