// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/http_session.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "sync-server/http/await.h"
#include "sync-server/http/reply_headers.h"

namespace doorstep::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

const Error kBodyTooLarge{ErrorCode::ResourceExhausted, "BODY_TOO_LARGE", "the body is too large"};

GrpcCall::Request callRequest(const CallRoute& route, std::string message,
                              const std::string& peer) {
  GrpcCall::Request request;
  request.path = route.path;
  request.message = std::move(message);
  request.timeout = route.timeout;
  request.metadata.emplace_back("x-doorstep-peer", peer);
  if (!route.sessionToken.empty()) {
    request.metadata.emplace_back("x-doorstep-session", route.sessionToken);
  }
  return request;
}

}  // namespace

void FrontParts::tellFailure(const char* reason) const noexcept {
  try {
    if (tellRefusal) {
      tellRefusal({"HTTPS", {ErrorCode::Internal, reason, "a handler threw"}});
    }
  } catch (const std::exception&) {
    // Even reporting failed: ignored.
  }
}

HttpSession::HttpSession(asio::ip::tcp::socket accepted, FrontParts& parts)
    : tls_(parts.tls.now()),
      stream_(std::move(accepted), *tls_),
      parts_(parts),
      peer_(plainAddress(socket().socket().remote_endpoint().address())),
      share_(shareOf(socket().socket().remote_endpoint().address())),
      localAddress_(plainAddress(socket().socket().local_endpoint().address())),
      reader_(stream_, parts.unknownBytes, parts.knownBytes, share_),
      watchEnded_(stream_.get_executor(), asio::steady_timer::time_point::max()) {}

asio::awaitable<void> HttpSession::run() {
  bool failed = false;
  try {
    co_await serve();
  } catch (const boost::system::system_error&) {
    // The peer left, was too slow or does not speak TLS. The socket closes with the session.
    failed = true;
  } catch (const std::exception&) {
    failed = true;
    parts_.tellFailure("HANDLER_FAILED");
  }
  if (failed && call_) {
    call_->abandon();
  }
  call_.reset();
}

asio::awaitable<void> HttpSession::serve() {
  socket().expires_after(kHandshakeTimeout);
  co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
  bool more = true;
  while (more && !stopping_) {
    bool failed = false;
    try {
      more = co_await serveRequest();
      reader_.finish();
    } catch (const boost::system::system_error&) {
      throw;
    } catch (const std::exception&) {
      failed = true;
    }
    if (failed) {
      parts_.tellFailure("HANDLER_FAILED");
      more = false;
      if (call_ || responding_) {
        co_return;  // part of a reply was sent: close the connection
      }
      HttpReply reply = plainReply(500, "the server failed");
      co_await write(std::move(reply), false, false);
    }
  }
  co_await sayGoodbye();
}

// TLS shutdown, then whatever is still being sent is read and dropped: closing on unread bytes
// would lose the reply.
asio::awaitable<void> HttpSession::sayGoodbye() {
  error_code error;
  socket().expires_after(kGoodbyeTimeout);
  co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  error = {};
  std::array<char, kReadBytes> dropped{};
  const auto space = asio::buffer(dropped);
  while (!error) {
    co_await socket().async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
  }
}

void HttpSession::requestStop() {
  stopping_ = true;
  if (idle_) {
    socket().close();
  }
  if (streaming_ && call_) {
    call_->cancel();
  }
}

void HttpSession::cut() {
  stopping_ = true;
  if (call_) {
    call_->cancel();
  }
  socket().close();
}

asio::awaitable<bool> HttpSession::serveRequest() {
  responding_ = false;
  if (!reader_.hasInput()) {
    idle_ = true;
    const Status some = co_await reader_.awaitInput(parts_.limits.idleTimeout);
    idle_ = false;
    if (!some.ok()) {
      co_return false;
    }
  }
  const auto head = co_await reader_.readHead(parts_.limits.headerTimeout);
  if (!head.ok()) {
    const bool more = co_await refuseHead(head.error());
    co_return more;
  }
  http11_ = head.value().http11;
  Route route = routeRequest(requestHead(head.value(), localAddress_), parts_.sites);
  const auto* call = std::get_if<CallRoute>(&route);
  const Status body = co_await readBody(head.value(), call);
  if (!body.ok() && body.error().reason == "CONNECTION_ENDED") {
    co_return false;
  }
  if (!body.ok()) {
    auto* refused = std::get_if<HttpReply>(&route);
    HttpReply reply = bodyRefusalReply(body.error(), call, parts_.transcoder);
    // A request refused before its body keeps that reason.
    if (refused != nullptr && body.error().code == ErrorCode::ResourceExhausted) {
      reply = std::move(*refused);
    }
    const bool more = co_await write(std::move(reply), false, false);
    co_return more;
  }
  const std::string ifNoneMatch(head.value().field("If-None-Match"));
  const bool more = co_await serveRoute(route, head.value().keepAlive, ifNoneMatch);
  co_return more;
}

