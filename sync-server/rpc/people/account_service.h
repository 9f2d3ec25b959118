// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/identity/limits.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/people/session_streams.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// admin.v1.AccountService. SignIn replies with initial metadata `set-cookie`, which the HTTPS front
// forwards; the token is nowhere else. Passwords are checked on a thread of the service, so that
// guessing does not occupy the workers. Thread: any.
class AccountService {
 public:
  struct Parts {
    storage::Storage& storage;
    const CallerContext& callers;
    WorkerPool& workers;
    RefusalLog& refusals;
    SessionStreams& sessions;
    const Clock& clock;
    IdSource& ids;
    // Reduced only by tests.
    crypto::ScryptCost cost = {identity::kPasswordScryptLogN};
  };
  explicit AccountService(const Parts& parts);
  ~AccountService();

  grpc::Service& service();
  // Ends the password thread. Call before server shutdown.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
