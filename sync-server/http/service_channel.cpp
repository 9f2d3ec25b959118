// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/service_channel.h"

#include <fcntl.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_posix.h>
#include <grpcpp/support/channel_arguments.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace doorstep::http {
namespace {

// gRPC 1.51 has one queue for all callback calls of a process, destroyed with the last channel that
// used it and recreated with the next; if both happen at once it is freed twice. So one channel to
// an unused address makes a call, which fails at once, and is kept until the process ends.
void keepCallbackQueue() {
  struct Keeper {
    grpc::GenericStub stub{
        grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials())};
    grpc::ClientContext context;
    const grpc::Slice nothing;
    grpc::ByteBuffer request{&nothing, 1};
    grpc::ByteBuffer response;
  };
  static Keeper* const keeper = [] {  // never freed: it must outlive the last call
    auto* made = new Keeper;
    made->context.set_deadline(std::chrono::system_clock::time_point());
    made->stub.UnaryCall(&made->context, "/", {}, &made->request, &made->response,
                         [](const grpc::Status&) {});
    return made;
  }();
  (void)keeper;
}

}  // namespace

ServiceChannel::ServiceChannel(grpc::Server& server) : server_(server) { keepCallbackQueue(); }

ServiceChannel::~ServiceChannel() {
  if (watched_ >= 0) {
    close(watched_);
  }
}

Result<std::shared_ptr<grpc::GenericStub>> ServiceChannel::stub() {
  const MutexLock lock(mutex_);
  if (!stub_ || hungUp()) {
    DOORSTEP_TRY(connect());
  }
  return stub_;
}

bool ServiceChannel::hungUp() const {
  pollfd watched{watched_, POLLRDHUP, 0};
  return poll(&watched, 1, 0) > 0 && (watched.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

Status ServiceChannel::connect() {
  const Error failure{ErrorCode::Unavailable, "CHANNEL_UNAVAILABLE", "no way to the services"};
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failure;
  }
  const int watched = fcntl(ends[1], F_DUPFD_CLOEXEC, 0);
  if (watched < 0) {
    close(ends[0]);
    close(ends[1]);
    return failure;
  }
  if (watched_ >= 0) {
    close(watched_);
  }
  watched_ = watched;
  grpc::AddInsecureChannelFromFd(&server_, ends[0]);
  grpc::ChannelArguments arguments;
  // Whole exports pass here; the services limit what they send.
  arguments.SetMaxReceiveMessageSize(-1);
  stub_ = std::make_shared<grpc::GenericStub>(
      grpc::CreateCustomInsecureChannelFromFd("doorstep", ends[1], arguments));
  return kDone;
}

}  // namespace doorstep::http