asio::awaitable<bool> HttpSession::refuseHead(const Error& error) {
  if (error.reason != "CONNECTION_ENDED") {
    HttpReply reply = refusalReply(error);
    co_await write(std::move(reply), false, false);
  }
  co_return false;
}

asio::awaitable<bool> HttpSession::serveRoute(Route& route, bool keepAlive,
                                              std::string_view ifNoneMatch) {
  bool more = false;
  if (const auto* call = std::get_if<CallRoute>(&route)) {
    more = co_await serveCall(*call, keepAlive);
    co_return more;
  }
  HttpReply reply;
  bool headOnly = false;
  if (const auto* file = std::get_if<FileRoute>(&route)) {
    headOnly = file->head;
    reply = co_await fileReply(*file, ifNoneMatch);
  } else if (std::holds_alternative<HealthRoute>(route)) {
    reply = healthReply();
  } else {
    reply = std::move(std::get<HttpReply>(route));
  }
  more = co_await write(std::move(reply), keepAlive, headOnly);
  co_return more;
}

// A small body needs no session; more is read only once the session is known, in any framing.
asio::awaitable<Status> HttpSession::readBody(const ParsedHead& head, const CallRoute* call) {
  const std::uint64_t maxBytes = call != nullptr ? call->bodyMaxBytes : kUnknownBodyMaxBytes;
  const bool asksFirst = sameName(head.field("Expect"), "100-continue");
  if (head.framing.lengthBytes > maxBytes) {
    co_return kBodyTooLarge;
  }
  if (asksFirst && head.framing.lengthBytes <= kUnknownBodyMaxBytes) {
    const Status asked = co_await askForBody();
    if (!asked.ok()) {
      co_return asked;
    }
  }
  const auto small =
      co_await reader_.readBody(std::min(maxBytes, kUnknownBodyMaxBytes), kUnknownBodyTimeout);
  if (!small.ok()) {
    co_return small.error();
  }
  if (small.value()) {
    co_return kDone;
  }
  if (maxBytes <= kUnknownBodyMaxBytes) {
    co_return kBodyTooLarge;
  }
  const auto known = co_await knowsSession(call->sessionToken);
  if (!known.ok()) {
    co_return known.error();
  }
  if (!known.value()) {
    co_return Error{ErrorCode::Unauthenticated, "NOT_SIGNED_IN", "sign in before a large request"};
  }
  reader_.trust();
  if (asksFirst && head.framing.kind == Framing::Kind::Length) {
    const Status asked = co_await askForBody();
    if (!asked.ok()) {
      co_return asked;
    }
  }
  const bool upload = maxBytes > kBodyMaxBytes;
  const std::chrono::seconds atMost(upload ? kUploadTimeout : kBodyTimeout);
  const auto large = co_await reader_.readBody(maxBytes, atMost);
  if (!large.ok()) {
    co_return large.error();
  }
  co_return large.value() ? Status(kDone) : Status(kBodyTooLarge);
}

asio::awaitable<Status> HttpSession::askForBody() {
  constexpr std::string_view kProceed = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto bytes = asio::buffer(kProceed);
  socket().expires_after(kWriteTimeout);
  error_code error;
  co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, error));
  const Status sent =
      error ? Status(Error{ErrorCode::Unavailable, "CONNECTION_ENDED", "gone"}) : Status(kDone);
  co_return sent;
}

asio::awaitable<Result<bool>> HttpSession::knowsSession(const std::string& token) {
  if (token.empty() || !parts_.knowsSession) {
    co_return false;
  }
  auto ask = [&knows = parts_.knowsSession, token] { return knows(token); };
  const auto known = co_await awaitWork<bool>(parts_.sessionChecks, std::move(ask));
  co_return known;
}

