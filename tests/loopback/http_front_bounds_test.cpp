// SPDX-License-Identifier: Apache-2.0
// What the HTTPS front refuses, and what it says with every reply.
#include <openssl/ssl.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "sync-server/http/connect_protocol.h"
#include "sync-server/http/http_reply.h"
#include "tests/loopback/http_front_fixture.h"

using namespace doorstep;
using namespace doorstep::loopback;
using namespace std::chrono_literals;

namespace {

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string openWatch(support::HttpsClient& client) {
  const std::string body = http::envelope(0, R"({"day":"forever"})");
  REQUIRE(client
              .send(std::string("POST ") + kWatchBoard +
                    " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                    "application/connect+json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body)
              .ok());
  auto reply = client.readHead().value();
  if (reply.header("transfer-encoding") == "chunked") {
    return client.readChunk().value().value();
  }
  REQUIRE(client.readBody(reply).ok());
  return reply.body;
}

}  // namespace

TEST_CASE("every reply carries the security headers") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const char* path : {"/", "/healthz", "/log/7/checkpoint", "/none.js", kGetSession}) {
    const auto reply = client->request("GET", path, "", "").value();
    for (const auto& [name, value] : http::kSecurityHeaders) {
      CHECK(reply.header(lowerCase(name)) == value);
    }
    CHECK_FALSE(reply.header("cache-control").empty());
  }
}

TEST_CASE("the front serves pages, the log's files and its health") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  CHECK(client->request("GET", "/", "", "").value().body == "<html>");
  CHECK(client->request("GET", "/healthz", "", "").value().body == "ok\n");
  CHECK(client->request("GET", "/log/7/checkpoint", "", "").value().body == "signed note\n");
  CHECK(client->request("GET", "/log/7/tile/0/001.p/44", "", "").value().body ==
        std::string(44 * 32, 't'));
  CHECK(client->request("GET", "/log/7/tile/0/001", "", "").value().status == 404);
  const auto head = client->request("HEAD", "/", "", "").value();
  CHECK(head.header("content-length") == "6");
  CHECK(client->request("GET", "/", "", "").value().status == 200);
}

TEST_CASE("no path reaches a file outside the dashboard") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const char* path :
       {"/../../../../etc/passwd.txt", "/%2e%2e/%2e%2e/etc/passwd.txt", "//etc/passwd.txt",
        "/assets/..\\..\\secret.txt", "/log/../../secret.txt"}) {
    CHECK(client->request("GET", path, "", "").value().status == 404);
  }
}

TEST_CASE("a page of another site is refused, the same site's is not") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  const auto foreign = client->call(kGetSession, "{}", "Origin: https://evil.example\r\n").value();
  CHECK(foreign.status == 403);
  CHECK(foreign.header("access-control-allow-origin").empty());
  const std::string own = "Origin: " + fixture.origin() + "\r\nSec-Fetch-Site: same-origin\r\n";
  CHECK(client->call(kGetSession, "{}", own).value().status == 200);
}

TEST_CASE("a body beyond the limit is refused, told by its length or found by its chunks") {
  HttpFrontFixture fixture;
  const std::string large(5 << 20, ' ');
  CHECK(fixture.connect()->call(kGetSession, large).value().status == 413);
  const auto client = fixture.connect();
  REQUIRE(client
              ->send(std::string("POST ") + kGetSession +
                     " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                     kSessionHeader + "Transfer-Encoding: chunked\r\n\r\n500000\r\n")
              .ok());
  (void)client->send(large);
  CHECK(client->readHead().value().status == 413);
}

TEST_CASE("a large body is taken from a session that is known, and from nobody else") {
  HttpFrontFixture fixture;
  const std::string large = std::string(100 << 10, ' ') + "{}";
  CHECK(fixture.connect()->call(kGetSession, large, kSessionHeader).value().status == 200);
  for (const char* session : {"", "Cookie: __Host-doorstep-session=guessed\r\n"}) {
    const auto refused = fixture.connect()->call(kGetSession, large, session).value();
    CHECK(refused.status == 401);
    CHECK(refused.header("trailer-doorstep-reason") == "NOT_SIGNED_IN");
    CHECK(refused.header("connection") == "close");
  }
}

TEST_CASE("an upload may be larger than a call, and is asked for first when the client waits") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  const std::string large = std::string(5 << 20, ' ') + "{}";
  const auto proceed = client
                           ->call("/doorstep.admin.v1.OfficeService/ImportRota", large,
                                  std::string(kSessionHeader) + "Expect: 100-continue\r\n")
                           .value();
  CHECK(proceed.status == 100);
  // The fake office has no method: it got as far as the service.
  CHECK(client->readHead().value().status == 501);
}

