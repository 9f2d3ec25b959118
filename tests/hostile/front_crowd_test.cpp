// SPDX-License-Identifier: Apache-2.0
// A thousand connections at once of people who do not go on. They come from the address of the
// guest and the phone: whoever shares an address with an attacker is served all the same.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "tests/hostile/hostile_server.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

constexpr int kCrowd = 1'000;
constexpr int kAsked = 8;
// 100 KiB for each connection that is open, TLS and its buffers included; of two crowds, because
// one leaves while the next arrives; and a fifth more that the allocator's arenas may keep of them,
// of which it has more or fewer as threads happen to meet.
constexpr std::size_t kCrowdGrowthMaxKib = 240 << 10;

// A socket that connected and says what it was told, without TLS.
class PlainSocket {
 public:
  PlainSocket(std::uint16_t port, const std::string& bytes) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0)
      (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  ~PlainSocket() { close(socket_); }
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;

 private:
  int socket_ = -1;
};

const std::string kSignIn =
    "POST /doorstep.admin.v1.AccountService/SignIn HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/json\r\n";

struct Crowd {
  std::string name;
  bool tls;
  std::string says;
};

std::vector<Crowd> crowds() {
  return {
      {"half-open", false, ""},
      {"half a handshake", false, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
      {"silent after the handshake", true, ""},
      {"slow heads", true,
       "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + std::string(8'000, 'a')},
      {"slow bodies", true, kSignIn + "Content-Length: 65536\r\n\r\n" + std::string(60'000, ' ')},
      {"slow chunks", true,
       kSignIn + "Transfer-Encoding: chunked\r\n\r\nf000\r\n" + std::string(60'000, ' ')},
      {"greedy readers", true,
       [] {
         std::string many;
         for (int i = 0; i < 200; ++i)
           many += "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
         return many;
       }()},
  };
}

}  // namespace

TEST_CASE("a thousand half-open, slow and greedy connections leave memory and everybody else be") {
  HostileServer server;
  allowManySockets();
  for (const Crowd& crowd : crowds()) {
    std::vector<std::unique_ptr<PlainSocket>> plain;
    std::vector<std::unique_ptr<support::HttpsClient>> secure;
    for (int i = 0; i < kCrowd; ++i) {
      if (!crowd.tls) {
        plain.push_back(std::make_unique<PlainSocket>(server.server().webPort(), crowd.says));
      } else if (auto client = server.connect()) {
        (void)client->send(crowd.says);
        secure.push_back(std::move(client));
      }
    }
    auto slowestGuest = server.guestWaits();
    auto slowestPhone = server.phoneWaits();
    for (int i = 1; i < kAsked; ++i) {
      slowestGuest = std::max(slowestGuest, server.guestWaits());
      slowestPhone = std::max(slowestPhone, server.phoneWaits());
    }
    WARN(crowd.name << ": " << plain.size() + secure.size() << " connected, slowest guest "
                    << slowestGuest.count() << " ms, slowest exchange " << slowestPhone.count()
                    << " ms, resident " << server.process().residentKib() << " KiB, peak "
                    << server.process().peakKib() << " KiB");
    server.checkUnharmed(crowd.name, kCrowdGrowthMaxKib);
  }
  CHECK(server.server().stop() == 0);
}
