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

// records.v1.AdjustmentService: supervisors' decisions about carer slots go to the office's log in
// the transaction that stores them (adjustments/adjustment_writer.h). Thread: any.
class AdjustmentService {
 public:
  struct Parts {
    storage::Storage& storage;
    office::OfficeLog& office;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;  // used by the writer
    crypto::SecretKey pageKey;
    crypto::SecretKey pseudonymKey;
  };
  explicit AdjustmentService(const Parts& parts);
  ~AdjustmentService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
