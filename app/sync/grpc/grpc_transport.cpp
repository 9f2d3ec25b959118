// SPDX-License-Identifier: Apache-2.0
#include "app/sync/grpc/grpc_transport.h"

#include <map>
#include <utility>
#include <vector>

#include "app/sync/grpc/device_channel.h"
#include "doorstep/sync/v1/sync_service.grpc.pb.h"
#include "shared/core/mutex.h"

namespace doorstep::sync {
namespace {

namespace v1 = doorstep::sync::v1;

// gRPC 1.51 has one completion queue for all callback calls of a process, destroyed with the last
// channel that used it and recreated with the next; if both happen at once it is freed twice. So
// one channel to an unused address makes a call, which fails at once, and is kept until the process
// ends.
void keepCallbackQueue() {
  struct Keeper {
    std::shared_ptr<grpc::Channel> channel = grpc::CreateChannel("ipv4:127.0.0.1:1", nullptr);
    std::unique_ptr<v1::SyncService::Stub> stub = v1::SyncService::NewStub(channel);
    grpc::ClientContext context;
    v1::ExchangeRequest request;
    v1::ExchangeResponse response;
  };
  static Keeper* const keeper = [] {  // never freed: it must outlive the last call
    auto* made = new Keeper;
    made->context.set_deadline(deadlineAfter(0));
    made->stub->async()->Exchange(&made->context, &made->request, &made->response,
                                  [](const grpc::Status&) {});
    return made;
  }();
  (void)keeper;
}

// Newest first.
std::vector<ChannelKeys> keysOf(const Enrolment& enrolment) {
  std::vector<ChannelKeys> keys{{enrolment.authorityPem, enrolment.certificateChainPem,
                                 enrolment.tlsKeyPem, enrolment.serverUnixMs}};
  if (!enrolment.previousCertificateChainPem.empty())
    keys.push_back({enrolment.authorityPem, enrolment.previousCertificateChainPem,
                    enrolment.previousTlsKeyPem, enrolment.serverUnixMs});
  return keys;
}

}  // namespace

// State shared with gRPC's threads. mutex_ is never held while events_ is called.
//
// Only the caller's thread releases connections. gRPC 1.51 ends its callback threads with the last
// channel; if one of them releases it, it destroys its own completion queue and the process aborts.
// So discarded connections are kept in retired_ until no call uses them, and a call releases its
// context, which also holds the channel, before its stub and before finished().
class GrpcTransport::Calls : public std::enable_shared_from_this<Calls> {
 public:
  Calls(const Enrolment& enrolment, TransportEvents& events)
      : host_(enrolment.host), port_(enrolment.port), events_(events), keys_(keysOf(enrolment)) {
    keepCallbackQueue();
  }

  void exchange(const SendExchange& send);
  void startWatch(const StartWatch& start);
  void cancel(std::uint64_t id);
  void dropConnection();
  void useCertificate(const Enrolment& enrolment);
  void endAll();

 private:
  struct ExchangeCall {
    std::shared_ptr<v1::SyncService::Stub> stub;  // declared first: it outlives the context
    grpc::ClientContext context;
    v1::ExchangeRequest request;
    v1::ExchangeResponse response;
  };
  class WatchCall;

  std::shared_ptr<v1::SyncService::Stub> stub() DOORSTEP_REQUIRES(mutex_);
  void exchangeEnded(std::uint64_t id, std::shared_ptr<ExchangeCall> call,
                     const grpc::Status& status);
  bool isWanted(std::uint64_t id);
  // The call can no longer be cancelled: its context may be destroyed.
  void forget(std::uint64_t id);
  // The call is done; the transport may be destroyed.
  void finished();
  void throwAwayIfBroken(const grpc::Status& status, const v1::SyncService::Stub* stub);
  // The caller's thread only: releases retired connections that no call uses.
  void letGo();

  const std::string host_;
  const std::uint16_t port_;
  TransportEvents& events_;

  Mutex mutex_;
  std::vector<ChannelKeys> keys_ DOORSTEP_GUARDED_BY(mutex_);
  std::size_t keysInUse_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  Condition ended_;
  // shared_ptr: calls on an old connection outlive its replacement.
  std::shared_ptr<v1::SyncService::Stub> stub_ DOORSTEP_GUARDED_BY(mutex_);
  // Discarded stubs that calls may still use.
  std::vector<std::shared_ptr<v1::SyncService::Stub>> retired_ DOORSTEP_GUARDED_BY(mutex_);
  // Calls that report when they end.
  std::map<std::uint64_t, grpc::ClientContext*> wanted_ DOORSTEP_GUARDED_BY(mutex_);
  std::size_t running_ DOORSTEP_GUARDED_BY(mutex_) = 0;  // wanted or cancelled
};

class GrpcTransport::Calls::WatchCall final : public grpc::ClientReadReactor<v1::WatchResponse> {
 public:
  // Owns itself until OnDone.
  WatchCall(std::shared_ptr<Calls> calls, std::uint64_t id) : calls_(std::move(calls)), id_(id) {}

