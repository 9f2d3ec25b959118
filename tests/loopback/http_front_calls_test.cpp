// SPDX-License-Identifier: Apache-2.0
// Calls through the HTTPS front, in each protocol that browsers and scripts speak.
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "doorstep/admin/v1/account_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"
#include "sync-server/http/connect_protocol.h"
#include "tests/loopback/http_front_fixture.h"
#include "tests/loopback/posted.h"

using namespace doorstep;
using namespace doorstep::loopback;
using http::endEnvelope;
using http::envelope;
using http::Protocol;
using support::post;

namespace {

std::string watchBytes(const char* day, std::uint64_t revision) {
  monitoring::v1::WatchBoardRequest request;
  request.set_day(day);
  request.set_after_revision(revision);
  return request.SerializeAsString();
}

void hangUpSocketPairs() {
  for (int fd = 3; fd < 256; ++fd) {
    int domain = 0;
    socklen_t size = sizeof(domain);
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX) {
      shutdown(fd, SHUT_RDWR);
    }
  }
}

}  // namespace

TEST_CASE("a JSON call is answered in JSON, many on one connection") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const char* login : {"ann", "bea", "cat"}) {
    const auto reply = client->call(kSignIn, std::string(R"({"login":")") + login + "\"}").value();
    CHECK(reply.status == 200);
    CHECK(reply.header("content-type") == "application/json");
    CHECK(reply.body == std::string(R"({"session":{"displayName":")") + login + "\"}}");
  }
}

TEST_CASE("requests that are sent at once are answered one after the other") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  const std::string one = std::string("POST ") + kSignIn +
                          " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                          "application/json\r\nContent-Length: 13\r\n\r\n";
  REQUIRE(client->send(one + R"({"login":"a"})" + one + R"({"login":"b"})").ok());
  for (const char* login : {"a", "b"}) {
    auto reply = client->readHead().value();
    REQUIRE(client->readBody(reply).ok());
    CHECK(reply.body == std::string(R"({"session":{"displayName":")") + login + "\"}}");
  }
}

TEST_CASE("a binary call is answered in binary") {
  HttpFrontFixture fixture;
  admin::v1::SignInRequest request;
  request.set_login("ann");
  const auto reply =
      post(*fixture.connect(), kSignIn, "application/proto", request.SerializeAsString());
  CHECK(reply.header("content-type") == "application/proto");
  admin::v1::SignInResponse response;
  REQUIRE(response.ParseFromString(reply.body));
  CHECK(response.session().display_name() == "ann");
}

TEST_CASE("a stream comes message by message and says how it ended") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  const auto reply = post(*client, kWatchBoard, "application/connect+json",
                          envelope(0, R"({"afterRevision":"3"})"));
  CHECK(reply.status == 200);
  CHECK(reply.body == envelope(0, R"({"revision":"1"})") + envelope(0, R"({"revision":"2"})") +
                          envelope(0, R"({"revision":"3"})") +
                          endEnvelope(Protocol::ConnectStream, {}));
  CHECK(client->closedByPeer());
}

TEST_CASE("a thousand messages arrive in order, none lost") {
  HttpFrontFixture fixture;
  std::string expected;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    monitoring::v1::WatchBoardResponse response;
    response.set_revision(i);
    expected += envelope(0, response.SerializeAsString());
  }
  const auto reply = post(*fixture.connect(), kWatchBoard, "application/connect+proto",
                          envelope(0, watchBytes("", 1000)));
  CHECK(reply.body == expected + endEnvelope(Protocol::ConnectStream, {}));
}

TEST_CASE("gRPC-Web gets messages and trailers, for calls and for streams") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  admin::v1::SignInRequest request;
  request.set_login("ann");
  admin::v1::SignInResponse response;
  response.mutable_session()->set_display_name("ann");
  const auto unary = post(*client, kSignIn, "application/grpc-web+proto",
                          envelope(0, request.SerializeAsString()));
  CHECK(unary.body ==
        envelope(0, response.SerializeAsString()) + endEnvelope(Protocol::GrpcWeb, {}));
  const auto stream =
      post(*client, kWatchBoard, "application/grpc-web+proto", envelope(0, watchBytes("", 0)));
  CHECK(stream.body == endEnvelope(Protocol::GrpcWeb, {}));
}

