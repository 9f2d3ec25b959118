// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/crypto/sealing.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/monitoring/live_boards.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/people/session_streams.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// monitoring.v1.BoardService for supervisors and operators. A reactor never blocks: a worker
// identifies the caller and reads; watches are driven by the board's feed, each at its own pace,
// with messages encoded once for all. LiveBoards::stop() ends all watches, SessionStreams those of
// a session. Thread: any.
class BoardService {
 public:
  struct Parts {
    monitoring::LiveBoards& boards;
    storage::Storage& storage;
    event_log::EventLog& log;
    const CallerContext& callers;
    WorkerPool& workers;
    RefusalLog& refusals;
    SessionStreams& sessions;
    const Clock& clock;
    IdSource& lookIds;          // used by the writer
    crypto::SecretKey pageKey;  // unchanged by restarts
  };
  explicit BoardService(const Parts& parts);
  ~BoardService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
