// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/core/mutex.h"
#include "shared/core/strong_id.h"
#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

// The other end of a connection. peer: as gRPC writes it, "ipv4:192.0.2.1:50123",
// "ipv6:%5B2001:db8::1%5D:50123"; share: whose budget it uses, the IPv4 address or the IPv6 /64,
// because one subscriber has all of that.
struct ConnectionPeer {
  std::string peer;
  std::string share;
};
// An IPv4 address that is written as IPv6 is that IPv4 address.
ConnectionPeer connectionPeer(const sockaddr_storage& address);

// How many connections the device port may hold.
struct ConnectionLimits {
  std::size_t max = kDeviceConnectionsMax;  // strangers and devices
  std::size_t strangersMax = kStrangersMax;
  std::size_t strangersPerShareMax = kStrangersPerShareMax;
  std::size_t perDeviceMax = kConnectionsPerDeviceMax;
};

// Who holds the connections of the device port, and which have to go. A connection is a stranger's
// until a call on it was recognised as a device's. Strangers have a budget, for each address and in
// all: a newcomer takes the place of the oldest, so that whoever holds connections open shuts
// nobody out, also behind the same address. A stranger must become a device in a time and within
// bytes that an honest phone on a bad network keeps. A device has a few connections, the newest
// ones. A connection that has to go is cut, and leaves when its socket says so.
//
// Thread: any.
class DeviceConnections {
 public:
  explicit DeviceConnections(const ConnectionLimits& limits = {}) : limits_(limits) {}

  // What the table needs of a connection's socket. Neither blocks or calls back.
  struct Socket {
    std::function<void()> cut;
    std::function<std::uint64_t()> bytesReceived;
  };

  void setLimits(const ConnectionLimits& limits);
  // Its number, for leave(). Cuts those whose place it takes; 0: there is no place, close it.
  std::uint64_t enter(const ConnectionPeer& peer, std::int64_t nowMs, Socket socket);
  // The connection has ended. Unknown: nothing.
  void leave(std::uint64_t connection);
  // A call that came over it was the device's. Cheap when that is known already.
  void recognised(std::string_view peer, DeviceId device);
  // A call over it ended before its message had come: cuts the connection that does so too often,
  // since each costs the server more than it costs the caller.
  void abandoned(std::string_view peer);
  // Cuts strangers that took too long or sent too much; when those of one address or all of them
  // have sent too much together, the ones that sent most. Several times a second.
  void sweep(std::int64_t nowMs);

  std::size_t size() const;
  std::size_t strangers() const;

 private:
  struct Connection {
    ConnectionPeer peer;
    Socket socket;
    std::int64_t enteredMs = 0;
    DeviceId device;  // none: a stranger's
    std::size_t abandonedCalls = 0;
    bool isCut = false;                        // counts for nothing any more
    std::list<std::uint64_t>::iterator place;  // in its share's list, or in its device's
  };
  using Oldest = std::list<std::uint64_t>;  // connections, oldest first

  static bool hasToGo(const Connection& stranger, std::uint64_t bytes, std::int64_t nowMs);
  void cut(Connection& connection) DOORSTEP_REQUIRES(mutex_);
  // Takes it out of the lists of its owner.
  void uncount(Connection& connection) DOORSTEP_REQUIRES(mutex_);
  void cutOldestStranger() DOORSTEP_REQUIRES(mutex_);

  mutable Mutex mutex_;
  ConnectionLimits limits_ DOORSTEP_GUARDED_BY(mutex_);
  std::uint64_t nextNumber_ DOORSTEP_GUARDED_BY(mutex_) = 1;
  std::map<std::uint64_t, Connection> connections_ DOORSTEP_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::uint64_t> byPeer_ DOORSTEP_GUARDED_BY(mutex_);
  std::map<std::string, Oldest> strangersByShare_ DOORSTEP_GUARDED_BY(mutex_);
  std::map<DeviceId, Oldest> byDevice_ DOORSTEP_GUARDED_BY(mutex_);
  std::size_t strangers_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::size_t counted_ DOORSTEP_GUARDED_BY(mutex_) = 0;
};

}  // namespace doorstep::rpc
