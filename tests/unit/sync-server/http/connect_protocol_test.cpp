// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/connect_protocol.h"

#include <catch2/catch.hpp>

using namespace doorstep;
using namespace doorstep::http;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST_CASE("a content type names protocol and encoding, whatever its case and parameters") {
  CHECK(encodingOf("application/json")->protocol == Protocol::ConnectUnary);
  CHECK(encodingOf("application/json")->json);
  CHECK(encodingOf("Application/JSON; charset=utf-8")->json);
  CHECK_FALSE(encodingOf("application/proto")->json);
  CHECK(encodingOf("application/connect+json")->protocol == Protocol::ConnectStream);
  CHECK(encodingOf("application/connect+proto")->protocol == Protocol::ConnectStream);
  CHECK(encodingOf("application/grpc-web")->protocol == Protocol::GrpcWeb);
  CHECK(encodingOf("application/grpc-web+proto")->contentType == "application/grpc-web+proto");
}

TEST_CASE("content types that a foreign page may send without asking are refused") {
  for (const char* type : {"", "text/plain", "text/plain;application/json", "multipart/form-data",
                           "application/x-www-form-urlencoded", "application/grpc-web-text"}) {
    CHECK_FALSE(encodingOf(type).has_value());
  }
}

TEST_CASE("an envelope opens to the message that was put in") {
  const std::string message = "hello\0world"s;
  const std::string wrapped = envelope(0, message);
  CHECK(wrapped.size() == 5 + message.size());
  CHECK(openEnvelope(wrapped).value() == message);
  CHECK(openEnvelope(envelope(0, "")).value().empty());
}

TEST_CASE("an envelope that is cut, too long, or of unknown flags is malformed") {
  const std::string wrapped = envelope(0, "hello");
  for (std::size_t size = 0; size < wrapped.size(); ++size) {
    CHECK(openEnvelope(std::string_view(wrapped).substr(0, size)).error().reason ==
          "ENVELOPE_MALFORMED");
  }
  CHECK(openEnvelope(wrapped + "x").error().reason == "ENVELOPE_MALFORMED");
  CHECK(openEnvelope(wrapped + wrapped).error().reason == "ENVELOPE_MALFORMED");
  CHECK(openEnvelope(envelope(2, "{}")).error().reason == "ENVELOPE_MALFORMED");
  CHECK(openEnvelope("\x00\xff\xff\xff\xff"s + "x").error().reason == "ENVELOPE_MALFORMED");
}

TEST_CASE("a compressed envelope is refused as unimplemented") {
  CHECK(openEnvelope(envelope(1, "hello")).error().code == ErrorCode::Unimplemented);
}

TEST_CASE("every gRPC code has Connect's name and HTTP status") {
  CHECK(connectCodeName(1) == "canceled");
  CHECK(httpStatusOf(1) == 499);
  CHECK(connectCodeName(16) == "unauthenticated");
  CHECK(httpStatusOf(16) == 401);
  CHECK(httpStatusOf(8) == 429);
  CHECK(httpStatusOf(14) == 503);
  CHECK(connectCodeName(99) == "unknown");
  CHECK(connectCodeName(-1) == "unknown");
}

TEST_CASE("the error of a unary reply is JSON, also when the service's text is not UTF-8") {
  CHECK(connectErrorJson({5, "no \"visit\"", "VISIT_UNKNOWN"}) ==
        R"({"code":"not_found","message":"no \"visit\""})");
  CHECK(connectErrorJson({2, "\xff", ""}) == "{\"code\":\"unknown\",\"message\":\"\xEF\xBF\xBD\"}");
}

TEST_CASE("the end of a Connect stream holds error and reason, or nothing") {
  CHECK(endEnvelope(Protocol::ConnectStream, {}) == envelope(2, "{}"));
  CHECK(endEnvelope(Protocol::ConnectStream, {7, "no", "NOT_YOURS"}) ==
        envelope(2, R"({"error":{"code":"permission_denied","message":"no"},)"
                    R"("metadata":{"doorstep-reason":["NOT_YOURS"]}})"));
}

TEST_CASE("the end of a gRPC-Web reply holds trailers that no text can break out of") {
  CHECK(endEnvelope(Protocol::GrpcWeb, {}) == envelope(0x80, "grpc-status: 0\r\n"));
  CHECK(endEnvelope(Protocol::GrpcWeb, {3, "a\r\ngrpc-status: 0", "BAD"}) ==
        envelope(
            0x80,
            "grpc-status: 3\r\ngrpc-message: a%0D%0Agrpc-status: 0\r\ndoorstep-reason: BAD\r\n"));
}

TEST_CASE("percent-encoding keeps printable ASCII and encodes the rest byte by byte") {
  CHECK(percentEncode("100 %, é\n") == "100 %25, %C3%A9%0A");
}

TEST_CASE("timeouts are read in the units of each protocol") {
  CHECK(parseConnectTimeout("1500") == 1500ms);
  CHECK(parseConnectTimeout("0") == 0ms);
  CHECK(parseGrpcTimeout("2H") == 2h);
  CHECK(parseGrpcTimeout("3M") == 3min);
  CHECK(parseGrpcTimeout("4S") == 4s);
  CHECK(parseGrpcTimeout("5m") == 5ms);
  CHECK(parseGrpcTimeout("1u") == 1ms);
  CHECK(parseGrpcTimeout("2000000n") == 2ms);
}

TEST_CASE("a timeout that is not written as the protocol says is no timeout") {
  for (const char* text : {"", "-1", "1.5", "99999999999", "1500m", " 1"}) {
    CHECK_FALSE(parseConnectTimeout(text).has_value());
  }
  for (const char* text : {"", "S", "5", "5s", "-5S", "123456789S"}) {
    CHECK_FALSE(parseGrpcTimeout(text).has_value());
  }
}

TEST_CASE("no caller can name a deadline beyond a day") {
  CHECK(parseConnectTimeout("9999999999") == 24h);
  CHECK(parseGrpcTimeout("99999999H") == 24h);
}