  void start(std::shared_ptr<v1::SyncService::Stub> stub, std::uint64_t planCursor) {
    stub_ = std::move(stub);
    request_.set_plan_cursor(planCursor);
    stub_->async()->Watch(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }
  grpc::ClientContext& context() { return context_; }

  void OnReadDone(bool ok) override {
    if (!ok)
      return;
    if (calls_->isWanted(id_))
      calls_->events_.onWatchHinted(id_, response_.newer_plan_cursor());
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    calls_->throwAwayIfBroken(status, stub_.get());
    if (calls_->isWanted(id_))
      calls_->events_.onWatchEnded(id_, errorOf(status));
    const auto calls = std::move(calls_);
    calls->forget(id_);
    delete this;
    calls->finished();
  }

 private:
  std::shared_ptr<Calls> calls_;
  const std::uint64_t id_;
  std::shared_ptr<v1::SyncService::Stub> stub_;
  grpc::ClientContext context_;
  v1::WatchRequest request_;
  v1::WatchResponse response_;
};

std::shared_ptr<v1::SyncService::Stub> GrpcTransport::Calls::stub() {
  if (!stub_)
    stub_ = v1::SyncService::NewStub(makeDeviceChannel(host_, port_, keys_.at(keysInUse_)));
  return stub_;
}

void GrpcTransport::Calls::exchange(const SendExchange& send) {
  auto call = std::make_shared<ExchangeCall>();
  call->request = send.request;
  call->context.set_deadline(deadlineAfter(send.deadlineMs));
  {
    const MutexLock lock(mutex_);
    call->stub = stub();
    wanted_[send.exchange] = &call->context;
    ++running_;
  }
  auto ended = [self = shared_from_this(), call,
                id = send.exchange](const grpc::Status& status) mutable {
    self->exchangeEnded(id, std::move(call), status);
  };
  call->stub->async()->Exchange(&call->context, &call->request, &call->response, std::move(ended));
  letGo();
}

void GrpcTransport::Calls::exchangeEnded(std::uint64_t id, std::shared_ptr<ExchangeCall> call,
                                         const grpc::Status& status) {
  throwAwayIfBroken(status, call->stub.get());
  if (isWanted(id)) {
    if (status.ok())
      events_.onExchangeAnswered(id, std::move(call->response));
    else
      events_.onExchangeFailed(id, errorOf(status));
  }
  forget(id);
  call.reset();
  finished();
}

void GrpcTransport::Calls::startWatch(const StartWatch& start) {
  auto* call = new WatchCall(shared_from_this(), start.watch);
  std::shared_ptr<v1::SyncService::Stub> stubNow;
  {
    const MutexLock lock(mutex_);
    stubNow = stub();
    wanted_[start.watch] = &call->context();
    ++running_;
  }
  call->start(std::move(stubNow), start.planCursor);
  letGo();
}

void GrpcTransport::Calls::cancel(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = wanted_.find(id);
  if (found == wanted_.end())
    return;
  found->second->TryCancel();
  wanted_.erase(found);
}

bool GrpcTransport::Calls::isWanted(std::uint64_t id) {
  const MutexLock lock(mutex_);
  return wanted_.contains(id);
}

void GrpcTransport::Calls::forget(std::uint64_t id) {
  const MutexLock lock(mutex_);
  wanted_.erase(id);
}

void GrpcTransport::Calls::finished() {
  const MutexLock lock(mutex_);
  --running_;
  ended_.notifyAll();
}

void GrpcTransport::Calls::dropConnection() {
  {
    const MutexLock lock(mutex_);
    keysInUse_ = 0;
    if (stub_)
      retired_.push_back(std::move(stub_));
  }
  letGo();
}

void GrpcTransport::Calls::useCertificate(const Enrolment& enrolment) {
  {
    const MutexLock lock(mutex_);
    keys_ = keysOf(enrolment);
    keysInUse_ = 0;
    if (stub_)
      retired_.push_back(std::move(stub_));  // its running calls continue
  }
  letGo();
}

void GrpcTransport::Calls::letGo() {
  // Destroyed after the lock is released: destruction waits for gRPC.
  std::vector<std::shared_ptr<v1::SyncService::Stub>> unused;
  const MutexLock lock(mutex_);
  for (auto& stub : retired_) {
    if (stub.use_count() == 1)
      unused.push_back(std::move(stub));
  }
  std::erase(retired_, nullptr);
}

void GrpcTransport::Calls::throwAwayIfBroken(const grpc::Status& status,
                                             const v1::SyncService::Stub* stub) {
  const bool broken = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                      status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  const MutexLock lock(mutex_);
  if (!broken || !stub_ || stub_.get() != stub)
    return;
  retired_.push_back(std::move(stub_));
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE)
    keysInUse_ = (keysInUse_ + 1) % keys_.size();
}

void GrpcTransport::Calls::endAll() {
  // Destroyed after the lock is released.
  std::shared_ptr<v1::SyncService::Stub> last;
  std::vector<std::shared_ptr<v1::SyncService::Stub>> retired;
  const MutexLock lock(mutex_);
  for (const auto& [id, context] : wanted_)
    context->TryCancel();
  wanted_.clear();
  while (running_ != 0)
    ended_.wait(mutex_);
  // All calls are done: only this thread holds the rest.
  last = std::move(stub_);
  retired = std::move(retired_);
}

GrpcTransport::GrpcTransport(const Enrolment& enrolment, TransportEvents& events)
    : calls_(std::make_shared<Calls>(enrolment, events)) {}
GrpcTransport::~GrpcTransport() { calls_->endAll(); }

void GrpcTransport::exchange(const SendExchange& send) { calls_->exchange(send); }
void GrpcTransport::cancelExchange(std::uint64_t exchange) { calls_->cancel(exchange); }
void GrpcTransport::startWatch(const StartWatch& start) { calls_->startWatch(start); }
void GrpcTransport::stopWatch(std::uint64_t watch) { calls_->cancel(watch); }
void GrpcTransport::dropConnection() { calls_->dropConnection(); }
void GrpcTransport::useCertificate(const Enrolment& enrolment) {
  calls_->useCertificate(enrolment);
}

}  // namespace doorstep::sync
