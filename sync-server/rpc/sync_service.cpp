// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/sync_service.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <utility>

#include "doorstep/sync/v1/sync_service.grpc.pb.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/plan_watches.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::sync::v1;

const Error kBusy{ErrorCode::ResourceExhausted, "SERVER_BUSY", "the queue of workers is full"};

// Exchange takes bytes, so that decoding happens on a worker and the simulator runs the same code.
using Base = pb::SyncService::WithRawCallbackMethod_Exchange<
    pb::SyncService::WithCallbackMethod_Watch<pb::SyncService::Service>>;

}  // namespace

class SyncService::Impl final : public Base {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts), watches_(parts.plans, parts.storage, parts.clock) {}

  grpc::ServerUnaryReactor* Exchange(grpc::CallbackServerContext* call,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override {
    auto* reactor = call->DefaultReactor();
    const Step step{call, reactor, response};
    if (!parts_.workers.post([this, step, request] { take(step, *request); }))
      finish(step, kBusy);
    return reactor;
  }

  grpc::ServerWriteReactor<pb::WatchResponse>* Watch(grpc::CallbackServerContext* call,
                                                     const pb::WatchRequest* request) override {
    auto watch = std::make_shared<PlanWatch>(watches_);
    watch->hold(watch);
    const std::uint64_t cursor = request->plan_cursor();
    if (!parts_.workers.post([this, call, watch, cursor] { beginWatch(*call, watch, cursor); }))
      watch->refuse(statusOf(watchMethod(), *call, kBusy));
    return watch.get();
  }

  void devicesChanged(std::optional<DeviceId> revoked) {
    if (revoked)
      watches_.endDevice(*revoked);
    else
      watches_.endRevoked();
  }
  void stop() { watches_.stop(); }

 private:
  // What an exchange carries from thread to thread; gRPC keeps all three until Finish.
  struct Step {
    grpc::CallbackServerContext* call;
    grpc::ServerUnaryReactor* reactor;
    grpc::ByteBuffer* response;
  };

  void take(const Step& step, const grpc::ByteBuffer& request) {
    auto device = parts_.callers.device(*step.call);
    if (!device.ok())
      return finish(step, device.error());
    grpc::Slice bytes;
    if (!request.TrySingleSlice(&bytes).ok() && !request.DumpToSingleSlice(&bytes).ok())
      return finish(step, {ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "no bytes"});
    auto submission = parts_.exchanges.read(
        {reinterpret_cast<const char*>(bytes.begin()), bytes.size()}, **device);
    if (!submission.ok())
      return finish(step, submission.error());
    const Status queued =
        parts_.commits.submit(std::move(submission).value(),
                              [this, step](intake::Submission&& taken, intake::Outcome&& outcome) {
                                answerLater(step, std::move(taken), std::move(outcome));
                              });
    if (!queued.ok())
      finish(step, queued.error());
  }

  // On the writer: hand over, so that the next commit begins. A pool that is full makes the writer
  // do it itself, which slows intake down to what can be answered.
  void answerLater(const Step& step, intake::Submission&& submission, intake::Outcome&& outcome) {
    auto kept = std::make_shared<std::pair<intake::Submission, intake::Outcome>>(
        std::move(submission), std::move(outcome));
    const auto task = [this, step, kept] {
      tell(kept->first, kept->second);
      const auto answered = parts_.exchanges.answer(kept->first, kept->second);
      if (!answered.ok())
        return finish(step, answered.error());
      grpc::Slice bytes(*answered);
      *step.response = grpc::ByteBuffer(&bytes, 1);
      step.reactor->Finish(grpc::Status::OK);
    };
    if (!parts_.workers.post(task))
      task();
  }

  void finish(const Step& step, const Error& error) const {
    const Method method{"SyncService.Exchange", parts_.refusals, true};
    step.reactor->Finish(statusOf(method, *step.call, error));
  }
  Method watchMethod() const { return {"SyncService.Watch", parts_.refusals, true}; }

  // What is durable now and does not count, or must not have happened. ALREADY_KNOWN was told when
  // it came.
  void tell(const intake::Submission& submission, const intake::Outcome& outcome) const {
    auto& refusals = parts_.refusals;
    for (const auto kind : outcome.alarms)
      refusals.alarm(submission.provider, submission.device, kind);
    for (const auto& entry : outcome.entries)
      if (entry.verdict == intake::Verdict::Quarantined)
        refusals.quarantined(submission.provider, submission.device, entry.n,
                             intake::quarantineName(entry.reason));
  }

  void beginWatch(grpc::CallbackServerContext& call, const std::shared_ptr<PlanWatch>& watch,
                  std::uint64_t cursor) {
    auto device = parts_.callers.device(call);
    if (!device.ok())
      return watch->refuse(statusOf(watchMethod(), call, device.error()));
    const Error full{ErrorCode::Unavailable, "TOO_MANY_WATCHES", "or stopping"};
    if (!watches_.add((*device)->caller, cursor, watch))
      return watch->refuse(statusOf(watchMethod(), call, full));
    // Revoked between the two: whoever revoked did not see the watch.
    device = parts_.callers.device(call);
    if (!device.ok())
      return watch->refuse(statusOf(watchMethod(), call, device.error()));
    watch->started();
  }

  const Parts parts_;
  PlanWatches watches_;
};

SyncService::SyncService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
SyncService::~SyncService() = default;
grpc::Service& SyncService::service() { return *impl_; }
void SyncService::devicesChanged(std::optional<DeviceId> revoked) {
  impl_->devicesChanged(revoked);
}
void SyncService::stop() { impl_->stop(); }

}  // namespace doorstep::rpc