asio::awaitable<HttpReply> HttpSession::fileReply(const FileRoute& route,
                                                  std::string_view ifNoneMatch) {
  if (!isLogPath(route.path)) {
    HttpReply file = parts_.files.get(route.path, ifNoneMatch);
    co_return file;
  }
  BudgetHold waiting(parts_.logReadsHeld, share_);
  if (!waiting.take(1)) {
    HttpReply busy = logBusyReply();
    co_return busy;
  }
  auto read = [path = route.path, &logs = parts_.logs] {
    return Result<HttpReply>(getLogFile(path, logs).value());
  };
  auto reply = co_await awaitWork<HttpReply>(parts_.logReads, std::move(read));
  if (!reply.ok()) {
    HttpReply busy = logBusyReply();
    co_return busy;
  }
  HttpReply file = std::move(reply).value();
  co_return file;
}

HttpReply HttpSession::healthReply() {
  return parts_.services.stub().ok() ? plainReply(200, "ok")
                                     : plainReply(503, "services unreachable");
}

asio::awaitable<bool> HttpSession::serveCall(const CallRoute& route, bool keepAlive) {
  auto message = decodeRequest(route, reader_.body(), parts_.transcoder);
  const auto stub = parts_.services.stub();
  std::optional<Error> failure;
  if (!message.ok()) {
    failure = message.error();
  } else if (!stub.ok()) {
    failure = stub.error();
  }
  const bool streamed =
      route.encoding.protocol != Protocol::ConnectUnary && route.method->server_streaming();
  BudgetHold stream(parts_.streams, share_);
  if (!failure && streamed && !stream.take(1)) {
    failure = Error{ErrorCode::ResourceExhausted, "TOO_MANY_STREAMS", "too many streams are open"};
  }
  if (failure) {
    HttpReply reply = refusedCallReply(route, *failure, parts_.transcoder);
    const bool more = co_await write(std::move(reply), keepAlive, false);
    co_return more;
  }
  reader_.finish();  // the gRPC message has its own copy
  call_ =
      GrpcCall::start(**stub, callRequest(route, std::move(message).value(), peer_), parts_.calls);
  if (!streamed) {
    const bool more = co_await serveUnary(route, keepAlive);
    co_return more;
  }
  co_await serveStream(route);
  co_return false;
}

asio::awaitable<bool> HttpSession::serveUnary(const CallRoute& route, bool keepAlive) {
  const std::optional<std::string> message = co_await nextMessage(*call_);
  const CallEnd end = co_await endOf(*call_);
  // Only a valid session gets a non-empty answer with its token; SignOut's answer is empty.
  if (end.ok() && !route.sessionToken.empty() && message && !message->empty()) {
    known_ = true;
  }
  HttpReply reply = callReply(route, message, end, parts_.transcoder);
  for (std::string& cookie : call_->initialMetadata("set-cookie")) {
    reply.headers.emplace_back("Set-Cookie", std::move(cookie));
  }
  call_.reset();
  const bool more = co_await write(std::move(reply), keepAlive, false);
  co_return more;
}

asio::awaitable<bool> HttpSession::write(HttpReply reply, bool keepAlive, bool headOnly) {
  if (reply.refusal && parts_.tellRefusal) {
    parts_.tellRefusal(*reply.refusal);
  }
  const std::string_view body = reply.content();
  bhttp::response<bhttp::span_body<const char>> response(static_cast<bhttp::status>(reply.status),
                                                         11);
  setReplyHeaders(response, reply.contentType, reply.cacheControl);
  for (const auto& [name, value] : reply.headers) {
    response.insert(name, value);
  }
  keepAlive = keepAlive && !stopping_ && !reply.close;
  response.keep_alive(keepAlive);
  if (reply.status != 304) {
    response.content_length(body.size());
  }
  socket().expires_after(kWriteTimeout);
  responding_ = true;
  if (headOnly) {
    bhttp::response<bhttp::empty_body> head(std::move(response.base()));
    co_await bhttp::async_write(stream_, head, asio::use_awaitable);
  } else {
    response.body() = beast::span<const char>(body.data(), body.size());
    co_await bhttp::async_write(stream_, response, asio::use_awaitable);
  }
  co_return keepAlive;
}

}  // namespace doorstep::http
