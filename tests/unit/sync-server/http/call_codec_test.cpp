// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/call_codec.h"

#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>

#include "doorstep/admin/v1/account_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"

using namespace doorstep;
using namespace doorstep::http;

namespace {

CallRoute route(const char* method, const char* contentType) {
  admin::v1::Session::descriptor();
  monitoring::v1::BoardRow::descriptor();
  CallRoute route;
  route.method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
  route.encoding = *encodingOf(contentType);
  return route;
}
CallRoute signIn(const char* contentType) {
  return route("doorstep.admin.v1.AccountService.SignIn", contentType);
}
CallRoute watchBoard(const char* contentType) {
  return route("doorstep.monitoring.v1.BoardService.WatchBoard", contentType);
}

std::string signInBytes(const char* login) {
  admin::v1::SignInRequest request;
  request.set_login(login);
  return request.SerializeAsString();
}

}  // namespace

TEST_CASE("a JSON request becomes the service's message, its unknown fields skipped") {
  const JsonTranscoder transcoder;
  CHECK(decodeRequest(signIn("application/json"), R"({"login":"ann","later":1})", transcoder)
            .value() == signInBytes("ann"));
  CHECK(decodeRequest(signIn("application/json"), "", transcoder).value().empty());
  CHECK(decodeRequest(signIn("application/json"), "{\"login\":", transcoder).error().reason ==
        "JSON_MALFORMED");
  CHECK(decodeRequest(signIn("application/json"), R"({"login":{}})", transcoder).error().reason ==
        "JSON_MALFORMED");
}

TEST_CASE("a binary request passes as it is, out of its envelope where it has one") {
  const JsonTranscoder transcoder;
  const std::string bytes = signInBytes("ann");
  CHECK(decodeRequest(signIn("application/proto"), bytes, transcoder).value() == bytes);
  CHECK(decodeRequest(signIn("application/grpc-web"), envelope(0, bytes), transcoder).value() ==
        bytes);
  CHECK(decodeRequest(signIn("application/grpc-web"), bytes, transcoder).error().reason ==
        "ENVELOPE_MALFORMED");
  CHECK(decodeRequest(watchBoard("application/connect+json"), envelope(0, "{}"), transcoder)
            .value()
            .empty());
}

TEST_CASE("a unary Connect reply is the bare message") {
  const JsonTranscoder transcoder;
  admin::v1::SignInResponse response;
  response.mutable_session()->set_provider_id(1ULL << 62);
  const HttpReply reply =
      callReply(signIn("application/json"), response.SerializeAsString(), {}, transcoder);
  CHECK(reply.status == 200);
  CHECK(reply.contentType == "application/json");
  CHECK(reply.body == R"({"session":{"providerId":"4611686018427387904"}})");
}

TEST_CASE("a unary Connect error is a status, a JSON body and the reason in a header") {
  const JsonTranscoder transcoder;
  const HttpReply reply = callReply(signIn("application/proto"), std::nullopt,
                                    {16, "no", "SIGN_IN_FAILED"}, transcoder);
  CHECK(reply.status == 401);
  CHECK(reply.contentType == "application/json");
  CHECK(reply.body == R"({"code":"unauthenticated","message":"no"})");
  REQUIRE(reply.headers.size() == 1);
  CHECK(reply.headers[0].first == "trailer-doorstep-reason");
  CHECK(reply.headers[0].second == "SIGN_IN_FAILED");
}

TEST_CASE("a gRPC-Web reply is message and trailers, an error the trailers alone") {
  const JsonTranscoder transcoder;
  const CallRoute web = signIn("application/grpc-web+proto");
  const HttpReply good = callReply(web, std::string("m"), {}, transcoder);
  CHECK(good.status == 200);
  CHECK(good.body == envelope(0, "m") + endEnvelope(Protocol::GrpcWeb, {}));
  const CallEnd end{7, "no", "NOT_YOURS"};
  CHECK(callReply(web, std::nullopt, end, transcoder).body == endEnvelope(Protocol::GrpcWeb, end));
}

TEST_CASE("a stream that fails before it begins ends as a stream does") {
  const JsonTranscoder transcoder;
  const CallEnd end{8, "full", "TOO_MANY_STREAMS"};
  const HttpReply reply =
      callReply(watchBoard("application/connect+json"), std::nullopt, end, transcoder);
  CHECK(reply.status == 200);
  CHECK(reply.contentType == "application/connect+json");
  CHECK(reply.body == endEnvelope(Protocol::ConnectStream, end));
}

TEST_CASE("a service that answers nothing is an internal error") {
  const JsonTranscoder transcoder;
  CHECK(callReply(signIn("application/json"), std::nullopt, {}, transcoder).status == 500);
}

TEST_CASE("a streamed message is enveloped in the encoding that was asked for") {
  const JsonTranscoder transcoder;
  monitoring::v1::WatchBoardResponse response;
  response.set_reset(true);
  const std::string bytes = response.SerializeAsString();
  CHECK(streamedMessage(watchBoard("application/connect+json"), bytes, transcoder).value() ==
        envelope(0, R"({"reset":true})"));
  CHECK(streamedMessage(watchBoard("application/grpc-web"), bytes, transcoder).value() ==
        envelope(0, bytes));
}
