// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// records.v1.MeasuresService: figures of contracts, from what the records' projection keeps
// (records::MeasureReading). Every question but the list of measures is a long one
// (record_questions.h). Thread: any.
class MeasuresService {
 public:
  struct Parts {
    storage::Storage& storage;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;               // used by the writer
    crypto::SecretKey pageKey;       // both unchanged by restarts
    crypto::SecretKey pseudonymKey;  // reveals the people behind pseudonyms
  };
  explicit MeasuresService(const Parts& parts);
  ~MeasuresService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