TEST_CASE("a refusal carries code, text and reason in each protocol") {
  HttpFrontFixture fixture;
  const http::CallEnd end{16, "wrong login or password", "SIGN_IN_FAILED"};
  const auto client = fixture.connect();
  const auto unary = client->call(kSignIn, R"({"login":"refused"})").value();
  CHECK(unary.status == 401);
  CHECK(unary.header("trailer-doorstep-reason") == "SIGN_IN_FAILED");
  CHECK(unary.body == http::connectErrorJson(end));
  const auto web = post(*fixture.connect(), kWatchBoard, "application/grpc-web",
                        envelope(0, watchBytes("refused", 0)));
  CHECK(web.body == endEnvelope(Protocol::GrpcWeb, end));
  const auto stream = post(*client, kWatchBoard, "application/connect+json",
                           envelope(0, R"({"day":"refused","afterRevision":"1"})"));
  CHECK(stream.body ==
        envelope(0, R"({"revision":"1"})") + endEnvelope(Protocol::ConnectStream, end));
}

TEST_CASE("the caller's deadline reaches the service and ends the call") {
  HttpFrontFixture fixture;
  const auto reply =
      fixture.connect()->call(kSignIn, R"({"login":"slow"})", "Connect-Timeout-Ms: 50\r\n").value();
  CHECK(reply.status == 504);
  CHECK(reply.body.find("deadline_exceeded") != std::string::npos);
}

TEST_CASE("a browser that goes away ends its stream at the service") {
  HttpFrontFixture fixture;
  auto client = fixture.connect();
  const std::string body = envelope(0, R"({"day":"forever"})");
  REQUIRE(client
              ->send(std::string("POST ") + kWatchBoard +
                     " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                     "application/connect+json\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body)
              .ok());
  REQUIRE(client->readHead().value().status == 200);
  REQUIRE(client->readChunk().value() == envelope(0, R"({"revision":"1"})"));
  client.reset();
  CHECK(fixture.watchWasCancelled());
}

TEST_CASE("stopping tells the streams why, ends them and shuts the door") {
  HttpFrontFixture fixture;
  auto client = fixture.connect();
  const std::string body = envelope(0, R"({"day":"forever"})");
  const std::string head = "Content-Type: application/connect+json\r\n";
  REQUIRE(client
              ->send(std::string("POST ") + kWatchBoard + " HTTP/1.1\r\nHost: localhost\r\n" +
                     head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
              .ok());
  REQUIRE(client->readHead().value().status == 200);
  REQUIRE(client->readChunk().value().has_value());
  const auto idle = fixture.connect();
  fixture.front().stop();
  const auto last = client->readChunk().value();
  REQUIRE(last.has_value());
  CHECK(last->find("SERVER_STOPPING") != std::string::npos);
  CHECK(idle->closedByPeer());
  CHECK_FALSE(fixture.tryConnect({}).ok());
}

TEST_CASE(
    "of a browser's headers only its session reaches a service, and the front adds the peer") {
  HttpFrontFixture fixture;
  const auto reply = fixture.connect()
                         ->call(kGetSession, "{}",
                                "Cookie: a=b; __Host-doorstep-session=t0ken\r\n"
                                "X-Doorstep-Session: forged\r\nX-Doorstep-Peer: forged\r\n"
                                "X-Doorstep-Account: forged\r\nAuthorization: Bearer forged\r\n")
                         .value();
  CHECK(reply.body.find("x-doorstep-session=t0ken;") != std::string::npos);
  CHECK(reply.body.find("x-doorstep-peer=127.0.0.1;") != std::string::npos);
  CHECK(reply.body.find("forged") == std::string::npos);
}

TEST_CASE("a service's cookie reaches the browser") {
  HttpFrontFixture fixture;
  const auto reply = fixture.connect()->call(kSignIn, R"({"login":"cookie"})").value();
  CHECK(reply.header("set-cookie") == "__Host-doorstep-session=t0ken; Secure; HttpOnly");
}

TEST_CASE("a broken channel to the services is replaced") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  REQUIRE(client->call(kSignIn, R"({"login":"ann"})").value().status == 200);
  hangUpSocketPairs();
  CHECK(client->call(kSignIn, R"({"login":"ann"})").value().status == 200);
}
