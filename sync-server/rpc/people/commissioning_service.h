// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/office/office_log.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// admin.v1.CommissioningService: what is commissioned of providers
// (records/commissioned/commissioned_desk.h, commissioned_day.h). That somebody looked at people's
// packages is recorded before they are shown. What is set judges records with the next look of
// records::BackgroundSettling. Thread: any.
class CommissioningService {
 public:
  struct Parts {
    storage::Storage& storage;
    office::OfficeLog& office;
    const CallerContext& callers;
    WorkerPool& workers;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;            // used by the writer
    crypto::SecretKey pageKey{};  // unchanged by restarts
  };
  explicit CommissioningService(const Parts& parts);
  ~CommissioningService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
