// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/support/time.h>
#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "shared/core/guarded.h"
#include "shared/core/mutex.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/worker_pool.h"

namespace doorstep::rpc {

// Ends a call whose reader does not take a message in time: the transport's flow control would hold
// it for as long as the connection lives. Outlives nothing: its timers know it by a shared state.
// Thread: any.
class StallWatch {
 public:
  StallWatch(grpc::CallbackServerContext& call, std::chrono::milliseconds timeMax)
      : timeMax_(timeMax), state_(std::make_shared<State>()) {
    const MutexLock lock(state_->mutex);
    state_->call = &call;
  }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;
  ~StallWatch() {
    const MutexLock lock(state_->mutex);
    state_->call = nullptr;
  }

  // A message was handed to the transport. Before the next one, taken().
  void begin() {
    std::uint64_t message = 0;
    {
      const MutexLock lock(state_->mutex);
      message = ++state_->message;
    }
    timer_ = std::make_unique<grpc::Alarm>();
    const auto deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                       gpr_time_from_millis(timeMax_.count(), GPR_TIMESPAN));
    timer_->Set(deadline, [state = state_, message](bool isOver) {
      const MutexLock lock(state->mutex);
      if (isOver && state->call != nullptr && state->message == message)
        state->call->TryCancel();
    });
  }
  // The reader, or a buffer on the way, has it.
  void taken() {
    {
      const MutexLock lock(state_->mutex);
      ++state_->message;
    }
    if (timer_)
      timer_->Cancel();
  }

 private:
  // shared_ptr: a timer's callback runs once more after the watch is gone.
  struct State {
    Mutex mutex;
    grpc::CallbackServerContext* call DOORSTEP_GUARDED_BY(mutex) = nullptr;
    std::uint64_t message DOORSTEP_GUARDED_BY(mutex) = 0;  // that is waited for
  };
  const std::chrono::milliseconds timeMax_;
  const std::shared_ptr<State> state_;
  std::unique_ptr<grpc::Alarm> timer_;
};

// A stream of pieces. A worker makes one, gRPC sends it, and only then the next is made: one piece
// is in memory, independent of the length of the whole and the reader's speed. A reader who does
// not take a piece within stallMax is cut off (CANCELLED), and nothing is held for her. Included by
// service sources only. Deletes itself when gRPC is done.
template <typename Response>
class PieceStream final : public grpc::ServerWriteReactor<Response> {
 public:
  enum class Step { More, Last, Nothing };  // Nothing: the response is not sent, and was the last
  // Called on a worker, again after each one that was taken.
  using Next = std::function<Result<Step>(Response& response)>;

  PieceStream(const Method& method, grpc::CallbackServerContext& call, WorkerPool& workers,
              std::chrono::milliseconds stallMax)
      : method_(method), call_(call), workers_(workers), stall_(call, stallMax) {}

  // begin: called on a worker of `first`, once: checks caller and request.
  void start(WorkerPool& first, std::function<Result<Next>()> begin) {
    const auto task = [this, begin = std::move(begin)] {
      auto next = guarded(begin);
      if (!next.ok())
        return fail(next.error());
      next_ = std::move(next).value();
      post();
    };
    if (!first.post(task))
      fail(kBusy);
  }

  void OnWriteDone(bool ok) override {
    stall_.taken();
    if (!ok || cancelled_)
      return this->Finish(grpc::Status::CANCELLED);
    if (step_ == Step::Last)
      return this->Finish(grpc::Status::OK);
    post();
  }
  // The step in progress ends it.
  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  void post() {
    if (!workers_.post([this] { sendPiece(); }))
      fail(kBusy);
  }

  void sendPiece() {
    if (cancelled_)
      return this->Finish(grpc::Status::CANCELLED);
    response_.Clear();
    const auto step = guarded([this] { return next_(response_); });
    if (!step.ok())
      return fail(step.error());
    step_ = *step;
    if (step_ == Step::Nothing)
      return this->Finish(grpc::Status::OK);
    stall_.begin();
    this->StartWrite(&response_);
  }

  void fail(const Error& error) { this->Finish(statusOf(method_, call_, error)); }

  const Method method_;
  grpc::CallbackServerContext& call_;
  WorkerPool& workers_;
  StallWatch stall_;
  Next next_;
  Step step_ = Step::More;
  Response response_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace doorstep::rpc
