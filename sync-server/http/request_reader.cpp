// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/request_reader.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync-server/http/limits.h"

namespace doorstep::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

}  // namespace

void RequestReader::finish() {
  body_ = std::string();
  head_ = std::string();
  input_.shrink_to_fit();  // bytes of the next request: one read at most
  trusted_ = false;
  requestBytes_ = input_.size();
  unknown_.giveBack();
  known_.giveBack();
}

asio::awaitable<Status> RequestReader::awaitInput(std::chrono::milliseconds atMost) {
  boost::beast::get_lowest_layer(stream_).expires_after(atMost);
  const Status read = co_await readSome();
  co_return read;
}

asio::awaitable<Status> RequestReader::readSome() {
  // Directly into the input: a separate buffer for each connection would double the memory.
  const std::size_t before = input_.size();
  input_.resize(before + kReadBytes);
  const auto space = asio::buffer(input_.data() + before, kReadBytes);
  error_code error;
  const std::size_t count =
      co_await stream_.async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
  input_.resize(before + count);
  if (error) {
    co_return Error{ErrorCode::Unavailable, "CONNECTION_ENDED", "gone or too slow"};
  }
  requestBytes_ += count;
  BudgetHold& budget = trusted_ ? known_ : unknown_;
  // A small request is free, whatever an address has taken.
  if (requestBytes_ > kRequestFreeBytes && !budget.take(count)) {
    co_return Error{ErrorCode::ResourceExhausted, "BYTES_HELD", "too much is held of this address"};
  }
  co_return kDone;
}

asio::awaitable<Result<ParsedHead>> RequestReader::readHead(std::chrono::milliseconds atMost) {
  boost::beast::get_lowest_layer(stream_).expires_after(atMost);
  std::size_t seen = 0;
  std::optional<std::size_t> end;
  while (!end) {
    const auto found = findHeadEnd(input_, seen);
    if (!found.ok()) {
      co_return found.error();
    }
    end = found.value();
    if (!end && input_.size() > kHeaderMaxBytes) {
      co_return Error{ErrorCode::ResourceExhausted, "HEADERS_TOO_LARGE", "the head is too large"};
    }
    if (!end) {
      seen = input_.size();
      const Status more = co_await readSome();
      if (!more.ok()) {
        co_return more.error();
      }
    }
  }
  head_ = input_.substr(0, *end);
  input_.erase(0, *end);
  Result<ParsedHead> head = parseHead(head_);
  chunks_ = ChunkedBody();
  framing_ = head.ok() ? head.value().framing : Framing();
  co_return head;
}

asio::awaitable<Result<bool>> RequestReader::readBody(std::uint64_t bytesMax,
                                                      std::chrono::milliseconds atMost) {
  boost::beast::get_lowest_layer(stream_).expires_after(atMost);
  for (;;) {
    const auto taken = takeBody(bytesMax);
    if (!taken.ok()) {
      co_return taken.error();
    }
    if (taken.value()) {
      co_return *taken.value();
    }
    const Status more = co_await readSome();
    if (!more.ok()) {
      co_return more.error();
    }
  }
}

Result<std::optional<bool>> RequestReader::takeBody(std::uint64_t bytesMax) {
  if (framing_.kind == Framing::Kind::None) {
    return std::optional(true);
  }
  if (framing_.kind == Framing::Kind::Length) {
    return takeLength(bytesMax);
  }
  DOORSTEP_ASSIGN(const std::size_t taken, chunks_.take(input_, body_, bytesMax));
  input_.erase(0, taken);
  if (chunks_.full()) {
    return std::optional(false);
  }
  return chunks_.done() ? std::optional(true) : std::optional<bool>();
}

Result<std::optional<bool>> RequestReader::takeLength(std::uint64_t bytesMax) {
  if (framing_.lengthBytes > bytesMax) {
    return std::optional(false);
  }
  const auto count = std::min<std::uint64_t>(framing_.lengthBytes - body_.size(), input_.size());
  body_.append(input_, 0, count);
  input_.erase(0, count);
  return body_.size() == framing_.lengthBytes ? std::optional(true) : std::optional<bool>();
}

}  // namespace doorstep::http
