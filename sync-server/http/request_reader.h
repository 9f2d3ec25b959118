// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/core/result.h"
#include "sync-server/http/address_budget.h"
#include "sync-server/http/chunked_body.h"
#include "sync-server/http/front_stream.h"
#include "sync-server/http/request_parser.h"

namespace doorstep::http {

// Takes requests off a connection, head by head and body by body, and never holds more than it was
// allowed: each byte that is kept is first taken from a budget. Reads nothing ahead of a request
// but what came with it.
//
// It parses by itself, after the bytes have arrived: Beast's own read operations buffer trailers
// and extensions without a bound, and what its parser throws leaves the I/O handler.
//
// Errors of both: CONNECTION_ENDED (gone, or too slow: nobody is left to answer), BYTES_HELD (the
// budget is used up), and those of request_parser.h and chunked_body.h. After an error the
// connection cannot go on. Thread: the connection's strand.
class RequestReader {
 public:
  // unknownBytes: what whoever calls may hold; knownBytes: what somebody with a session may. All
  // outlive this.
  RequestReader(FrontStream& stream, AddressBudget& unknownBytes, AddressBudget& knownBytes,
                const std::string& share)
      : stream_(stream), unknown_(unknownBytes, share), known_(knownBytes, share) {}

  // True when a request's first bytes are here already.
  bool hasInput() const { return !input_.empty(); }
  // Waits for some bytes. Gives back what the request before held.
  boost::asio::awaitable<Status> awaitInput(std::chrono::milliseconds atMost);
  // The head is valid until the next readHead.
  boost::asio::awaitable<Result<ParsedHead>> readHead(std::chrono::milliseconds atMost);

  // Reads on until the body is whole (true) or would exceed bytesMax (false; a length that is
  // larger is not even begun). It can be called again with more.
  boost::asio::awaitable<Result<bool>> readBody(std::uint64_t bytesMax,
                                                std::chrono::milliseconds atMost);
  const std::string& body() const { return body_; }
  // The session of this request was found good: from here on its bytes are counted as a guest's who
  // is known.
  void trust() { trusted_ = true; }

  // The request is answered: its bytes go.
  void finish();

 private:
  boost::asio::awaitable<Status> readSome();
  // True: the body is whole; false: it would be too large; nothing: more must come.
  Result<std::optional<bool>> takeBody(std::uint64_t bytesMax);
  Result<std::optional<bool>> takeLength(std::uint64_t bytesMax);

  FrontStream& stream_;
  BudgetHold unknown_;
  BudgetHold known_;
  bool trusted_ = false;
  std::size_t requestBytes_ = 0;  // arrived of the request at hand
  std::string input_;             // arrived and not yet taken
  std::string head_;
  std::string body_;
  Framing framing_;
  ChunkedBody chunks_;
};

}  // namespace doorstep::http
