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

// admin.v1.OfficeService: what a provider's office does. Every handler asks who calls and for which
// provider before it reads anything. Imports run on a thread of the service's own. Thread: any.
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
    // What enrolment texts name: wire::EnrolmentOffer without its code.
    std::string host;
    std::function<std::uint16_t()> devicePort;  // known once the server listens
    std::string authorityDer;
    crypto::SecretKey pageKey{};  // the same in each life of the server
  };
  explicit OfficeService(Parts parts);
  ~OfficeService();

  grpc::Service& service();
  // Ends the import thread after the import at hand. Before the server shuts down.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
