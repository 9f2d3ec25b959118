// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/counting_proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "shared/core/check.h"

namespace doorstep::bench {
namespace {

constexpr std::chrono::milliseconds kQuiet{60};
constexpr int kPollMs = 20;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

CountingProxy::CountingProxy(std::uint16_t serverPort) : serverPort_(serverPort) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  DOORSTEP_CHECK(bind(listener_, raw, size) == 0 && listen(listener_, 16) == 0);
  DOORSTEP_CHECK(getsockname(listener_, raw, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

CountingProxy::~CountingProxy() {
  stopping_ = true;
  thread_.join();
  close(listener_);
  for (const Link& link : links_) {
    close(link.phone);
    close(link.server);
  }
}

void CountingProxy::settle() const {
  for (std::uint64_t before = ~0ULL; before != upBytes_ + downBytes_;) {
    before = upBytes_ + downBytes_;
    std::this_thread::sleep_for(kQuiet);
  }
}

void CountingProxy::accept() {
  Link link;
  link.phone = ::accept(listener_, nullptr, nullptr);
  link.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(serverPort_);
  DOORSTEP_CHECK(
      connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  const int on = 1;
  setsockopt(link.phone, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(link.server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  links_.push_back(link);
}

bool CountingProxy::pass(int from, int to, std::atomic<std::uint64_t>& count) {
  std::array<char, 65536> buffer{};
  const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0)
    return false;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t put =
        send(to, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
    if (put <= 0)
      return false;
    sent += put;
  }
  count += static_cast<std::uint64_t>(got);
  return true;
}

void CountingProxy::run() {
  while (!stopping_) {
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const Link& link : links_) {
      watched.push_back({link.phone, POLLIN, 0});
      watched.push_back({link.server, POLLIN, 0});
    }
    if (poll(watched.data(), watched.size(), kPollMs) <= 0)
      continue;
    for (std::size_t i = links_.size(); i-- > 0;) {
      const Link link = links_[i];
      const bool alive =
          (watched[1 + 2 * i].revents == 0 || pass(link.phone, link.server, upBytes_)) &&
          (watched[2 + 2 * i].revents == 0 || pass(link.server, link.phone, downBytes_));
      if (!alive) {
        close(link.phone);
        close(link.server);
        links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    if (watched[0].revents != 0)
      accept();
  }
}

}  // namespace doorstep::bench
