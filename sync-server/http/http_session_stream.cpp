// SPDX-License-Identifier: Apache-2.0
// The streamed replies of a session.
#include <google/protobuf/descriptor.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "sync-server/http/await.h"
#include "sync-server/http/http_session.h"
#include "sync-server/http/reply_headers.h"

namespace doorstep::http {
namespace {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

}  // namespace

// Must not throw before the call has ended: errors are codes.
asio::awaitable<void> HttpSession::serveStream(const CallRoute& route) {
  streaming_ = true;
  watching_ = true;
  asio::co_spawn(stream_.get_executor(), watchPeer(shared_from_this()), asio::detached);
  bool reachable = co_await writeStreamHead(route);
  std::optional<CallEnd> broken;
  while (reachable && !broken) {
    const std::optional<std::string> message = co_await nextMessage(*call_);
    if (!message) {
      break;
    }
    known_ = known_ || !route.sessionToken.empty();
    const auto piece = streamedMessage(route, *message, parts_.transcoder);
    if (piece.ok()) {
      reachable = co_await writePiece(piece.value());
    } else {
      broken = callEnd(piece.error());
    }
  }
  if (!reachable || broken) {
    call_->cancel();
  }
  CallEnd end = co_await endOf(*call_);
  if (stopping_) {
    end = callEnd({ErrorCode::Unavailable, "SERVER_STOPPING", "the server is stopping"});
  } else if (broken) {
    end = *broken;
  }
  if (reachable) {
    const std::string last = endEnvelope(route.encoding.protocol, end);
    reachable = co_await writePiece(last);
  }
  if (reachable) {
    co_await writeLastPiece();
  }
  co_await stopWatching();
  call_.reset();
}

// A proxy that buffers or transforms the stream would freeze the board.
asio::awaitable<bool> HttpSession::writeStreamHead(const CallRoute& route) {
  bhttp::response<bhttp::empty_body> head(bhttp::status::ok, 11);
  setReplyHeaders(head, route.encoding.contentType, "no-store, no-transform");
  head.set("X-Accel-Buffering", "no");
  head.chunked(http11_);
  head.keep_alive(false);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  socket().expires_after(kWriteTimeout);
  responding_ = true;
  error_code error;
  co_await bhttp::async_write_header(stream_, serializer,
                                     asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// HTTP/1.0 has no chunks: the stream ends with the connection.
asio::awaitable<bool> HttpSession::writePiece(const std::string& bytes) {
  socket().expires_after(kWriteTimeout);
  error_code error;
  const auto piece = asio::buffer(bytes);
  const auto chunk = bhttp::make_chunk(piece);
  if (http11_) {
    co_await asio::async_write(stream_, chunk, asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await asio::async_write(stream_, piece, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return !error;
}

asio::awaitable<void> HttpSession::writeLastPiece() {
  error_code ignored;
  const auto lastChunk = bhttp::make_chunk_last();
  if (http11_) {
    co_await asio::async_write(stream_, lastChunk,
                               asio::redirect_error(asio::use_awaitable, ignored));
  }
}

// A browser sends nothing while a reply streams: its end, or any bytes, end the call.
asio::awaitable<void> HttpSession::watchPeer(std::shared_ptr<HttpSession> self) {
  std::array<char, 64> unexpected{};
  const auto space = asio::buffer(unexpected);
  error_code ended;
  socket().expires_never();
  co_await stream_.async_read_some(space, asio::redirect_error(asio::use_awaitable, ended));
  if (self->call_) {
    self->call_->cancel();
  }
  watching_ = false;
  watchEnded_.cancel();
}

// TLS shutdown also reads, and a TLS stream allows one read at a time.
asio::awaitable<void> HttpSession::stopWatching() {
  if (watching_) {
    socket().cancel();
  }
  error_code ignored;
  while (watching_) {
    co_await watchEnded_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace doorstep::http
