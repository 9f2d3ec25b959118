// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/http_session.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

namespace doorstep::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 4096;

// A callback of gRPC as something to co_await: the result goes from gRPC's thread to the strand.
template <typename T, typename Ask>
asio::awaitable<T> awaitCallback(Ask ask) {
  auto initiate = [ask = std::move(ask)](auto handler) {
    // shared_ptr: std::function wants copies, the handler is move-only.
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    ask([held](T value) {
      const auto executor = asio::get_associated_executor(*held);
      asio::post(executor,
                 [held, value = std::move(value)]() mutable { (*held)(std::move(value)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(T)>(std::move(initiate),
                                                                      asio::use_awaitable);
}

asio::awaitable<std::optional<std::string>> nextMessage(GrpcCall& call) {
  return awaitCallback<std::optional<std::string>>(
      [&call](auto done) { call.nextMessage(std::move(done)); });
}

asio::awaitable<CallEnd> endOf(GrpcCall& call) {
  return awaitCallback<CallEnd>([&call](auto done) { call.end(std::move(done)); });
}

RequestHead headOf(const bhttp::request<bhttp::string_body>& request) {
  const auto encoding = [&] {
    for (const char* name : {"Content-Encoding", "Connect-Content-Encoding", "Grpc-Encoding"}) {
      if (const auto value = request[name]; !value.empty()) {
        return std::string_view(value);
      }
    }
    return std::string_view();
  };
  RequestHead head;
  head.method = request.method_string();
  head.target = request.target();
  head.host = request[bhttp::field::host];
  head.origin = request[bhttp::field::origin];
  head.fetchSite = request["Sec-Fetch-Site"];
  head.contentType = request[bhttp::field::content_type];
  head.contentEncoding = encoding();
  head.connectTimeout = request["Connect-Timeout-Ms"];
  head.grpcTimeout = request["Grpc-Timeout"];
  head.cookie = request[bhttp::field::cookie];
  return head;
}

template <typename Response>
void setCommonHeaders(Response& response, std::string_view contentType,
                      std::string_view cacheControl) {
  for (const auto& [name, value] : kSecurityHeaders) {
    response.set(name, value);
  }
  response.set(bhttp::field::cache_control, cacheControl);
  if (!contentType.empty()) {
    response.set(bhttp::field::content_type, contentType);
  }
}

// To bytes that are no request. A peer that only went away, or took too long, is not worth telling.
HttpReply badRequestReply(error_code error) {
  if (error == bhttp::error::header_limit) {
    return refusedReply(431, "bad request", ErrorCode::ResourceExhausted, "HEADERS_TOO_LARGE");
  }
  const bool wentAway =
      error == bhttp::error::end_of_stream || error == bhttp::error::partial_message ||
      error.category() != bhttp::make_error_code(bhttp::error::bad_method).category();
  return wentAway
             ? plainReply(400, "bad request")
             : refusedReply(400, "bad request", ErrorCode::InvalidArgument, "REQUEST_MALFORMED");
}

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

HttpSession::HttpSession(asio::ip::tcp::socket socket, std::string peer, FrontParts& parts)
    : stream_(std::move(socket), parts.tls),
      peer_(std::move(peer)),
      parts_(parts),
      watchEnded_(stream_.get_executor(), asio::steady_timer::time_point::max()) {}

asio::awaitable<void> HttpSession::run() {
  try {
    socket().expires_after(kHandshakeTimeout);
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    bool more = true;
    while (more && !stopping_) {
      more = co_await serveRequest();
    }
    socket().expires_after(kGoodbyeTimeout);
    co_await stream_.async_shutdown(asio::use_awaitable);
  } catch (const std::exception&) {
    // The peer went away, was too slow or speaks no TLS. The socket closes with the session.
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

asio::awaitable<void> HttpSession::awaitRequest() {
  idle_ = true;
  socket().expires_after(parts_.limits.idleTimeout);
  const auto space = buffer_.prepare(kReadBytes);
  const std::size_t readBytes = co_await stream_.async_read_some(space, asio::use_awaitable);
  buffer_.commit(readBytes);
  idle_ = false;
}

asio::awaitable<bool> HttpSession::serveRequest() {
  if (buffer_.size() == 0) {
    co_await awaitRequest();
  }
  Parser parser;
  parser.header_limit(kHeaderMaxBytes);
  parser.body_limit(boost::none);  // readBody knows it
  socket().expires_after(parts_.limits.headerTimeout);
  error_code error;
  co_await bhttp::async_read_header(stream_, buffer_, parser,
                                    asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    // Not a request, or a peer that went away: then this write fails too.
    HttpReply reply = badRequestReply(error);
    co_await write(std::move(reply), false, false);
    co_return false;
  }
  Route route = routeRequest(headOf(parser.get()));
  const auto* call = std::get_if<CallRoute>(&route);
  const bool complete = co_await readBody(parser, call);
  if (!complete) {
    co_return false;
  }
  const bool keepAlive = parser.get().keep_alive();
  bool more = false;
  if (call != nullptr) {
    more = co_await serveCall(*call, parser.get().body(), keepAlive);
    co_return more;
  }
  HttpReply reply;
  bool headOnly = false;
  if (const auto* file = std::get_if<FileRoute>(&route)) {
    headOnly = file->head;
    reply = fileReply(*file, parser.get()[bhttp::field::if_none_match]);
  } else if (std::holds_alternative<HealthRoute>(route)) {
    reply = healthReply();
  } else {
    reply = std::move(std::get<HttpReply>(route));
  }
  more = co_await write(std::move(reply), keepAlive, headOnly);
  co_return more;
}

asio::awaitable<bool> HttpSession::readBody(Parser& parser, const CallRoute* call) {
  const std::uint64_t maxBytes = call != nullptr ? call->bodyMaxBytes : kBodyMaxBytes;
  const auto length = parser.content_length();
  if (length && *length > maxBytes) {
    co_await refuseBody(call);
    co_return false;
  }
  parser.body_limit(maxBytes);
  const bool upload = maxBytes > kBodyMaxBytes;
  const std::chrono::seconds timeout(upload ? kUploadTimeout : kBodyTimeout);
  socket().expires_after(timeout);
  error_code error;
  if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
    bhttp::response<bhttp::empty_body> proceed(bhttp::status::continue_, 11);
    co_await bhttp::async_write(stream_, proceed, asio::use_awaitable);
  }
  if (!parser.is_done()) {
    co_await bhttp::async_read(stream_, buffer_, parser,
                               asio::redirect_error(asio::use_awaitable, error));
  }
  if (error == bhttp::error::body_limit) {
    co_await refuseBody(call);
  }
  co_return !error;
}

// Says no and then takes what the peer still sends: closing on unread bytes would lose the reply.
asio::awaitable<void> HttpSession::refuseBody(const CallRoute* call) {
  HttpReply reply = call != nullptr ? bodyTooLargeReply(*call, parts_.transcoder)
                                    : refusedReply(413, "the body is too large",
                                                   ErrorCode::ResourceExhausted, "BODY_TOO_LARGE");
  co_await write(std::move(reply), false, false);
  socket().expires_after(kGoodbyeTimeout);
  std::array<char, kReadBytes> dropped{};
  const auto space = asio::buffer(dropped);
  error_code error;
  while (!error) {
    co_await stream_.async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
  }
}

HttpReply HttpSession::fileReply(const FileRoute& route, std::string_view ifNoneMatch) const {
  const auto logFile = getLogFile(route.path, parts_.logs);
  return logFile ? *logFile : parts_.files.get(route.path, ifNoneMatch);
}

HttpReply HttpSession::healthReply() {
  return parts_.services.stub().ok() ? plainReply(200, "ok")
                                     : plainReply(503, "services unreachable");
}

asio::awaitable<bool> HttpSession::serveCall(const CallRoute& route, const std::string& body,
                                             bool keepAlive) {
  const auto message = decodeRequest(route, body, parts_.transcoder);
  const auto stub = parts_.services.stub();
  std::optional<Error> failure;
  if (!message.ok()) {
    failure = message.error();
  } else if (!stub.ok()) {
    failure = stub.error();
  }
  const bool streamed =
      route.encoding.protocol != Protocol::ConnectUnary && route.method->server_streaming();
  if (!failure && streamed && parts_.streams.fetch_add(1) >= parts_.limits.streamsMax) {
    parts_.streams.fetch_sub(1);
    failure = Error{ErrorCode::ResourceExhausted, "TOO_MANY_STREAMS", "too many streams are open"};
  }
  if (failure) {
    HttpReply reply = refusedCallReply(route, *failure, parts_.transcoder);
    const bool more = co_await write(std::move(reply), keepAlive, false);
    co_return more;
  }
  call_ = GrpcCall::start(**stub, callRequest(route, message.value(), peer_), parts_.calls);
  if (!streamed) {
    const bool more = co_await serveUnary(route, keepAlive);
    co_return more;
  }
  co_await serveStream(route);
  parts_.streams.fetch_sub(1);
  co_return false;
}

asio::awaitable<bool> HttpSession::serveUnary(const CallRoute& route, bool keepAlive) {
  const std::optional<std::string> message = co_await nextMessage(*call_);
  const CallEnd end = co_await endOf(*call_);
  HttpReply reply = callReply(route, message, end, parts_.transcoder);
  for (std::string& cookie : call_->initialMetadata("set-cookie")) {
    reply.headers.emplace_back("Set-Cookie", std::move(cookie));
  }
  call_.reset();
  const bool more = co_await write(std::move(reply), keepAlive, false);
  co_return more;
}

// Nothing here may throw before the call has ended: errors are codes.
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
    const auto piece = streamedMessage(route, *message, parts_.transcoder);
    if (piece.ok()) {
      reachable = co_await writeChunk(piece.value());
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
    reachable = co_await writeChunk(last);
  }
  if (reachable) {
    error_code ignored;
    const auto lastChunk = bhttp::make_chunk_last();
    co_await asio::async_write(stream_, lastChunk,
                               asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_await stopWatching();
  call_.reset();
}

asio::awaitable<bool> HttpSession::writeStreamHead(const CallRoute& route) {
  bhttp::response<bhttp::empty_body> head(bhttp::status::ok, 11);
  setCommonHeaders(head, route.encoding.contentType, "no-store");
  head.chunked(true);
  head.keep_alive(false);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  socket().expires_after(kWriteTimeout);
  error_code error;
  co_await bhttp::async_write_header(stream_, serializer,
                                     asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

asio::awaitable<bool> HttpSession::writeChunk(const std::string& bytes) {
  const auto chunk = bhttp::make_chunk(asio::buffer(bytes));
  socket().expires_after(kWriteTimeout);
  error_code error;
  co_await asio::async_write(stream_, chunk, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// A browser sends nothing while a reply streams: whatever comes, its end or bytes, ends the call.
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

// The goodbye reads too, and a TLS stream takes one read at a time.
asio::awaitable<void> HttpSession::stopWatching() {
  if (watching_) {
    socket().cancel();
  }
  error_code ignored;
  while (watching_) {
    co_await watchEnded_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<bool> HttpSession::write(HttpReply reply, bool keepAlive, bool headOnly) {
  if (reply.refusal && parts_.tellRefusal) {
    parts_.tellRefusal(*reply.refusal);
  }
  bhttp::response<bhttp::string_body> response(static_cast<bhttp::status>(reply.status), 11);
  setCommonHeaders(response, reply.contentType, reply.cacheControl);
  for (const auto& [name, value] : reply.headers) {
    response.insert(name, value);
  }
  keepAlive = keepAlive && !stopping_;
  response.keep_alive(keepAlive);
  if (reply.status != 304) {
    response.content_length(reply.body.size());
  }
  socket().expires_after(kWriteTimeout);
  if (headOnly) {
    bhttp::response<bhttp::empty_body> head(std::move(response.base()));
    co_await bhttp::async_write(stream_, head, asio::use_awaitable);
  } else {
    response.body() = std::move(reply.body);
    co_await bhttp::async_write(stream_, response, asio::use_awaitable);
  }
  co_return keepAlive;
}

}  // namespace doorstep::http
