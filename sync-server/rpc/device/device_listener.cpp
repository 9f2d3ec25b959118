// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/device_listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>  // glibc's tcp_info has no bytes_received
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <thread>
#include <utility>

#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {
namespace {

constexpr std::uint64_t kListenerTag = 0;
constexpr std::uint64_t kStopTag = UINT64_MAX;
constexpr int kEventsMax = 256;
constexpr int kAcceptsInARow = 64;  // then ends of connections are processed

// A descriptor that is closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  void reset() {
    if (value_ >= 0)
      close(std::exchange(value_, -1));
  }
  int release() { return std::exchange(value_, -1); }
  int get() const { return value_; }
  bool open() const { return value_ >= 0; }

 private:
  int value_;
};

Error cannotListen(const std::string& address, std::uint16_t port) {
  return {ErrorCode::Unavailable, "LISTEN_FAILED",
          "cannot listen on " + address + " port " + std::to_string(port) + ": " +
              std::strerror(errno)};
}

sockaddr_storage addressOf(const std::string& text, std::uint16_t port, socklen_t& size) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    size = sizeof v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    size = sizeof v6;
  } else {
    size = 0;
  }
  return address;
}

Result<Descriptor> openListener(const std::string& address, std::uint16_t port) {
  socklen_t size = 0;
  const sockaddr_storage to = addressOf(address, port, size);
  if (size == 0)
    return Error{ErrorCode::Unavailable, "LISTEN_FAILED",
                 "\"" + address + "\" is no IP address of this machine"};
  Descriptor socket(::socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  const int off = 0;
  if (!socket.open())
    return cannotListen(address, port);
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (to.ss_family == AF_INET6)  // "::" accepts IPv4 too
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&to), size) != 0 ||
      listen(socket.get(), SOMAXCONN) != 0)
    return cannotListen(address, port);
  return socket;
}

std::uint16_t boundPort(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

std::uint64_t receivedBytes(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return 0;
  return info.tcpi_bytes_received;
}

// Closes the connection at once and drops received bytes, which shutdown() would leave to be read.
void disconnect(int socket) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  if (connect(socket, &none, sizeof none) != 0)
    shutdown(socket, SHUT_RDWR);
}

