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

// records.v1.RulesService: the versions of a contract's rules, what a draft would have made of past
// visits, and publication, which is a decision in the log of each provider of the contract. A
// preview is a long question (record_questions.h) that is told how far it is; an account has one,
// and it writes nothing but its look. Thread: any.
class RulesService {
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
  explicit RulesService(const Parts& parts);
  ~RulesService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
