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

// records.v1.FreezeService: councils close months of their contracts. Figures and file are read in
// one state of the database, in which nothing waits to be judged, and the freeze goes to the log of
// each provider in the transaction that stores it (freezes/freeze_store.h). Thread: any.
class FreezeService {
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
  explicit FreezeService(const Parts& parts);
  ~FreezeService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
