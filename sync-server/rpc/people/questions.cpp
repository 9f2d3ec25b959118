// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/questions.h"

#include <grpcpp/impl/codegen/server_context.h>

#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

Result<std::shared_ptr<LongQuestions::Place>> LongQuestions::enter(AccountId account) {
  const MutexLock lock(mutex_);
  std::size_t& open = open_[account];
  if (open >= kLongQuestionsPerAccountMax)
    return Error{ErrorCode::ResourceExhausted, "TOO_MANY_QUESTIONS",
                 "this account has long questions that are not answered yet"};
  ++open;
  return std::make_shared<Place>(*this, account);
}

void LongQuestions::leave(AccountId account) {
  const MutexLock lock(mutex_);
  const auto found = open_.find(account);
  DOORSTEP_CHECK(found != open_.end());
  if (--found->second == 0)
    open_.erase(found);
}

sql::Database::MayGoOn whileWanted(const grpc::ServerContextBase& call,
                                   std::chrono::milliseconds timeMax) {
  return [&call, deadline = Condition::deadlineIn(timeMax)]() -> Status {
    if (call.IsCancelled())
      return Error{ErrorCode::Cancelled, "CLIENT_LEFT", "nobody waits for the answer"};
    if (Condition::deadlineIn(std::chrono::milliseconds(0)) > deadline)
      return Error{ErrorCode::DeadlineExceeded, "QUESTION_TOO_LONG",
                   "the answer takes too long; ask about fewer days"};
    return kDone;
  };
}

}  // namespace doorstep::rpc
