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

// The remote end of a connection. peer: in gRPC's format, "ipv4:192.0.2.1:50123",
// "ipv6:%5B2001:db8::1%5D:50123"; share: the key of its budget, the IPv4 address or the IPv6 /64,
// because one subscriber has a whole /64.
struct ConnectionPeer {
  std::string peer;
  std::string share;
};
// An IPv4-mapped IPv6 address becomes the IPv4 address.
ConnectionPeer connectionPeer(const sockaddr_storage& address);

// Limits on the device port's connections.
struct ConnectionLimits {
  std::size_t max = kDeviceConnectionsMax;  // strangers and devices
  std::size_t strangersMax = kStrangersMax;
  std::size_t strangersPerShareMax = kStrangersPerShareMax;
  std::size_t perDeviceMax = kConnectionsPerDeviceMax;
};

// Table of the device port's connections, which decides which to close. A connection is a
// "stranger" until a call on it was recognised as a device's. Strangers have a budget per address
// and in total: a new one replaces the oldest, so that held connections lock nobody out, not even
// behind the same address. A stranger must become a device within a time and a number of bytes that
// suffice for an honest phone on a bad network. A device keeps a few connections, the newest ones.
// A connection to be closed is cut, and is removed when its socket reports its end. Thread: any.
class DeviceConnections {
 public:
  explicit DeviceConnections(const ConnectionLimits& limits = {}) : limits_(limits) {}

  // Operations on a connection's socket. They neither block nor call back.
  struct Socket {
    std::function<void()> cut;
    std::function<std::uint64_t()> bytesReceived;
  };

  void setLimits(const ConnectionLimits& limits);
  // Returns the connection's number for leave(). Cuts connections that it replaces; 0: no room,
  // close it.
  std::uint64_t enter(const ConnectionPeer& peer, std::int64_t nowMs, Socket socket);
  // The connection has ended. Ignored if unknown.
  void leave(std::uint64_t connection);
  // A call on it was recognised as the device's. Cheap if already known.
  void recognised(std::string_view peer, DeviceId device);
  // A call on it ended before its message was complete. Cuts a connection that does so too often,
  // since each such call costs the server more than the caller.
  void abandoned(std::string_view peer);
  // Cuts strangers that took too long or sent too much; when those of one address or all together
  // sent too much, those that sent most. Call several times a second.
  void sweep(std::int64_t nowMs);

  std::size_t size() const;
  std::size_t strangers() const;

 private:
  struct Connection {
    ConnectionPeer peer;
    Socket socket;
    std::int64_t enteredMs = 0;
    DeviceId device;  // absent: a stranger's
    std::size_t abandonedCalls = 0;
    bool isCut = false;                        // not counted any more
    std::list<std::uint64_t>::iterator place;  // in its share's list, or in its device's
  };
  using Oldest = std::list<std::uint64_t>;  // connections, oldest first

  static bool hasToGo(const Connection& stranger, std::uint64_t bytes, std::int64_t nowMs);
  void cut(Connection& connection) DOORSTEP_REQUIRES(mutex_);
  // Removes it from its owner's lists.
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
