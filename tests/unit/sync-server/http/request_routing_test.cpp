// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/request_routing.h"

#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>

#include "doorstep/admin/v1/account_service.pb.h"
#include "doorstep/admin/v1/office_service.pb.h"
#include "doorstep/enrolment/v1/enrolment_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"
#include "doorstep/sync/v1/sync_service.pb.h"
#include "sync-server/http/limits.h"

using namespace doorstep::http;
using namespace std::chrono_literals;

namespace {

constexpr const char* kGetSession = "/doorstep.admin.v1.AccountService/GetSession";
constexpr const char* kWatchBoard = "/doorstep.monitoring.v1.BoardService/WatchBoard";

const SiteRules kSites{
    .hosts = {"doorstep.example"}, .origins = {"https://care.example.org"}, .port = 8443};

RequestHead post(std::string_view target, std::string_view contentType = "application/json") {
  // The linker drops generated code that nothing names, and with it its descriptors.
  doorstep::admin::v1::Session::descriptor();
  doorstep::admin::v1::ImportRotaRequest::descriptor();
  doorstep::enrolment::v1::EnrolRequest::descriptor();
  doorstep::monitoring::v1::BoardRow::descriptor();
  doorstep::sync::v1::ExchangeRequest::descriptor();
  RequestHead head;
  head.method = "POST";
  head.target = target;
  head.host = "doorstep.example";
  head.contentType = contentType;
  return head;
}

int refusedWith(const RequestHead& head) {
  const Route route = routeRequest(head, kSites);
  const auto* reply = std::get_if<HttpReply>(&route);
  return reply == nullptr ? 0 : reply->status;
}

CallRoute callOf(const RequestHead& head) {
  return std::get<CallRoute>(routeRequest(head, kSites));
}

}  // namespace

TEST_CASE("a path of service and method is that call") {
  const CallRoute route = callOf(post(kGetSession));
  CHECK(route.method->full_name() == "doorstep.admin.v1.AccountService.GetSession");
  CHECK(route.path == kGetSession);
  CHECK(route.encoding.json);
  CHECK(route.bodyMaxBytes == kBodyMaxBytes);
}

TEST_CASE("only the upload of a rota may have a large body") {
  CHECK(callOf(post("/doorstep.admin.v1.OfficeService/ImportRota")).bodyMaxBytes ==
        kUploadMaxBytes);
}

TEST_CASE("methods that only devices call are unknown to browsers") {
  CHECK(refusedWith(post("/doorstep.sync.v1.SyncService/Exchange")) == 404);
  CHECK(refusedWith(post("/doorstep.sync.v1.SyncService/Watch", "application/connect+json")) ==
        404);
  CHECK(refusedWith(post("/doorstep.enrolment.v1.EnrolmentService/Enrol")) == 404);
}

TEST_CASE("unknown methods and services are not found") {
  CHECK(refusedWith(post("/doorstep.admin.v1.AccountService/Nothing")) == 404);
  CHECK(refusedWith(post("/no.such.Service/Nothing")) == 404);
  CHECK(refusedWith(post("/doorstep.admin.v1.AccountService/")) == 404);
  CHECK(refusedWith(post("/doorstep.admin.v1.AccountService")) == 405);
}

TEST_CASE("calls are POST") {
  RequestHead head = post(kGetSession);
  for (const char* method : {"GET", "HEAD", "PUT", "OPTIONS"}) {
    head.method = method;
    CHECK(refusedWith(head) == 405);
  }
}

TEST_CASE("a call needs a content type that fits the method") {
  CHECK(refusedWith(post(kGetSession, "text/plain")) == 415);
  CHECK(refusedWith(post(kGetSession, "application/connect+json")) == 415);
  CHECK(refusedWith(post(kWatchBoard, "application/json")) == 415);
  CHECK(callOf(post(kWatchBoard, "application/connect+proto")).encoding.protocol ==
        Protocol::ConnectStream);
  CHECK(callOf(post(kWatchBoard, "application/grpc-web+proto")).encoding.protocol ==
        Protocol::GrpcWeb);
}

TEST_CASE("a compressed request is refused") {
  RequestHead head = post(kGetSession);
  head.contentEncoding = "gzip";
  CHECK(refusedWith(head) == 415);
  head.contentEncoding = "identity";
  CHECK(refusedWith(head) == 0);
}

TEST_CASE("a page of another site cannot call") {
  RequestHead head = post(kGetSession);
  head.origin = "https://doorstep.example";
  CHECK(refusedWith(head) == 0);
  for (const char* origin :
       {"https://evil.example", "http://doorstep.example", "null",
        "https://doorstep.example.evil.example", "https://doorstep.example:444"}) {
    head.origin = origin;
    CHECK(refusedWith(head) == 403);
  }
}

