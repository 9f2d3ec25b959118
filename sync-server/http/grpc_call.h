// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/mutex.h"
#include "sync-server/http/connect_protocol.h"
#include "sync-server/http/open_calls.h"

namespace doorstep::http {

// One call of a unary or server-streaming method, message bytes in and out. The caller pulls
// replies and at most one is read ahead, so a slow browser slows down the service.
//
// The first read is started before the call (gRPC 1.51 otherwise loses a reply that arrives with
// the status), and a hold is kept until the caller asks for the end, because reads are started
// outside gRPC's callbacks. The object keeps itself alive until gRPC is done with it.
//
// Thread: start, nextMessage, end and cancel on one thread or strand; callbacks run on a gRPC
// thread and must only post.
class GrpcCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                       public std::enable_shared_from_this<GrpcCall> {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;
  struct Request {
    std::string path;  // "/package.Service/Method"
    std::string message;
    Metadata metadata;
    std::optional<std::chrono::milliseconds> timeout;
  };

  // openCalls: counts the call from here until no gRPC thread refers to it.
  static std::shared_ptr<GrpcCall> start(grpc::GenericStub& stub, Request request,
                                         OpenCalls& openCalls);

  // The next message, or nullopt at the end; then call end. One at a time.
  void nextMessage(std::function<void(std::optional<std::string>)> done);
  // The result of the call. Call once; unread messages are dropped.
  void end(std::function<void(CallEnd)> done);
  // Ends the call soon, with CANCELLED. May be called at any time, more than once.
  void cancel() { context_.TryCancel(); }

  // For a caller that gives up: cancels, and lets the call end even if end() was never called.
  void abandon();

  // Values of initial metadata; available after a message or the end.
  std::vector<std::string> initialMetadata(const std::string& key) const;

 private:
  explicit GrpcCall(OpenCalls& openCalls) : openCalls_(openCalls) {}

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void deliver() DOORSTEP_EXCLUDES(mutex_);

  OpenCalls& openCalls_;
  grpc::ClientContext context_;
  grpc::ByteBuffer sent_;
  grpc::ByteBuffer received_;
  std::shared_ptr<GrpcCall> self_;  // from start to OnDone

  bool endAsked_ = false;  // the caller's thread

  Mutex mutex_;
  // Whether received_ and readOk_ are set.
  bool readDone_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool readOk_ DOORSTEP_GUARDED_BY(mutex_) = false;
  std::function<void(std::optional<std::string>)> messageWaiter_ DOORSTEP_GUARDED_BY(mutex_);
  std::optional<CallEnd> end_ DOORSTEP_GUARDED_BY(mutex_);
  std::function<void(CallEnd)> endWaiter_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::http
