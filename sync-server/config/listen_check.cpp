// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/listen_check.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace doorstep::config {
namespace {

struct Socket {
  explicit Socket(int family) : file(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (file >= 0)
      close(file);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int file;
};

Error whyNot(const std::string& address, std::uint16_t port) {
  const auto error = [&](const char* reason, const std::string& text) {
    return Error{ErrorCode::Unavailable, reason, text};
  };
  switch (errno) {
    case EADDRINUSE:
      return error("PORT_IN_USE", fmt::format("another program listens on port {} of {}: stop it, "
                                              "or change the port in config.toml",
                                              port, address));
    case EACCES:
      return error("PORT_NOT_ALLOWED", fmt::format("this user may not listen on port {}: take one "
                                                   "from 1024 on, or give the program "
                                                   "CAP_NET_BIND_SERVICE",
                                                   port));
    case EADDRNOTAVAIL:
      return error("ADDRESS_MISSING",
                   fmt::format("{} is no address of this machine: change it in config.toml, or "
                               "write 0.0.0.0 for all of them",
                               address));
    default:
      return error("LISTEN_FAILED", fmt::format("cannot listen on port {} of {}: {}", port, address,
                                                std::strerror(errno)));
  }
}

Result<std::uint16_t> tryPort(const std::string& address, std::uint16_t port) {
  sockaddr_storage name{};
  socklen_t size = 0;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&name);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&name);
  if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    size = sizeof *v4;
  } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    size = sizeof *v6;
  } else {
    errno = EADDRNOTAVAIL;
    return whyNot(address, port);
  }
  const Socket socket(name.ss_family);
  const int on = 1;
  if (socket.file < 0 || setsockopt(socket.file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(socket.file, reinterpret_cast<sockaddr*>(&name), size) != 0 ||
      listen(socket.file, 1) != 0 ||
      getsockname(socket.file, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return whyNot(address, port);
  return ntohs(name.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
}

}  // namespace

Status checkListen(const std::string& address, std::uint16_t port) {
  DOORSTEP_TRY(tryPort(address, port));
  return kDone;
}

Result<std::uint16_t> freePort(const std::string& address) { return tryPort(address, 0); }

}  // namespace doorstep::config