TEST_CASE("what is no request is refused and ends the connection") {
  HttpFrontFixture fixture;
  for (const std::string& bytes :
       {std::string("hello\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\n\r\n"), std::string("GET / HTTP/1.1\nHost: localhost\n\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"),
        std::string(
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")}) {
    const auto client = fixture.connect();
    REQUIRE(client->send(bytes).ok());
    auto reply = client->readHead().value();
    CHECK(reply.status == 400);
    REQUIRE(client->readBody(reply).ok());
    CHECK(client->closedByPeer());
  }
}

TEST_CASE("headers beyond the limit are refused") {
  HttpFrontFixture fixture;
  const std::string header = "X-Long: " + std::string(20'000, 'a') + "\r\n";
  CHECK(fixture.connect()->request("GET", "/", header, "").value().status == 431);
}

TEST_CASE("a client that drips its headers is cut off") {
  http::FrontLimits limits;
  limits.headerTimeout = 50ms;
  HttpFrontFixture fixture(limits);
  const auto client = fixture.connect();
  REQUIRE(client->send("GET / HTT").ok());
  CHECK(client->closedByPeer());
}

TEST_CASE("a connection that is idle for too long is closed") {
  http::FrontLimits limits;
  limits.idleTimeout = 50ms;
  HttpFrontFixture fixture(limits);
  CHECK(fixture.connect()->closedByPeer());
}

TEST_CASE("streams beyond the limit are refused with a reason, and make room when they end") {
  http::FrontLimits limits;
  limits.streamsMax = 1;
  HttpFrontFixture fixture(limits);
  auto first = fixture.connect();
  CHECK(openWatch(*first) == http::envelope(0, R"({"revision":"1"})"));
  CHECK(openWatch(*fixture.connect()).find("TOO_MANY_STREAMS") != std::string::npos);
  first.reset();
  REQUIRE(fixture.watchWasCancelled());
  std::string reply;
  do {
    reply = openWatch(*fixture.connect());
  } while (reply.find("TOO_MANY_STREAMS") != std::string::npos);
  CHECK(reply == http::envelope(0, R"({"revision":"1"})"));
}

TEST_CASE("a newcomer takes the place of the oldest that showed no session, and of nobody else") {
  http::FrontLimits limits;
  limits.connectionsPerAddressMax = 2;
  HttpFrontFixture fixture(limits);
  const auto signedIn = fixture.connect();
  REQUIRE(signedIn->call(kGetSession, "{}", kSessionHeader).value().status == 200);
  const auto idle = fixture.connect();
  const auto newcomer = fixture.connect();
  CHECK(newcomer->call(kGetSession, "{}", kSessionHeader).value().status == 200);
  CHECK(idle->closedByPeer());
  CHECK_FALSE(fixture.tryConnect({}).ok());
  CHECK(signedIn->call(kGetSession, "{}").value().status == 200);
  CHECK(newcomer->call(kGetSession, "{}").value().status == 200);
}

TEST_CASE("old TLS and foreign protocols do not get in") {
  HttpFrontFixture fixture;
  support::HttpsClient::Options options;
  options.tlsMaxVersion = TLS1_1_VERSION;
  CHECK_FALSE(fixture.tryConnect(options).ok());
  options.tlsMaxVersion = TLS1_2_VERSION;
  CHECK(fixture.tryConnect(options).ok());
  options.alpn = "h2";
  CHECK_FALSE(fixture.tryConnect(options).ok());
  options.alpn = "";
  CHECK(fixture.tryConnect(options).ok());
}
