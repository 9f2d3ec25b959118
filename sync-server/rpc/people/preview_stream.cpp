// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/preview_stream.h"

#include <utility>

namespace doorstep::rpc {

void PreviewStream::send(records::v1::PreviewRulesResponse message) {
  {
    const MutexLock lock(mutex_);
    if (broken_)
      return;
    if (writing_) {
      waiting_ = std::move(message);
      return;
    }
    writing_ = true;
  }
  // gRPC may call OnWriteDone before StartWrite returns: not under the lock.
  sending_ = std::move(message);
  StartWrite(&sending_);
}

void PreviewStream::end(const grpc::Status& status) {
  {
    const MutexLock lock(mutex_);
    end_ = status;
    if (writing_)
      return;
  }
  Finish(status);
}

void PreviewStream::OnWriteDone(bool ok) {
  std::optional<grpc::Status> end;
  bool again = false;
  {
    const MutexLock lock(mutex_);
    broken_ |= !ok;
    again = waiting_ && !broken_;
    if (again) {
      sending_ = *std::exchange(waiting_, std::nullopt);
    } else {
      writing_ = false;
      end = end_;
    }
  }
  if (again)
    StartWrite(&sending_);
  else if (end)
    Finish(*end);
}

std::shared_ptr<PreviewTurns::Turn> PreviewTurns::begin(AccountId account) {
  auto turn = std::make_shared<Turn>(*this, account);
  const MutexLock lock(mutex_);
  Turn*& newest = newest_[account];
  if (newest != nullptr)
    newest->over_ = true;
  newest = turn.get();
  return turn;
}

void PreviewTurns::leave(const Turn& turn) {
  const MutexLock lock(mutex_);
  const auto found = newest_.find(turn.account_);
  if (found != newest_.end() && found->second == &turn)
    newest_.erase(found);
}

}  // namespace doorstep::rpc
