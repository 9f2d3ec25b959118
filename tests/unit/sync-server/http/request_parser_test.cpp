// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/request_parser.h"

#include <catch2/catch.hpp>

#include "sync-server/http/limits.h"

using namespace doorstep;
using namespace doorstep::http;

namespace {

std::string refusal(const std::string& lines) {
  const std::string head = lines + "\r\n";
  const auto end = findHeadEnd(head, 0);
  if (!end.ok()) {
    return end.error().reason;
  }
  if (end.value() != head.size()) {
    return "NOT_ENDED";
  }
  const auto parsed = parseHead(head);
  return parsed.ok() ? "" : parsed.error().reason;
}

std::string withField(const std::string& field) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + field + "\r\n";
}

}  // namespace

TEST_CASE("a request is its method, target, host and fields") {
  const std::string head =
      "POST /a.B/C?d=e HTTP/1.1\r\nhOsT: care.example:8443\r\nX-Empty:\r\nX: \t a b \t\r\n"
      "Content-Length: 12\r\nConnection: keep-alive, CLOSE\r\n\r\n";
  const auto parsed = parseHead(head);
  REQUIRE(parsed.ok());
  CHECK(parsed->method == "POST");
  CHECK(parsed->target == "/a.B/C?d=e");
  CHECK(parsed->host == "care.example:8443");
  CHECK(parsed->field("x") == "a b");
  CHECK(parsed->field("x-empty").empty());
  CHECK(parsed->field("nothing").empty());
  CHECK(parsed->framing.kind == Framing::Kind::Length);
  CHECK(parsed->framing.lengthBytes == 12);
  CHECK_FALSE(parsed->keepAlive);
  CHECK(parsed->http11);
}

TEST_CASE("the end of a head is found however it is cut") {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string bytes = head + "GET /next";
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
    std::size_t seen = 0;
    std::optional<std::size_t> end;
    for (std::size_t arrived = piece; !end; arrived = std::min(arrived + piece, bytes.size())) {
      const auto found = findHeadEnd(std::string_view(bytes).substr(0, arrived), seen);
      REQUIRE(found.ok());
      end = found.value();
      seen = arrived;
    }
    CHECK(*end == head.size());
  }
}

TEST_CASE("line ends other than CR LF, control bytes and folded fields are no request") {
  for (const char* lines : {"GET / HTTP/1.1\nHost: x\r\n",
                            "GET / HTTP/1.1\r\nHost: x\n\r\n",
                            "GET / HTTP/1.1\rHost: x",
                            "\r\nGET / HTTP/1.1\r\nHost: x\r\n",
                            "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n",
                            "GET / HTTP/1.1\r\nHost: x\r\n\tfolded: y\r\n",
                            "GET / HTTP/1.1\r\n Host: x\r\n",
                            "GET / HTTP/1.1\r\nHost : x\r\n",
                            "GET / HTTP/1.1\r\nHost x\r\n",
                            "GET / HTTP/1.1\r\n: x\r\n",
                            "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n",
                            "GET / HTTP/1.1\r\nHost: x\r\nA\xc3\xa9: b\r\n",
                            "GET / HTTP/1.1\r\nHost: x\r\nA: \x7f\r\n",
                            "GET /\x80 HTTP/1.1\r\nHost: x\r\n",
                            "GET  / HTTP/1.1\r\nHost: x\r\n",
                            "GET / HTTP/1.1 \r\nHost: x\r\n",
                            "GET / a HTTP/1.1\r\nHost: x\r\n",
                            "G@T / HTTP/1.1\r\nHost: x\r\n",
                            "GET /\r\nHost: x\r\n",
                            "GET / HTTP/2.0\r\nHost: x\r\n",
                            "GET / http/1.1\r\nHost: x\r\n",
                            "GET / HTTP/1.10\r\nHost: x\r\n",
                            "hello\r\n",
                            ""}) {
    CAPTURE(lines);
    CHECK(refusal(lines) == "REQUEST_MALFORMED");
  }
  CHECK(refusal(std::string("GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n", 32)) == "REQUEST_MALFORMED");
  CHECK(refusal("GET / HTTP/1.1\r\nHost: x\r\nA: caf\xc3\xa9\r\n").empty());
}

TEST_CASE("a body is framed in one plain way or not at all") {
  for (const char* field : {"Transfer-Encoding: xchunked",
                            "Transfer-Encoding: identity",
                            "Transfer-Encoding: chunked, identity",
                            "Transfer-Encoding: identity, chunked",
                            "Transfer-Encoding: gzip, chunked",
                            "Transfer-Encoding: \"chunked\"",
                            "Transfer-Encoding: chunked;a=b",
                            "Transfer-Encoding: chunked,",
                            "Transfer-Encoding:",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                            "Content-Length: 5\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked\r\nContent-Length: 0",
                            "Content-Length: 5\r\nContent-Length: 5",
                            "Content-Length: 5\r\nContent-Length: 6",
                            "Content-Length: 5, 5",
                            "Content-Length: +5",
                            "Content-Length: -5",
                            "Content-Length: 0x5",
                            "Content-Length: 5 5",
                            "Content-Length: 05",
                            "Content-Length: 5.0",
                            "Content-Length: 5e1",
                            "Content-Length:",
                            "Content-Length: 18446744073709551616",
                            "Content-Length: \xef\xbc\x95"}) {
    CAPTURE(field);
    CHECK(refusal(withField(field)) == "FRAMING_AMBIGUOUS");
  }
  CHECK(refusal(withField("transfer-ENCODING: Chunked")).empty());
  CHECK(refusal(withField("Content-Length: 0")).empty());
  CHECK(refusal("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n") ==
        "FRAMING_AMBIGUOUS");
}

TEST_CASE("a request names one host, in each version") {
  CHECK(refusal("GET / HTTP/1.1\r\n") == "HOST_MISSING");
  CHECK(refusal("GET / HTTP/1.0\r\n") == "HOST_MISSING");
  CHECK(refusal("GET / HTTP/1.0\r\nHost: x\r\n").empty());
  for (const char* field : {"Host: x", "HOST: y", "host:"}) {
    CHECK(refusal(withField(field)) == "HOST_AMBIGUOUS");
  }
  for (const char* host : {"", "a b", "a/b", "a@b", "a,b", "a:b", "a:", "a:123456", "[::1", "[]",
                           "::1", "a\\b", ":80"}) {
    CAPTURE(host);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n") == "HOST_AMBIGUOUS");
  }
  for (const char* host : {"a", "a.b:8443", "[::1]", "[2001:db8::1]:443", "under_score.example"}) {
    CHECK(refusal("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n").empty());
  }
}

TEST_CASE("a field that decides something stands once") {
  for (const char* field :
       {"Origin: a\r\norigin: b", "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site",
        "Content-Type: application/json\r\nContent-Type: text/plain"}) {
    CHECK(refusal(withField(field)) == "FIELD_REPEATED");
  }
  CHECK(refusal(withField("Cookie: a=b\r\nCookie: c=d\r\nAccept: a\r\nAccept: b")).empty());
}

TEST_CASE("a head has a bounded number of fields") {
  std::string lines = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (std::size_t i = 1; i < kHeaderFieldsMax; ++i) {
    lines += "A: b\r\n";
  }
  CHECK(refusal(lines).empty());
  CHECK(refusal(lines + "A: b\r\n") == "HEADERS_TOO_LARGE");
}
