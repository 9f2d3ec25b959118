// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <utility>
#include <vector>

#include "doorstep/admin/v1/page_token.pb.h"
#include "shared/core/clock.h"
#include "shared/core/guarded.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/people/questions.h"
#include "sync-server/rpc/worker_pool.h"
#include "sync-server/storage/storage.h"

namespace doorstep::rpc {

// How questions about records are answered: the caller is identified on the pool of short
// questions, a long one continues in the other with a limit per account, both end when their client
// leaves or their time is over, and looks are recorded before anything is shown. Included by
// service sources only. Thread: any.
class RecordQuestions {
 public:
  enum class Length { Short, Long };
  struct Parts {
    storage::Storage& storage;
    const CallerContext& callers;
    WorkerPool& shortQuestions;
    WorkerPool& longQuestions;
    const Clock& clock;
    IdSource& lookIds;  // used by the writer
    crypto::SecretKey pseudonymKey;
  };
  explicit RecordQuestions(Parts parts) : parts_(std::move(parts)) {}

  // work: Status(const AccountCaller&), run on a worker. gRPC keeps call, request and response
  // until it is finished.
  template <typename Work>
  grpc::ServerUnaryReactor* answer(const Method& method, grpc::CallbackServerContext* call,
                                   Length length, Work work) {
    grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
    const auto finish = [method, call, reactor](const Status& done) {
      reactor->Finish(done.ok() ? grpc::Status::OK : statusOf(method, *call, done.error()));
    };
    const auto task = [this, call, length, work, finish] {
      if (call->IsCancelled())
        return finish(kClientLeft);
      const auto caller = parts_.callers.account(*call);
      if (!caller.ok())
        return finish(caller.error());
      if (length == Length::Short)
        return finish(guarded([&] { return work(*caller); }));
      auto place = open_.enter(caller->account);
      if (!place.ok())
        return finish(place.error());
      const auto later = [call, work, finish, caller = *caller, place = *place] {
        finish(call->IsCancelled() ? Status(kClientLeft) : guarded([&] { return work(caller); }));
      };
      if (!parts_.longQuestions.post(later))
        finish(kBusy);
    };
    if (!parts_.shortQuestions.post(task))
      finish(kBusy);
    return reactor;
  }

  // A connection whose work is cancelled when the caller leaves or the time is over.
  storage::ReadLease readFor(const grpc::CallbackServerContext& call,
                             std::chrono::milliseconds timeMax = kLongQuestionMax) const;
  records::Reading reading(sql::Database& database, const identity::AccountCaller& caller) const {
    return {database, caller, parts_.clock.wallUnixMs(), parts_.pseudonymKey};
  }
  // Judges what waits to be judged, before records are read. Errors: UNAVAILABLE (RECORDS_BEHIND)
  // when that takes longer than a person waits, and the database's.
  Status settle(const grpc::CallbackServerContext& call) const;
  // Before anything is shown: without a record of the look nothing may be shown.
  Status record(const std::vector<identity::Look>& looks) const;

  LongQuestions& open() { return open_; }

 private:
  static inline const Error kClientLeft{ErrorCode::Cancelled, "CLIENT_LEFT",
                                        "nobody waits for the answer"};
  const Parts parts_;
  LongQuestions open_;
};

// Cursors of lists of records in page tokens (page_tokens.h).
admin::v1::PagePlace toPage(const records::RecordPlace& place);
records::RecordPlace fromPage(const admin::v1::PagePlace& page);

}  // namespace doorstep::rpc
