// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>

#include "shared/core/result.h"
#include "sync-server/rpc/caller_context.h"

namespace doorstep::rpc {

// A call of the device port: one request message, one or more answers. All are registered with gRPC
// as streams, which is the same on the wire: for a unary call gRPC reads the whole message before
// our code runs, so a client that starts and cancels calls would cost memory and time without being
// counted. Here each such call is counted (DeviceConnections::abandoned), and the message is read
// on demand. The derived class's OnDone deletes the object. Included by service sources only.
// Thread: gRPC's, one callback of each name at a time.
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
  // Call once, as soon as the caller is allowed to send that much; received() or refuse() follows.
  void readMessage() {
    reading_.store(true);
    this->StartRead(&request_);
  }
  const Request& request() const { return request_; }
  const CallerContext& callers() const { return callers_; }
  grpc::CallbackServerContext& call() const { return call_; }

  // The message has arrived.
  virtual void received() = 0;
  virtual void refuse(const Error& error) = 0;

 private:
  const CallerContext& callers_;
  grpc::CallbackServerContext& call_;
  Request request_;
  std::atomic<bool> whole_ = false;  // the message has arrived
  // Orders what was written before readMessage() before received(), which runs on another thread.
  // gRPC does that already, but ThreadSanitizer does not see into it.
  std::atomic<bool> reading_ = false;
};

}  // namespace doorstep::rpc
