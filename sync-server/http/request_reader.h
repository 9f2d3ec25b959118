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

// Reads requests from a connection, heads and bodies, within its budget: each byte is taken from a
// budget before it is stored. Reads ahead of a request only what arrives in the same read.
//
// Parses bytes itself after they have arrived: Beast's read operations buffer trailers and
// extensions without a limit, and exceptions of its parser would leave the I/O handler.
//
// Errors of readHead and readBody: CONNECTION_ENDED (closed or too slow: no reply possible),
// BYTES_HELD (budget exceeded), and those of request_parser.h and chunked_body.h. After an error
// the connection must be closed. Thread: the connection's strand.
class RequestReader {
 public:
  // unknownBytes: budget of clients without a session; knownBytes: of those with one. All arguments
  // outlive this.
  RequestReader(FrontStream& stream, AddressBudget& unknownBytes, AddressBudget& knownBytes,
                const std::string& share)
      : stream_(stream), unknown_(unknownBytes, share), known_(knownBytes, share) {}

  // Whether the first bytes of a request are already here.
  bool hasInput() const { return !input_.empty(); }
  // Waits for bytes. Returns the previous request's amount to the budget.
  boost::asio::awaitable<Status> awaitInput(std::chrono::milliseconds atMost);
  // The head is valid until the next readHead.
  boost::asio::awaitable<Result<ParsedHead>> readHead(std::chrono::milliseconds atMost);

  // Reads until the body is complete (true) or would exceed bytesMax (false; a larger
  // Content-Length is not read at all). May be called again with a larger limit.
  boost::asio::awaitable<Result<bool>> readBody(std::uint64_t bytesMax,
                                                std::chrono::milliseconds atMost);
  const std::string& body() const { return body_; }
  // The request's session is valid: from now on its bytes count against knownBytes.
  void trust() { trusted_ = true; }

  // The request is answered: discards its bytes.
  void finish();

 private:
  boost::asio::awaitable<Status> readSome();
  // True: the body is complete; false: it would be too large; nullopt: more bytes needed.
  Result<std::optional<bool>> takeBody(std::uint64_t bytesMax);
  Result<std::optional<bool>> takeLength(std::uint64_t bytesMax);

  FrontStream& stream_;
  BudgetHold unknown_;
  BudgetHold known_;
  bool trusted_ = false;
  std::size_t requestBytes_ = 0;  // received of the current request
  std::string input_;             // received and not yet consumed
  std::string head_;
  std::string body_;
  Framing framing_;
  ChunkedBody chunks_;
};

}  // namespace doorstep::http
