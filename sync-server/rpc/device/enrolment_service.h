// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/identity/enrolment.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

class CallerContext;

// enrolment.v1.EnrolmentService: the only call of the device port without a client certificate. A
// network that sent many wrong codes must wait before its next attempt. Thread: any.
class EnrolmentService {
 public:
  struct Parts {
    storage::Storage& storage;
    const CallerContext& callers;
    identity::DeviceIssuer issuer;
    // Returns the verifier key of a provider's log (event_log::LogSigners).
    std::function<std::string(ProviderId)> logVerifierKey;
    WorkerPool& workers;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& ids;
  };
  explicit EnrolmentService(Parts parts);
  ~EnrolmentService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