bool outOfDescriptors(int error) { return error == EMFILE || error == ENFILE; }
// Errors of the pending connection, or transient ones: the listening socket is good.
bool passes(int error) {
  switch (error) {
    case ECONNABORTED:
    case EINTR:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

class DeviceListener::Impl {
 public:
  Impl(Config config, DeviceConnections& connections, const Clock& clock)
      : config_(std::move(config)), connections_(connections), clock_(clock) {}

  Status open() {
    DOORSTEP_ASSIGN(listener_, openListener(config_.address, config_.port));
    port_ = boundPort(listener_.get());
    poll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
    stop_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!poll_.open() || !stop_.open() || !spare_.open() ||
        !watch(stop_.get(), kStopTag, EPOLLIN) || !watch(listener_.get(), kListenerTag, EPOLLIN))
      return cannotListen(config_.address, port_);
    thread_ = std::thread([this] { run(); });
    return kDone;
  }

  void stop() {
    const std::uint64_t one = 1;
    if (stop_.open())
      (void)!write(stop_.get(), &one, sizeof one);
    if (thread_.joinable())
      thread_.join();
    // Calls in progress end with gRPC: these connections are only no longer watched.
    for (const auto& [number, watched] : watched_) {
      connections_.leave(number);
      epoll_ctl(poll_.get(), EPOLL_CTL_DEL, watched->get(), nullptr);
    }
    watched_.clear();
    listener_.reset();
  }

  std::uint16_t port() const { return port_; }
  Status failure() const {
    const MutexLock lock(mutex_);
    return failure_;
  }

 private:
  bool watch(int descriptor, std::uint64_t tag, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = tag;
    return epoll_ctl(poll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
  }

  void run() {
    std::array<epoll_event, kEventsMax> events{};
    std::int64_t sweptMs = nowMs();
    while (true) {
      const int count = epoll_wait(poll_.get(), events.data(), kEventsMax, kSweepIntervalMs);
      for (int i = 0; i < count; ++i) {
        const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
        if (tag == kStopTag)
          return;
        if (tag == kListenerTag)
          acceptSome();
        else
          forget(tag);
      }
      if (!listener_.open())
        comeBack();
      if (nowMs() - sweptMs >= kSweepIntervalMs) {
        sweptMs = nowMs();
        connections_.sweep(sweptMs);
      }
    }
  }

  void acceptSome() {
    for (int i = 0; i < kAcceptsInARow && listener_.open(); ++i) {
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      Descriptor socket(accept4(listener_.get(), reinterpret_cast<sockaddr*>(&from), &size,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.open()) {
        enter(std::move(socket), from);
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      if (outOfDescriptors(errno))
        return refuseOne();
      if (errno == ENOBUFS || errno == ENOMEM)
        return pause();
      if (!passes(errno))
        loseListener();
    }
  }

  void enter(Descriptor socket, const sockaddr_storage& from) {
    // shared_ptr: the table may cut the connection while its end is processed here
    const auto watched = std::make_shared<Descriptor>(fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
    if (!watched->open())
      return;  // out of descriptors: the connection is closed
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes,
               sizeof kReceiveBufferBytes);
    const std::uint64_t number =
        connections_.enter(connectionPeer(from), nowMs(),
                           {.cut = [watched] { disconnect(watched->get()); },
                            .bytesReceived = [watched] { return receivedBytes(watched->get()); }});
    if (number == 0)
      return;
    if (!watch(watched->get(), number, EPOLLRDHUP))  // and EPOLLHUP, EPOLLERR
      return connections_.leave(number);
    watched_.emplace(number, watched);
    config_.take(socket.release());
  }

  // The peer has closed, or the connection was cut. Removed from the poll before it is closed: gRPC
  // may still hold the same socket.
  void forget(std::uint64_t number) {
    const auto found = watched_.find(number);
    if (found == watched_.end())
      return;
    connections_.leave(number);  // first: no other thread cuts it from here on
    shutdown(found->second->get(), SHUT_RDWR);
    epoll_ctl(poll_.get(), EPOLL_CTL_DEL, found->second->get(), nullptr);
    watched_.erase(found);
  }

  void refuseOne() {
    spare_.reset();
    Descriptor refused(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    refused.reset();
    spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!spare_.open())
      pause();
  }

  static void pause() { usleep(kAcceptPauseMs * 1000); }

  void loseListener() {
    lostMs_ = nowMs();
    listener_.reset();
  }

  void comeBack() {
    auto again = openListener(config_.address, port_);
    if (again.ok()) {
      listener_ = std::move(again).value();
      if (watch(listener_.get(), kListenerTag, EPOLLIN))
        return;
      listener_.reset();
    }
    if (nowMs() - lostMs_ < kListenerBackMs)
      return;
    const MutexLock lock(mutex_);
    failure_ = again.ok() ? Status(cannotListen(config_.address, port_)) : Status(again.error());
  }

  std::int64_t nowMs() const { return static_cast<std::int64_t>(clock_.bootMs()); }

  const Config config_;
  DeviceConnections& connections_;
  const Clock& clock_;
  std::uint16_t port_ = 0;

  // Used by the thread only, once it runs.
  Descriptor listener_, poll_, stop_, spare_;
  std::map<std::uint64_t, std::shared_ptr<Descriptor>> watched_;
  std::int64_t lostMs_ = 0;
  std::thread thread_;

  mutable Mutex mutex_;
  Status failure_ DOORSTEP_GUARDED_BY(mutex_) = kDone;
};

DeviceListener::DeviceListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DeviceListener::~DeviceListener() { impl_->stop(); }

Result<std::unique_ptr<DeviceListener>> DeviceListener::start(Config config,
                                                              DeviceConnections& connections,
                                                              const Clock& clock) {
  std::unique_ptr<DeviceListener> listener(
      new DeviceListener(std::make_unique<Impl>(std::move(config), connections, clock)));
  DOORSTEP_TRY(listener->impl_->open());
  return listener;
}

std::uint16_t DeviceListener::port() const { return impl_->port(); }
Status DeviceListener::failure() const { return impl_->failure(); }
void DeviceListener::stop() { impl_->stop(); }

}  // namespace doorstep::rpc
