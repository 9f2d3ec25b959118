// SPDX-License-Identifier: Apache-2.0
// What is no call, or no message of its method, is the sender's fault and is told so over the real
// socket, in the protocol that it spoke.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "doorstep/admin/v1/account_service.pb.h"
#include "sync-server/http/connect_protocol.h"
#include "tests/loopback/http_front_fixture.h"
#include "tests/loopback/posted.h"

using namespace doorstep;
using namespace doorstep::loopback;
using http::envelope;
using support::post;

namespace {

const std::string kCutOff =
    "\x0a\x05"
    "ab";                                         // a string of five bytes, two of them
const std::string kBadUtf8 = "\x0a\x02\xff\xfe";  // field 1, a string

void requireConnectError(const support::HttpResponse& reply, int status, const char* code,
                         const char* reason) {
  CHECK(reply.status == status);
  CHECK(reply.header("content-type") == "application/json");
  CHECK(reply.header("trailer-doorstep-reason") == reason);
  CHECK(nlohmann::json::parse(reply.body).at("code") == code);
}

// gRPC-Web says everything in the trailers of a reply whose HTTP status is 200.
void requireWebStatus(const support::HttpResponse& reply, int code, const char* reason) {
  CHECK(reply.status == 200);
  CHECK(static_cast<unsigned char>(reply.body.at(0)) == 0x80);
  CHECK(reply.body.find("grpc-status: " + std::to_string(code) + "\r\n") != std::string::npos);
  CHECK(reply.body.find(std::string("doorstep-reason: ") + reason + "\r\n") != std::string::npos);
}

std::string nested(std::size_t depth) {
  std::string json = R"({"later":)";
  for (std::size_t i = 0; i < depth; ++i)
    json += R"({"a":)";
  return json + "1" + std::string(depth, '}') + "}";
}

}  // namespace

TEST_CASE("bytes that are no message of the method are an invalid argument, not a missing method") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const std::string& bytes : {kCutOff, kBadUtf8, std::string("\xff\xff\xff")}) {
    requireConnectError(post(*client, kSignIn, "application/proto", bytes), 400, "invalid_argument",
                        "MESSAGE_MALFORMED");
    requireWebStatus(post(*client, kSignIn, "application/grpc-web+proto", envelope(0, bytes)), 3,
                     "MESSAGE_MALFORMED");
  }
  requireWebStatus(post(*client, kWatchBoard, "application/grpc-web+proto", envelope(0, kCutOff)),
                   3, "MESSAGE_MALFORMED");
  const auto stream = post(*client, kWatchBoard, "application/connect+proto", envelope(0, kCutOff));
  CHECK(stream.status == 200);
  CHECK(stream.body.find(R"("code":"invalid_argument")") != std::string::npos);
  CHECK(stream.body.find("MESSAGE_MALFORMED") != std::string::npos);
  CHECK(client->call(kSignIn, R"({"login":"ann"})").value().status == 200);
}

TEST_CASE("JSON that is none, too deep, not UTF-8 or of another shape is an invalid argument") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const std::string& json :
       {std::string("{\"login\":"), std::string("[]"), std::string("\xff"),
        std::string("{\"login\":\"\xff\xfe\"}"), std::string(R"({"login":"\ud800"})"),
        std::string(R"({"login":7.5,"login":{}})"), nested(1000), nested(9'000)}) {
    requireConnectError(post(*client, kSignIn, "application/json", json), 400, "invalid_argument",
                        "JSON_MALFORMED");
    requireWebStatus(post(*client, kSignIn, "application/grpc-web+json", envelope(0, json)), 3,
                     "JSON_MALFORMED");
  }
  CHECK(client->call(kSignIn, nested(20)).value().status == 200);
}

TEST_CASE("an envelope that does not fit its body is an invalid argument") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const std::string& body :
       {std::string(), std::string("abc"), envelope(0, "abc") + "d", std::string("\0\0\0\0\5x", 6)})
    requireWebStatus(post(*client, kSignIn, "application/grpc-web+proto", body), 3,
                     "ENVELOPE_MALFORMED");
}

TEST_CASE("a method that is not there is not found, in each protocol") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const char* method :
       {"/doorstep.admin.v1.AccountService/Vanish", "/doorstep.admin.v9.AccountService/SignIn",
        "/doorstep.sync.v1.SyncService/Exchange"})
    for (const char* type : {"application/json", "application/proto", "application/grpc-web"})
      requireConnectError(post(*client, method, type, ""), 404, "unimplemented", "METHOD_UNKNOWN");
}

TEST_CASE("a content type that nobody speaks here is refused by its name") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/xml",
                           "application/connect+json"})
    requireConnectError(post(*client, kSignIn, type, "{}"), 415, "invalid_argument",
                        "CONTENT_TYPE");
}

TEST_CASE("a body beyond the limit is told in the protocol of its call") {
  HttpFrontFixture fixture;
  for (const std::size_t bytes : {std::size_t{5} << 20, std::size_t{23} << 20}) {
    const std::string large(bytes, ' ');
    requireConnectError(post(*fixture.connect(), kSignIn, "application/json", large), 413,
                        "resource_exhausted", "BODY_TOO_LARGE");
    requireWebStatus(post(*fixture.connect(), kSignIn, "application/grpc-web", large), 8,
                     "BODY_TOO_LARGE");
  }
}

TEST_CASE("what the front refuses is told once, what a service refuses is the service's to tell") {
  HttpFrontFixture fixture;
  const auto client = fixture.connect();
  CHECK(client->call(kSignIn, R"({"login":"refused"})").value().status == 401);
  CHECK(client->request("GET", "/nothing.js", "", "").value().status == 404);
  CHECK(fixture.refusals().empty());
  post(*client, kSignIn, "application/json", "{");
  post(*client, kSignIn, "application/proto", kCutOff);
  post(*client, kSignIn, "text/plain", "{}");
  post(*client, "/doorstep.admin.v1.AccountService/Vanish", "application/json", "{}");
  post(*fixture.connect(), kSignIn, "application/json", std::string(std::size_t{5} << 20, ' '));
  const auto noHttp = fixture.connect();
  REQUIRE(noHttp->send("\x01\x02 nothing\r\n\r\n").ok());
  CHECK(noHttp->readHead().value().status == 400);
  const auto wide = fixture.connect();
  REQUIRE(
      wide->send("GET / HTTP/1.1\r\nHost: localhost\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n")
          .ok());
  CHECK(wide->readHead().value().status == 431);
  CHECK(fixture.refusals() ==
        std::vector<std::string>{"AccountService.SignIn JSON_MALFORMED",
                                 "AccountService.SignIn MESSAGE_MALFORMED", "HTTPS CONTENT_TYPE",
                                 "HTTPS METHOD_UNKNOWN", "AccountService.SignIn BODY_TOO_LARGE",
                                 "HTTPS REQUEST_MALFORMED", "HTTPS HEADERS_TOO_LARGE"});
}
