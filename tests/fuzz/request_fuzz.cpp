// SPDX-License-Identifier: Apache-2.0
// The bytes of a request to the HTTPS front: its head, and a body of chunks in pieces.
#include <algorithm>

#include "sync-server/http/chunked_body.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/request_parser.h"
#include "sync-server/http/request_routing.h"
#include "tests/fuzz/input.h"

namespace {

using namespace doorstep;

constexpr std::uint64_t kBodyMaxBytes = 4'096;

struct ReadBody {
  bool failed = false;
  bool done = false;
  std::string bytes;
};

// However the body is cut, it is the same body.
ReadBody readBody(std::string_view rest, std::size_t pieceBytes) {
  http::ChunkedBody reader;
  ReadBody read;
  while (!rest.empty() && !reader.done()) {
    const std::string_view piece = rest.substr(0, pieceBytes);
    const auto taken = reader.take(piece, read.bytes, kBodyMaxBytes);
    read.failed = !taken.ok();
    if (read.failed || reader.full())
      break;
    fuzz::require(*taken <= piece.size());
    rest.remove_prefix(*taken);
    if (*taken < piece.size())
      fuzz::require(reader.done());
  }
  fuzz::require(read.bytes.size() <= kBodyMaxBytes);
  read.done = reader.done();
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::Input input(bytes, size);
  const std::size_t pieceBytes = 1 + input.number() % 64;
  const auto end = http::findHeadEnd(input.rest(), 0);
  if (end.ok() && *end) {
    fuzz::require(**end <= input.rest().size());
    if (const auto head = http::parseHead(input.rest().substr(0, **end)); head.ok()) {
      fuzz::require(!head->host.empty());
      const auto request = http::requestHead(*head, "127.0.0.1");
      (void)http::routeRequest(request, {{"localhost"}, {}, std::uint16_t{8443}});
    }
  }
  const std::string_view body = input.rest();
  const ReadBody whole = readBody(body, std::max<std::size_t>(body.size(), 1));
  const ReadBody pieces = readBody(body, pieceBytes);
  fuzz::require(whole.failed == pieces.failed && whole.done == pieces.done);
  fuzz::require(whole.failed || whole.bytes == pieces.bytes);
  return 0;
}
