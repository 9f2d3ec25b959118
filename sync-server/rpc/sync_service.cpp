// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/sync_service.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <string>
#include <utility>

#include "doorstep/sync/v1/sync_service.grpc.pb.h"
#include "shared/core/guarded.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/plan_watches.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::sync::v1;

const Error kBusy{ErrorCode::ResourceExhausted, "SERVER_BUSY", "the queue of workers is full"};

using Bytes = grpc::ByteBuffer;

}  // namespace

// Both methods are registered by hand. Exchange takes bytes, so that decoding happens on a worker
// and the simulator runs the same code; and it is told to gRPC as a stream, which is the same on
// the wire, so that the caller is known before a byte of its message is taken.
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
    AddMethod(new RpcServiceMethod("/doorstep.sync.v1.SyncService/Watch",
                                   RpcMethod::SERVER_STREAMING, nullptr));
    MarkMethodCallback(
        1, new grpc::internal::CallbackServerStreamingHandler<pb::WatchRequest, pb::WatchResponse>(
               [this](grpc::CallbackServerContext* call, const pb::WatchRequest* request) {
                 return watch(call, request->plan_cursor());
               }));
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
  class Exchange final : public grpc::ServerBidiReactor<Bytes, Bytes> {
   public:
    Exchange(Impl& service, grpc::CallbackServerContext& call)
        : service_(service), call_(call), device_(service.parts_.callers.remembered(call)) {
      if (device_.device)
        StartRead(&request_);
      else if (!service_.parts_.workers.post([this] { recognise(); }))
        finish(kBusy);
    }

    void OnReadDone(bool ok) override {
      if (!ok)
        return finish({ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "no message"});
      whole_ = true;
      if (!service_.parts_.workers.post([this] { take(); }))
        finish(kBusy);
    }
    void OnCancel() override {
      if (!whole_)
        service_.parts_.callers.abandoned(call_);
    }
    void OnDone() override { delete this; }

    void answer(const std::string& bytes) {
      grpc::Slice slice(bytes);
      response_ = Bytes(&slice, 1);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void finish(const Error& error) {
      const Method method{"SyncService.Exchange", service_.parts_.refusals, true};
      Finish(statusOf(method, call_, error));
    }

   private:
    void recognise() {
      auto device = guarded([this] { return service_.parts_.callers.recognise(call_); });
      if (!device.ok())
        return finish(device.error());
      device_ = std::move(device).value();
      StartRead(&request_);
    }
    void take() {
      const auto device =
          guarded([this] { return service_.parts_.callers.stillDevice(call_, device_); });
      if (!device.ok())
        return finish(device.error());
      service_.take(*this, request_, **device);
    }

    Impl& service_;
    grpc::CallbackServerContext& call_;
    RecognisedDevice device_;
    Bytes request_;
    Bytes response_;
    std::atomic<bool> whole_ = false;  // its message has come
  };

  void take(Exchange& exchange, const Bytes& request, const identity::KnownDevice& device) {
    grpc::Slice bytes;
    if (!request.TrySingleSlice(&bytes).ok() && !request.DumpToSingleSlice(&bytes).ok())
      return exchange.finish({ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "no bytes"});
    auto submission = guarded([&] {
      return parts_.exchanges.read({reinterpret_cast<const char*>(bytes.begin()), bytes.size()},
                                   device);
    });
    if (!submission.ok())
      return exchange.finish(submission.error());
    const Status queued = parts_.commits.submit(
        std::move(submission).value(),
        [this, &exchange](intake::Submission&& taken, intake::Outcome&& outcome) {
          answerLater(exchange, std::move(taken), std::move(outcome));
        });
    if (!queued.ok())
      exchange.finish(queued.error());
  }

  // On the writer: hand over, so that the next commit begins. A pool that is full makes the writer
  // do it itself, which slows intake down to what can be answered.
  void answerLater(Exchange& exchange, intake::Submission&& submission, intake::Outcome&& outcome) {
    auto kept = std::make_shared<std::pair<intake::Submission, intake::Outcome>>(
        std::move(submission), std::move(outcome));
    const auto task = [this, &exchange, kept] {
      tell(kept->first, kept->second);
      const auto answered =
          guarded([&] { return parts_.exchanges.answer(kept->first, kept->second); });
      if (!answered.ok())
        return exchange.finish(answered.error());
      exchange.answer(*answered);
    };
    if (!parts_.workers.post(task))
      task();
  }

  grpc::ServerWriteReactor<pb::WatchResponse>* watch(grpc::CallbackServerContext* call,
                                                     std::uint64_t cursor) {
    auto watch = std::make_shared<PlanWatch>(watches_);
    watch->hold(watch);
    if (!parts_.workers.post([this, call, watch, cursor] { beginWatch(*call, watch, cursor); }))
      watch->refuse(statusOf(watchMethod(), *call, kBusy));
    return watch.get();
  }

  Method watchMethod() const { return {"SyncService.Watch", parts_.refusals, true}; }

  // What is durable now and does not count, or must not have happened. ALREADY_KNOWN was told when
  // it came.
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

  void beginWatch(grpc::CallbackServerContext& call, const std::shared_ptr<PlanWatch>& watch,
                  std::uint64_t cursor) {
    auto device = guarded([&] { return parts_.callers.device(call); });
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
