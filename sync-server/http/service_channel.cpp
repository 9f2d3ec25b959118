// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/service_channel.h"

#include <fcntl.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/server.h>
#include <grpcpp/server_posix.h>
#include <grpcpp/support/channel_arguments.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace doorstep::http {

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
  // Whole exports pass here; the services bound what they send.
  arguments.SetMaxReceiveMessageSize(-1);
  stub_ = std::make_shared<grpc::GenericStub>(
      grpc::CreateCustomInsecureChannelFromFd("doorstep", ends[1], arguments));
  return kDone;
}

}  // namespace doorstep::http
