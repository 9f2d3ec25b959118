// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>

#include "doorstep/records/v1/rules_service.pb.h"
#include "shared/core/mutex.h"
#include "shared/core/strong_id.h"

namespace doorstep::rpc {

// One PreviewRules stream. The worker sends without waiting: while a message is being written, a
// newer one replaces the one that waits, so that a slow reader holds up nothing and misses progress
// only. Deletes itself when gRPC is done. Thread: one worker for send and end; gRPC's.
class PreviewStream final : public grpc::ServerWriteReactor<records::v1::PreviewRulesResponse> {
 public:
  void send(records::v1::PreviewRulesResponse message);
  // The last call: what waits is still sent. Afterwards the stream may be gone.
  void end(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  Mutex mutex_;
  bool writing_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool broken_ DOORSTEP_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ DOORSTEP_GUARDED_BY(mutex_);
  std::optional<records::v1::PreviewRulesResponse> waiting_ DOORSTEP_GUARDED_BY(mutex_);
  records::v1::PreviewRulesResponse sending_;  // of whoever set writing_
};

// One preview an account: a newer one ends the older, as when an officer changes a draft and looks
// again. Outlives its turns. Thread: any.
class PreviewTurns {
 public:
  class Turn {
   public:
    Turn(PreviewTurns& of, AccountId account) : of_(of), account_(account) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { of_.leave(*this); }
    bool isOver() const { return over_; }

   private:
    friend class PreviewTurns;
    PreviewTurns& of_;
    const AccountId account_;
    std::atomic<bool> over_ = false;
  };
  // shared_ptr: shared by the steps of an answer, which are copyable functions.
  std::shared_ptr<Turn> begin(AccountId account);

 private:
  void leave(const Turn& turn);

  Mutex mutex_;
  std::map<AccountId, Turn*> newest_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::rpc