TEST_CASE("what the browser says about the page's site is believed") {
  RequestHead head = post(kGetSession);
  head.fetchSite = "same-origin";
  CHECK(refusedWith(head) == 0);
  for (const char* site : {"cross-site", "same-site", "something-new"}) {
    head.fetchSite = site;
    CHECK(refusedWith(head) == 403);
  }
}

TEST_CASE("a proxy that changes Host does not make the page another site's") {
  RequestHead head = post(kGetSession);
  head.host = "10.0.0.5:8443";
  head.localAddress = "10.0.0.5";
  head.origin = "https://care.example.org";
  CHECK(refusedWith(head) == 0);
  head.origin = "https://not-configured.example";
  CHECK(refusedWith(head) == 403);
  head.fetchSite = "same-origin";
  CHECK(refusedWith(head) == 0);
  head.fetchSite = "cross-site";
  head.origin = "https://care.example.org";
  CHECK(refusedWith(head) == 403);
}

TEST_CASE("our own name is our origin at the usual port and at the front's own, whatever Host is") {
  RequestHead head = post(kGetSession);
  head.host = "localhost:8443";
  for (const char* origin : {"https://doorstep.example", "https://DOORSTEP.example:8443"}) {
    head.origin = origin;
    CHECK(refusedWith(head) == 0);
  }
  for (const char* origin : {"https://doorstep.example:9443", "http://doorstep.example", "null"}) {
    head.origin = origin;
    CHECK(refusedWith(head) == 403);
  }
}

TEST_CASE("a host that is not ours is refused, with the same origin too") {
  RequestHead head = post(kGetSession);
  for (const char* host :
       {"evil.example", "doorstep.example.evil.example", "192.0.2.7", "doorstep"}) {
    head.host = host;
    const std::string origin = "https://" + std::string(host);
    head.origin = origin;
    CHECK(refusedWith(head) == 421);
    head.fetchSite = "same-origin";
    CHECK(refusedWith(head) == 421);
    head.fetchSite = {};
  }
  head.origin = {};
  for (const char* host : {"doorstep.example", "DoorStep.Example:9443", "doorstep.example.",
                           "care.example.org", "localhost:8443", "[::1]:8443", "127.0.0.1"}) {
    head.host = host;
    CHECK(refusedWith(head) == 0);
  }
}

TEST_CASE("unary calls get a deadline, streams only the one they name") {
  CHECK(callOf(post(kGetSession)).timeout == kUnaryDeadline);
  CHECK_FALSE(callOf(post(kWatchBoard, "application/connect+json")).timeout.has_value());
  RequestHead head = post(kGetSession);
  head.connectTimeout = "250";
  head.grpcTimeout = "9S";
  CHECK(callOf(head).timeout == 250ms);
  head.contentType = "application/grpc-web";
  CHECK(callOf(head).timeout == 9s);
  head.grpcTimeout = "soon";
  CHECK(refusedWith(head) == 400);
}

TEST_CASE("the session token is found among other cookies") {
  CHECK(sessionToken("a=b; __Host-doorstep-session=AbC-_9=; c=d") == "AbC-_9=");
  CHECK(sessionToken("__Host-doorstep-session=x") == "x");
  CHECK(sessionToken("x__Host-doorstep-session=x; doorstep-session=y").empty());
  CHECK(sessionToken("").empty());
  CHECK(sessionToken(";;=; =").empty());
}

TEST_CASE("a session token that metadata could not carry is none") {
  CHECK(sessionToken("__Host-doorstep-session=a b").empty());
  CHECK(sessionToken("__Host-doorstep-session=a\tb").empty());
  CHECK(sessionToken("__Host-doorstep-session=\xc3\xa9").empty());
  CHECK(sessionToken("__Host-doorstep-session=" + std::string(257, 'a')).empty());
}

TEST_CASE("everything else that is read is a file") {
  RequestHead head = post("/assets/index.js?v=1");
  CHECK(refusedWith(head) == 405);
  head.method = "GET";
  CHECK(std::get<FileRoute>(routeRequest(head, kSites)).path == "/assets/index.js");
  head.method = "HEAD";
  CHECK(std::get<FileRoute>(routeRequest(head, kSites)).head);
  head.target = "/healthz";
  CHECK(std::holds_alternative<HealthRoute>(routeRequest(head, kSites)));
  head.target = "https://doorstep.example/";
  CHECK(refusedWith(head) == 400);
}
