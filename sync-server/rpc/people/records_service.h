// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/crypto/sealing.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/office/office_log.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// records.v1.RecordsService for council officers, supervisors and operators;
// records::VisibleContracts decides what each may see. A reactor never blocks: workers read.
// Queries over more than kShortRangeMs have a separate pool and a limit per account; all queries
// end when their client leaves or their time is over. Looks are recorded before records are shown.
// Thread: any.
class RecordsService {
 public:
  struct Parts {
    storage::Storage& storage;
    event_log::EventLog& log;
    office::OfficeLog& office;  // to say that an export was made
    const event_log::LogSigners& signers;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;               // used by the writer
    crypto::SecretKey pageKey;       // both unchanged by restarts
    crypto::SecretKey pseudonymKey;  // reveals the carers behind pseudonyms
  };
  explicit RecordsService(const Parts& parts);
  ~RecordsService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
