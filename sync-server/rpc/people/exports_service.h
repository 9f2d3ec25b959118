// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/office/office_log.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/refusal_log.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class Service;
}

namespace doorstep::rpc {

// records.v1.ExportsService: files of records in pieces (record_export.h), and the list of exports
// that were made. Looks are recorded before a file begins, the export when it was taken. Thread:
// any.
class ExportsService {
 public:
  struct Parts {
    storage::Storage& storage;
    office::OfficeLog& office;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    RefusalLog& refusals;
    const Clock& clock;
    IdSource& lookIds;  // used by the writer; its random bytes by any thread
    crypto::SecretKey pageKey;
    crypto::SecretKey pseudonymKey;
    std::chrono::milliseconds stallMax = kReaderStallMax;
  };
  explicit ExportsService(const Parts& parts);
  ~ExportsService();

  grpc::Service& service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
