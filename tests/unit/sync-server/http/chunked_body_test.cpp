// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/chunked_body.h"

#include <catch2/catch.hpp>

#include "sync-server/http/limits.h"

using namespace doorstep;
using namespace doorstep::http;

namespace {

struct Outcome {
  std::string body;
  std::string reason;  // empty: whole
  std::size_t taken = 0;
};

// By pieces of a size, as a network may cut it.
Outcome read(const std::string& bytes, std::size_t pieceBytes, std::uint64_t maxBytes = 1000) {
  ChunkedBody chunks;
  Outcome outcome;
  while (outcome.taken < bytes.size() && !chunks.done()) {
    const auto taken = chunks.take(std::string_view(bytes).substr(outcome.taken, pieceBytes),
                                   outcome.body, maxBytes);
    if (!taken.ok()) {
      outcome.reason = taken.error().reason;
      return outcome;
    }
    outcome.taken += taken.value();
    if (chunks.full()) {
      outcome.reason = "FULL";
      return outcome;
    }
  }
  outcome.reason = chunks.done() ? "" : "MORE";
  return outcome;
}

}  // namespace

TEST_CASE("a body of chunks is read however it is cut, and nothing after it") {
  const std::string bytes =
      "5\r\nhello\r\n00A;name=value\r\n, carers.!\r\n0\r\nX-Sum: 7\r\n\r\nGET / HTTP/1.1";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const Outcome outcome = read(bytes, piece);
    CHECK(outcome.reason.empty());
    CHECK(outcome.body == "hello, carers.!");
    CHECK(bytes.substr(outcome.taken) == "GET / HTTP/1.1");
  }
}

TEST_CASE("what two programs could read in two ways is no body of chunks") {
  for (const char* bytes : {"\r\n",
                            "x\r\n",
                            "-1\r\n",
                            "+1\r\na",
                            "0x1\r\na",
                            " 1\r\na",
                            "1 \r\na",
                            "1\na",
                            "1\ra",
                            "000000001\r\na",
                            "1;\na",
                            "1;a\rb",
                            "1;a\x01\r\n",
                            "1\r\nab",
                            "1\r\na\n",
                            "1\r\na\r0",
                            "0\r\n\n",
                            "0\r\n\rx",
                            "0\r\nno field\r\n",
                            "0\r\n: empty\r\n",
                            "0\r\n folded: x\r\n",
                            "0\r\nContent-Length: 5\r\n",
                            "0\r\nX : 1\r\n",
                            "0\r\nX: \x7f\r\n"}) {
    CAPTURE(bytes);
    CHECK(read(bytes, 100).reason == "CHUNK_MALFORMED");
  }
  CHECK(read(std::string("0\r\nX: \0\r\n", 9), 100).reason == "CHUNK_MALFORMED");
}

TEST_CASE("extensions and trailers are bounded together, by whatever pieces they come") {
  const std::string most(kChunkOverheadMaxBytes, 'a');
  CHECK(read("1;" + most, 7).reason == "MORE");
  CHECK(read("1;" + most + "a", 7).reason == "CHUNK_OVERHEAD");
  CHECK(read("0\r\nX:" + std::string(65'534, 'a') + "\r\n\r\n", 4096).reason == "CHUNK_OVERHEAD");
  std::string many;
  for (int i = 0; i < 3000; ++i) {
    many += "1;a\r\nx\r\n";
  }
  CHECK(read(many, 4096, 100'000).reason == "CHUNK_OVERHEAD");
}

TEST_CASE("a chunk that would make the body too large is not begun, and may be begun later") {
  ChunkedBody chunks;
  std::string body;
  const std::string bytes = "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
  const auto first = chunks.take(bytes, body, 5);
  REQUIRE(first.ok());
  CHECK(chunks.full());
  CHECK(body == "abc");
  const auto rest = chunks.take(std::string_view(bytes).substr(first.value()), body, 7);
  REQUIRE(rest.ok());
  CHECK(chunks.done());
  CHECK(body == "abcdefg");
  CHECK(read("ffffffff\r\n", 100).reason == "MORE");
  CHECK(read("ffffffff\r\na", 100).reason == "FULL");
}
