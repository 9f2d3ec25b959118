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

// One call of any unary or server-streaming method, message bytes in and out. Replies are pulled:
// at most one is read ahead, so a browser that reads slowly slows the service down.
//
// The first read is posted before the call starts (a reply that comes with the status is lost by
// gRPC 1.51 otherwise), and a hold stands until the caller asks for the end, because reads are
// started outside gRPC's callbacks. The call keeps itself alive until gRPC is done with it.
//
// Thread: start, nextMessage, end and cancel from one thread or strand; the callbacks come on a
// gRPC thread and only pass on.
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

  // openCalls: has the call in it from here until no thread of gRPC's holds anything of it.
  static std::shared_ptr<GrpcCall> start(grpc::GenericStub& stub, Request request,
                                         OpenCalls& openCalls);

  // The next message, or nothing when there is no more; then call end. One at a time.
  void nextMessage(std::function<void(std::optional<std::string>)> done);
  // How the call ended. Once; messages that were not asked for are dropped.
  void end(std::function<void(CallEnd)> done);
  // Ends the call soon, with CANCELLED. Harmless at any time before and after.
  void cancel() { context_.TryCancel(); }

  // For who cannot go on with it: cancels, and lets the call end if nobody has asked for that.
  void abandon();

  // Values of initial metadata; after a message or the end.
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
  // received_ and readOk_ are there for the taking.
  bool readDone_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool readOk_ DOORSTEP_GUARDED_BY(mutex_) = false;
  std::function<void(std::optional<std::string>)> messageWaiter_ DOORSTEP_GUARDED_BY(mutex_);
  std::optional<CallEnd> end_ DOORSTEP_GUARDED_BY(mutex_);
  std::function<void(CallEnd)> endWaiter_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::http
