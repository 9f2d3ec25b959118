// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/device_connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace doorstep::rpc {
namespace {

constexpr std::size_t kSubscriberBytes = 8;  // a /64

ConnectionPeer ofIpv4(const in_addr& address, std::uint16_t port) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &address, text, sizeof text);
  return {"ipv4:" + std::string(text) + ":" + std::to_string(port), text};
}

// Connections by number of bytes received.
using Greedy = std::multimap<std::uint64_t, std::uint64_t>;

// Selects the connections to cut so that the others stay within the budget.
void takeGreediest(Greedy& connections, std::uint64_t budget, std::vector<std::uint64_t>& going) {
  std::uint64_t sum = 0;
  for (const auto& [bytes, number] : connections)
    sum += bytes;
  while (sum > budget) {
    const auto greediest = std::prev(connections.end());
    sum -= greediest->first;
    going.push_back(greediest->second);
    connections.erase(greediest);
  }
}

}  // namespace

ConnectionPeer connectionPeer(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return ofIpv4(v4.sin_addr, ntohs(v4.sin_port));
  }
  if (address.ss_family != AF_INET6)
    return {"other", "other"};
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    in_addr v4{};
    std::memcpy(&v4, v6.sin6_addr.s6_addr + 12, sizeof v4);
    return ofIpv4(v4, ntohs(v6.sin6_port));
  }
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  std::string host = text;
  if (v6.sin6_scope_id != 0)  // link-local: gRPC escapes % twice
    host += "%25" + std::to_string(v6.sin6_scope_id);
  return {"ipv6:%5B" + host + "%5D:" + std::to_string(ntohs(v6.sin6_port)),
          std::string(reinterpret_cast<const char*>(v6.sin6_addr.s6_addr), kSubscriberBytes)};
}

bool DeviceConnections::hasToGo(const Connection& stranger, std::uint64_t bytes,
                                std::int64_t nowMs) {
  const auto sendingMs = static_cast<std::int64_t>(bytes * 1000 / kStrangerBytesPerSecondMin);
  return bytes > kStrangerBytesMax || nowMs - stranger.enteredMs > kStrangerTimeMs + sendingMs;
}

void DeviceConnections::setLimits(const ConnectionLimits& limits) {
  const MutexLock lock(mutex_);
  limits_ = limits;
}

void DeviceConnections::uncount(Connection& connection) {
  --counted_;
  if (connection.device) {
    const auto owner = byDevice_.find(connection.device);
    owner->second.erase(connection.place);
    if (owner->second.empty())
      byDevice_.erase(owner);
    return;
  }
  --strangers_;
  const auto owner = strangersByShare_.find(connection.peer.share);
  owner->second.erase(connection.place);
  if (owner->second.empty())
    strangersByShare_.erase(owner);
}

void DeviceConnections::cut(Connection& connection) {
  uncount(connection);
  connection.isCut = true;
  connection.socket.cut();
}

// Numbers increase with time, and there are no more shares than strangers.
void DeviceConnections::cutOldestStranger() {
  std::uint64_t oldest = UINT64_MAX;
  for (const auto& [share, numbers] : strangersByShare_)
    oldest = std::min(oldest, numbers.front());
  if (oldest != UINT64_MAX)
    cut(connections_.at(oldest));
}

std::uint64_t DeviceConnections::enter(const ConnectionPeer& peer, std::int64_t nowMs,
                                       Socket socket) {
  const MutexLock lock(mutex_);
  const auto share = strangersByShare_.find(peer.share);
  if (share != strangersByShare_.end() && share->second.size() >= limits_.strangersPerShareMax)
    cut(connections_.at(share->second.front()));
  if (strangers_ >= limits_.strangersMax || counted_ >= limits_.max)
    cutOldestStranger();
  if (counted_ >= limits_.max)
    return 0;  // all are devices'
  const std::uint64_t number = nextNumber_++;
  Oldest& owner = strangersByShare_[peer.share];
  owner.push_back(number);
  ++strangers_;
  ++counted_;
  byPeer_[peer.peer] = number;
  connections_.emplace(number, Connection{.peer = peer,
                                          .socket = std::move(socket),
                                          .enteredMs = nowMs,
                                          .place = std::prev(owner.end())});
  return number;
}

void DeviceConnections::leave(std::uint64_t number) {
  const MutexLock lock(mutex_);
  const auto found = connections_.find(number);
  if (found == connections_.end())
    return;
  if (!found->second.isCut)
    uncount(found->second);
  const auto peer = byPeer_.find(found->second.peer.peer);
  if (peer != byPeer_.end() && peer->second == number)
    byPeer_.erase(peer);
  connections_.erase(found);
}

void DeviceConnections::recognised(std::string_view peer, DeviceId device) {
  const MutexLock lock(mutex_);
  const auto number = byPeer_.find(std::string(peer));
  if (number == byPeer_.end())
    return;
  Connection& connection = connections_.at(number->second);
  if (connection.isCut || connection.device)
    return;
  uncount(connection);
  connection.device = device;
  ++counted_;
  Oldest& owner = byDevice_[device];
  owner.push_back(number->second);
  connection.place = std::prev(owner.end());
  if (owner.size() > limits_.perDeviceMax)
    cut(connections_.at(owner.front()));
}

void DeviceConnections::abandoned(std::string_view peer) {
  const MutexLock lock(mutex_);
  const auto number = byPeer_.find(std::string(peer));
  if (number == byPeer_.end())
    return;
  Connection& connection = connections_.at(number->second);
  if (!connection.isCut && ++connection.abandonedCalls > kAbandonedCallsMax)
    cut(connection);
}

void DeviceConnections::sweep(std::int64_t nowMs) {
  const MutexLock lock(mutex_);
  std::vector<std::uint64_t> going;
  Greedy all;
  for (const auto& [share, numbers] : strangersByShare_) {
    Greedy ofShare;
    for (const std::uint64_t number : numbers) {
      const std::uint64_t bytes = connections_.at(number).socket.bytesReceived();
      if (hasToGo(connections_.at(number), bytes, nowMs))
        going.push_back(number);
      else
        ofShare.emplace(bytes, number);
    }
    takeGreediest(ofShare, kStrangerShareBytesMax, going);
    all.merge(ofShare);
  }
  takeGreediest(all, kStrangersBytesMax, going);
  for (const std::uint64_t number : going)
    cut(connections_.at(number));
}

std::size_t DeviceConnections::size() const {
  const MutexLock lock(mutex_);
  return counted_;
}

std::size_t DeviceConnections::strangers() const {
  const MutexLock lock(mutex_);
  return strangers_;
}

}  // namespace doorstep::rpc
