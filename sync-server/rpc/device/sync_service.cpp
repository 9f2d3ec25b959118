// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/sync_service.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "doorstep/sync/v1/sync_service.grpc.pb.h"
#include "shared/core/guarded.h"
#include "sync-server/rpc/device/device_call.h"
#include "sync-server/rpc/device/plan_watches.h"
#include "sync-server/rpc/errors.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::sync::v1;

using Bytes = grpc::ByteBuffer;

}  // namespace

// Both methods are registered by hand (device_call.h). Exchange takes bytes, so that decoding
// happens on a worker and the simulator runs the same code; the caller is identified before any
// byte of its message is read.
class SyncService::Impl final : public grpc::Service {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts), watches_(parts.plans, parts.storage, parts.clock) {
    using grpc::internal::RpcMethod;
    using grpc::internal::RpcServiceMethod;
    AddMethod(new RpcServiceMethod("/doorstep.sync.v1.SyncService/Exchange",
                                   RpcMethod::BIDI_STREAMING, nullptr));
    MarkMethodRawCallback(
        0, new grpc::internal::CallbackBidiHandler<Bytes, Bytes>(
               [this](grpc::CallbackServerContext* call) { return new Exchange(*this, *call); }));
    AddMethod(new RpcServiceMethod("/doorstep.sync.v1.SyncService/Watch", RpcMethod::BIDI_STREAMING,
                                   nullptr));
    MarkMethodCallback(1,
                       new grpc::internal::CallbackBidiHandler<pb::WatchRequest, pb::WatchResponse>(
                           [this](grpc::CallbackServerContext* call) { return watch(*call); }));
  }

  void devicesChanged(std::optional<DeviceId> revoked) {
    if (revoked)
      watches_.endDevice(*revoked);
    else
      watches_.endRevoked();
  }
  void stop() { watches_.stop(); }

 private:
  // One exchange: its caller is recognised, then its message is read, a worker checks it, the
  // writer commits it, a worker answers. Deletes itself when gRPC is done with it.
  class Exchange final : public DeviceCall<Bytes, Bytes> {
   public:
    Exchange(Impl& service, grpc::CallbackServerContext& call)
        : DeviceCall(service.parts_.callers, call),
          service_(service),
          device_(callers().remembered(call)) {
      if (device_.device)
        readMessage();
      else if (!service_.parts_.workers.post([this] { recognise(); }))
        refuse(kBusy);
    }
    void OnDone() override { delete this; }

    void answer(const std::string& bytes) {
      grpc::Slice slice(bytes);
      response_ = Bytes(&slice, 1);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void refuse(const Error& error) override {
      const Method method{"SyncService.Exchange", service_.parts_.refusals, true};
      Finish(statusOf(method, call(), error));
    }

   private:
    void received() override {
      if (!service_.parts_.workers.post([this] { take(); }))
        refuse(kBusy);
    }
    void recognise() {
      auto device = guarded([this] { return callers().recognise(call()); });
      if (!device.ok())
        return refuse(device.error());
      device_ = std::move(device).value();
      readMessage();
    }
    void take() {
      const auto device = guarded([this] { return callers().stillDevice(call(), device_); });
      if (!device.ok())
        return refuse(device.error());
      service_.take(*this, request(), **device);
    }

    Impl& service_;
    RecognisedDevice device_;
    Bytes response_;
  };

  void take(Exchange& exchange, const Bytes& request, const identity::KnownDevice& device) {
    grpc::Slice bytes;
    if (!request.TrySingleSlice(&bytes).ok() && !request.DumpToSingleSlice(&bytes).ok())
      return exchange.refuse({ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "no bytes"});
    auto submission = guarded([&] {
      return parts_.exchanges.read({reinterpret_cast<const char*>(bytes.begin()), bytes.size()},
                                   device);
    });
    if (!submission.ok())
      return exchange.refuse(submission.error());
    const Status queued = parts_.commits.submit(
        std::move(submission).value(),
        [this, &exchange](intake::Submission&& taken, intake::Outcome&& outcome) {
          answerLater(exchange, std::move(taken), std::move(outcome));
        });
    if (!queued.ok())
      exchange.refuse(queued.error());
  }

  // On the writer: hands the answer to a worker, so that the next commit can begin. If the pool is
  // full the writer answers itself, which slows intake down to the rate of answers.
  void answerLater(Exchange& exchange, intake::Submission&& submission, intake::Outcome&& outcome) {
    auto kept = std::make_shared<std::pair<intake::Submission, intake::Outcome>>(
        std::move(submission), std::move(outcome));
    const auto task = [this, &exchange, kept] {
      tell(kept->first, kept->second);
      const auto answered =
          guarded([&] { return parts_.exchanges.answer(kept->first, kept->second); });
      if (!answered.ok())
        return exchange.refuse(answered.error());
      exchange.answer(*answered);
    };
    if (!parts_.workers.post(task))
      task();
  }

  grpc::ServerBidiReactor<pb::WatchRequest, pb::WatchResponse>* watch(
      grpc::CallbackServerContext& call) {
    const auto begin = [this, &call](const std::shared_ptr<PlanWatch>& watch) {
      const bool posted = parts_.workers.post([this, &call, watch] { beginWatch(call, watch); });
      if (!posted)
        watch->refuse(kBusy);
    };
    return PlanWatch::open({watches_, parts_.callers, watchMethod(), begin}, call);
  }

  Method watchMethod() const { return {"SyncService.Watch", parts_.refusals, true}; }

  // Logs what is now durable and does not count, and alarms. ALREADY_KNOWN was logged at first
  // arrival.
  void tell(const intake::Submission& submission, const intake::Outcome& outcome) const {
    auto& refusals = parts_.refusals;
    for (const auto kind : outcome.alarms)
      refusals.alarm(submission.provider, submission.device, kind);
    if (submission.renewal && !submission.renewal->proofRight)
      refusals.refused("SyncService.Exchange",
                       {ErrorCode::PermissionDenied, "RENEWAL_PROOF_INVALID", ""},
                       submission.device);
    for (const auto& entry : outcome.entries)
      if (entry.verdict == intake::Verdict::Quarantined)
        refusals.quarantined(submission.provider, submission.device, entry.n,
                             intake::quarantineName(entry.reason));
  }

  void beginWatch(grpc::CallbackServerContext& call, const std::shared_ptr<PlanWatch>& watch) {
    auto device = guarded([&] { return parts_.callers.device(call); });
    if (!device.ok())
      return watch->refuse(device.error());
    if (!watches_.add((*device)->caller, watch))
      return watch->refuse({ErrorCode::Unavailable, "TOO_MANY_WATCHES", "or stopping"});
    // A revocation before add() has not ended this watch: check again.
    device = parts_.callers.device(call);
    if (!device.ok())
      return watch->refuse(device.error());
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
