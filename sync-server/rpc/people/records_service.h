// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/crypto/sealing.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// records.v1.RecordsService for council officers, supervisors and operators: what each may see is
// records::VisibleContracts. A reactor never blocks: workers read. Questions about more than
// kShortRangeMs have a pool of their own and a number for each account; all end when their client
// leaves or their time is over. Looks are recorded before records are shown. Thread: any.
class RecordsService {
 public:
  struct Parts {
    storage::Storage& storage;
    event_log::EventLog& log;
    const event_log::LogSigners& signers;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;               // writer
    crypto::SecretKey pageKey;       // both the same in each life of the server
    crypto::SecretKey pseudonymKey;  // whoever has it can tell who a pseudonym is
  };
  explicit RecordsService(const Parts& parts);
  ~RecordsService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
