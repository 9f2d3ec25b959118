// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/office/office_log.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// admin.v1.OfficeService: functions of a provider's office. Every handler checks caller and
// provider before it reads anything. Imports run on a thread of the service. Thread: any.
class OfficeService {
 public:
  struct Parts {
    storage::Storage& storage;
    event_log::EventLog& log;
    office::OfficeLog& office;
    const CallerContext& callers;
    identity::DeviceRegistry& devices;
    roster::PlanFeed& plans;
    WorkerPool& workers;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& ids;
    // Content of enrolment texts: wire::EnrolmentOffer without its code.
    std::string host;
    std::function<std::uint16_t()> devicePort;  // known when the server listens
    std::string authorityDer;
    crypto::SecretKey pageKey{};  // unchanged by restarts
  };
  explicit OfficeService(Parts parts);
  ~OfficeService();

  grpc::Service& service();
  // Ends the import thread after the running import. Call before server shutdown.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
