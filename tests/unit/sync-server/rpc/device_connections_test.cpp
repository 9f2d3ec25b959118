// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/device_connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <catch2/catch.hpp>
#include <set>

namespace doorstep::rpc {
namespace {

struct Door {
  DeviceConnections connections{
      {.max = 6, .strangersMax = 4, .strangersPerShareMax = 2, .perDeviceMax = 2}};
  std::set<std::string> cut;
  std::map<std::string, std::uint64_t> bytes;

  std::uint64_t enter(const std::string& peer, const std::string& share, std::int64_t nowMs = 0) {
    return connections.enter({peer, share}, nowMs,
                             {.cut = [this, peer] { cut.insert(peer); },
                              .bytesReceived = [this, peer] { return bytes[peer]; }});
  }
};

sockaddr_storage ipv6(const char* text, std::uint16_t port) {
  sockaddr_storage address{};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  REQUIRE(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
  return address;
}

TEST_CASE("a newcomer takes the place of the oldest stranger of its address") {
  Door door;
  door.enter("a1", "a");
  door.enter("b1", "b");
  door.enter("a2", "a");
  CHECK(door.cut.empty());
  CHECK(door.enter("a3", "a") != 0);
  CHECK(door.cut == std::set<std::string>{"a1"});
  CHECK(door.connections.strangers() == 3);
}

TEST_CASE("when strangers are too many in all the oldest goes, whoever's it is") {
  Door door;
  for (const char* share : {"a", "b", "c", "d"})
    door.enter(share, share);
  CHECK(door.enter("e", "e") != 0);
  CHECK(door.cut == std::set<std::string>{"a"});
}

TEST_CASE("a recognised device counts for no address, and keeps its newest connections") {
  Door door;
  for (const char* peer : {"a1", "a2", "a3"}) {
    door.enter(peer, "a");
    door.connections.recognised(peer, DeviceId(7));
    door.connections.recognised(peer, DeviceId(7));
  }
  CHECK(door.cut == std::set<std::string>{"a1"});
  CHECK(door.connections.strangers() == 0);
  CHECK(door.connections.size() == 2);
  door.connections.sweep(1'000'000);
  CHECK(door.cut.size() == 1);
}

TEST_CASE("devices that fill the port leave no place for a stranger, and give it back") {
  Door door;
  std::uint64_t last = 0;
  for (int i = 1; i <= 6; ++i) {
    const std::string peer = std::to_string(i);
    last = door.enter(peer, peer);
    REQUIRE(last != 0);
    door.connections.recognised(peer, DeviceId(static_cast<std::uint64_t>(i)));
  }
  CHECK(door.enter("new", "new") == 0);
  door.connections.leave(last);
  CHECK(door.enter("new", "new") != 0);
  CHECK(door.cut.empty());
}

TEST_CASE("a stranger has its time, longer while it sends, and a budget of bytes") {
  Door door;
  door.enter("silent", "a");
  door.enter("sends", "b");
  door.bytes["sends"] = kStrangerBytesPerSecondMin * 20;
  door.enter("floods", "c");
  door.bytes["floods"] = kStrangerBytesMax + 1;
  door.connections.sweep(kStrangerTimeMs);
  CHECK(door.cut == std::set<std::string>{"floods"});
  door.connections.sweep(kStrangerTimeMs + 1);
  CHECK(door.cut == std::set<std::string>{"floods", "silent"});
  door.connections.sweep(kStrangerTimeMs + 20'001);
  CHECK(door.cut.size() == 3);
  CHECK(door.connections.size() == 0);
}

TEST_CASE("strangers of one address that sent too much together lose the greediest") {
  DeviceConnections connections;
  std::set<std::uint64_t> cut;
  constexpr std::uint64_t kEach = kStrangerShareBytesMax / 43 - 50;
  static_assert(kEach + 50 < kStrangerBytesMax);
  for (std::uint64_t i = 0; i < 50; ++i)
    connections.enter(
        {std::to_string(i), "a"}, 0,
        {.cut = [&cut, i] { cut.insert(i); }, .bytesReceived = [i] { return kEach + i; }});
  connections.enter(
      {"b", "b"}, 0,
      {.cut = [&cut] { cut.insert(100); }, .bytesReceived = [] { return kStrangerBytesMax; }});
  connections.sweep(1);
  CHECK(cut == std::set<std::uint64_t>{43, 44, 45, 46, 47, 48, 49});
}

TEST_CASE("a connection whose calls are taken back all the time is cut, a phone's too") {
  Door door;
  door.enter("phone", "a");
  door.connections.recognised("phone", DeviceId(7));
  door.connections.abandoned("nobody's");
  for (std::size_t i = 0; i < kAbandonedCallsMax; ++i)
    door.connections.abandoned("phone");
  CHECK(door.cut.empty());
  door.connections.abandoned("phone");
  CHECK(door.cut == std::set<std::string>{"phone"});
  door.connections.abandoned("phone");
  CHECK(door.connections.size() == 0);
}

TEST_CASE("a connection that was cut leaves once, and its port may be used again") {
  Door door;
  const auto first = door.enter("a1", "a");
  const auto again = door.enter("a1", "a");
  door.connections.leave(first);
  door.connections.leave(first);
  door.connections.recognised("a1", DeviceId(7));
  CHECK(door.connections.strangers() == 0);
  CHECK(door.connections.size() == 1);
  door.connections.leave(again);
  CHECK(door.connections.size() == 0);
}

TEST_CASE("a peer is written as gRPC writes it, and shares its budget with its subscriber") {
  const auto one = connectionPeer(ipv6("2001:db8:1:2::7", 443));
  CHECK(one.peer == "ipv6:%5B2001:db8:1:2::7%5D:443");
  CHECK(one.share == connectionPeer(ipv6("2001:db8:1:2:ffff::1", 1)).share);
  CHECK(one.share != connectionPeer(ipv6("2001:db8:1:3::7", 443)).share);
  const auto mapped = connectionPeer(ipv6("::ffff:192.0.2.1", 443));
  CHECK(mapped.peer == "ipv4:192.0.2.1:443");
  CHECK(mapped.share == "192.0.2.1");
}

}  // namespace
}  // namespace doorstep::rpc
