// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>

#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace grpc {
class ServerContextBase;
}

namespace doorstep::rpc {

// Counts each account's queued and running long queries. Outlives its places. Thread: any.
class LongQuestions {
 public:
  // Counted while it exists.
  class Place {
   public:
    Place(LongQuestions& of, AccountId account) : of_(of), account_(account) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { of_.leave(account_); }

   private:
    LongQuestions& of_;
    const AccountId account_;
  };
  // shared_ptr: shared by the steps of an answer, which are copyable functions. Error:
  // RESOURCE_EXHAUSTED (TOO_MANY_QUESTIONS).
  Result<std::shared_ptr<Place>> enter(AccountId account);

 private:
  void leave(AccountId account);

  Mutex mutex_;
  std::map<AccountId, std::size_t> open_ DOORSTEP_GUARDED_BY(mutex_);  // no zero counts
};

// For ReadLease::stopWhen: ok while the call's client waits and the time is not over. Errors:
// CANCELLED (CLIENT_LEFT), DEADLINE_EXCEEDED (QUESTION_TOO_LONG). Uses the machine's steady clock:
// it only ends work.
sql::Database::MayGoOn whileWanted(const grpc::ServerContextBase& call,
                                   std::chrono::milliseconds timeMax);

}  // namespace doorstep::rpc
