// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/local_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "shared/core/display_text.h"
#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

constexpr const char* kName = "command.sock";

Error failed(const std::filesystem::path& folder, const std::string& what) {
  return {
      ErrorCode::PermissionDenied, "SOCKET_FAILED",
      fmt::format("the socket {} for commands {}", loggedText((folder / kName).string()), what)};
}

// Address of the socket for the kernel. For a path that is too long, keeps the folder open and
// names the socket through it.
class Address {
 public:
  static Result<Address> of(const std::filesystem::path& folder) {
    Address address;
    std::string path = (folder / kName).string();
    if (path.size() >= sizeof(address.name_.sun_path)) {
      address.folder_ = LocalSocket(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      path = fmt::format("/proc/self/fd/{}/{}", address.folder_.file(), kName);
      if (!address.folder_ || access("/proc/self/fd", X_OK) != 0)
        return failed(folder,
                      fmt::format("has a name of more than {} bytes, and /proc is not there: "
                                  "give the folder a shorter path",
                                  sizeof(address.name_.sun_path) - 1));
    }
    address.name_.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.name_.sun_path);
    return address;
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name_); }
  const char* path() const { return name_.sun_path; }
  static constexpr socklen_t kSize = sizeof(sockaddr_un);

 private:
  sockaddr_un name_{};
  LocalSocket folder_;
};

LocalSocket makeSocket() {
  return LocalSocket(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

Error left() {
  return {ErrorCode::Unavailable, "PEER_LEFT", "the other side of the socket is gone"};
}

// Returns false after the deadline.
bool waitFor(int file, short events, Condition::Deadline deadline) {
  while (true) {
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - Condition::deadlineIn(std::chrono::milliseconds(0)));
    if (rest.count() <= 0)
      return false;
    pollfd waiting{file, events, 0};
    if (poll(&waiting, 1, static_cast<int>(rest.count())) > 0)
      return true;
  }
}

}  // namespace

LocalSocket::LocalSocket(LocalSocket&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LocalSocket& LocalSocket::operator=(LocalSocket&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

LocalSocket::~LocalSocket() {
  if (file_ >= 0)
    close(file_);
}

Result<LocalSocket> LocalSocket::listen(const std::filesystem::path& folder) {
  DOORSTEP_ASSIGN(const Address address, Address::of(folder));
  struct stat there {};
  if (lstat(address.path(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode))
      return failed(folder, "cannot be made: something else has its name; move it away");
    unlink(address.path());
  }
  LocalSocket made = makeSocket();
  // Connecting is impossible before listen(), so nobody connects before the mode is set.
  if (!made || bind(made.file_, address.get(), Address::kSize) != 0 ||
      chmod(address.path(), 0600) != 0 || ::listen(made.file_, SOMAXCONN) != 0)
    return failed(folder, fmt::format("cannot be made: {}", std::strerror(errno)));
  return made;
}

void LocalSocket::remove(const std::filesystem::path& folder) {
  if (const auto address = Address::of(folder); address.ok())
    unlink(address->path());
}

Result<LocalSocket> LocalSocket::connect(const std::filesystem::path& folder) {
  DOORSTEP_ASSIGN(const Address address, Address::of(folder));
  LocalSocket made = makeSocket();
  if (made && ::connect(made.file_, address.get(), Address::kSize) == 0)
    return made;
  const int reason = errno;
  if (reason == ENOENT || reason == ECONNREFUSED)
    return Error{ErrorCode::NotFound, "SERVER_NOT_RUNNING", "no server takes commands here"};
  if (reason == EAGAIN)
    return Error{ErrorCode::Unavailable, "SERVER_BUSY",
                 "many commands wait for the server that runs here: try again later"};
  return failed(folder, fmt::format("cannot be reached: {}. A command beside a running server is "
                                    "for the user whom the folder belongs to",
                                    std::strerror(reason)));
}

LocalSocket LocalSocket::accept() const {
  const int taken = accept4(file_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (taken < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
    std::this_thread::sleep_for(kTurnTryEvery);
  return LocalSocket(taken);
}

bool LocalSocket::isOwners(const std::filesystem::path& folder) const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(file_, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return false;
  struct stat there {};
  const bool known = stat(folder.c_str(), &there) == 0;
  return peer.uid == 0 || peer.uid == geteuid() || (known && peer.uid == there.st_uid);
}

bool LocalSocket::isOpen() const {
  char byte = 0;
  const ssize_t read = recv(file_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return read > 0 || (read < 0 && (errno == EAGAIN || errno == EINTR));
}

Result<std::string> LocalSocket::readSome(std::size_t max) const {
  std::string bytes(max, '\0');
  const ssize_t read = recv(file_, bytes.data(), max, MSG_DONTWAIT);
  if (read == 0 || (read < 0 && errno != EAGAIN && errno != EINTR))
    return left();
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
  return bytes;
}

Result<std::string> LocalSocket::waitForSome(std::size_t max, Condition::Deadline deadline) const {
  while (waitFor(file_, POLLIN, deadline)) {
    DOORSTEP_ASSIGN(std::string bytes, readSome(max));
    if (!bytes.empty())
      return bytes;
  }
  return Error{ErrorCode::Unavailable, "PEER_SILENT", "the other side of the socket is silent"};
}

Result<std::size_t> LocalSocket::writeSome(std::string_view bytes) const {
  const ssize_t sent = send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN && errno != EINTR)
    return left();
  return static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
}

Status LocalSocket::writeAll(std::string_view bytes, Condition::Deadline deadline) const {
  while (!bytes.empty()) {
    if (!waitFor(file_, POLLOUT, deadline))
      return Error{ErrorCode::Unavailable, "PEER_SILENT", "the other side of the socket is silent"};
    DOORSTEP_ASSIGN(const std::size_t sent, writeSome(bytes));
    bytes.remove_prefix(sent);
  }
  return kDone;
}

}  // namespace doorstep::commands
