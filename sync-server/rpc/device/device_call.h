// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>

#include "shared/core/result.h"
#include "sync-server/rpc/caller_context.h"

namespace doorstep::rpc {

// A call of the device port: one message, then one answer or several. All of them are told to gRPC
// as streams, which is the same on the wire, because of a call without a stream gRPC reads the
// whole message before anybody here knows of it: whoever begins calls and takes them back would
// cost memory and time that nobody counts. Here each is counted (DeviceConnections::abandoned), and
// the message is read when the call wants it. gRPC deletes nothing: OnDone is the derived class's.
// Included by service sources only. Thread: gRPC's, one callback of each name at a time.
template <typename Request, typename Response>
class DeviceCall : public grpc::ServerBidiReactor<Request, Response> {
 public:
  DeviceCall(const CallerContext& callers, grpc::CallbackServerContext& call)
      : callers_(callers), call_(call) {}

  void OnReadDone(bool ok) final {
    (void)reading_.load();
    if (!ok)
      return refuse({ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "no message"});
    whole_ = true;
    received();
  }
  void OnCancel() override {
    if (!whole_)
      callers_.abandoned(call_);
  }

 protected:
  // Once, as soon as the caller may send that much; received() or refuse() follows.
  void readMessage() {
    reading_.store(true);
    this->StartRead(&request_);
  }
  const Request& request() const { return request_; }
  const CallerContext& callers() const { return callers_; }
  grpc::CallbackServerContext& call() const { return call_; }

  // The message has come.
  virtual void received() = 0;
  virtual void refuse(const Error& error) = 0;

 private:
  const CallerContext& callers_;
  grpc::CallbackServerContext& call_;
  Request request_;
  std::atomic<bool> whole_ = false;  // the message has come
  // What a thread wrote before readMessage() is there for the one that runs received(): gRPC sees
  // to that already, where ThreadSanitizer cannot look.
  std::atomic<bool> reading_ = false;
};

}  // namespace doorstep::rpc
