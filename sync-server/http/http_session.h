// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <string>

#include "sync-server/http/call_codec.h"
#include "sync-server/http/connection_counter.h"
#include "sync-server/http/grpc_call.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/log_files.h"
#include "sync-server/http/open_calls.h"
#include "sync-server/http/service_channel.h"
#include "sync-server/http/static_files.h"

namespace doorstep::http {

// What all connections share. Thread: any; each part says so of itself.
struct FrontParts {
  FrontParts(grpc::Server& server, const LogReader& reader, StaticFiles dashboard,
             const FrontLimits& bounds, TellRefusal refusals)
      : limits(bounds),
        tellRefusal(std::move(refusals)),
        services(server),
        logs(reader),
        files(std::move(dashboard)) {}

  const FrontLimits limits;
  const TellRefusal tellRefusal;  // may be empty
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_server};
  ServiceChannel services;
  const LogReader& logs;
  const StaticFiles files;
  const JsonTranscoder transcoder;
  ConnectionCounter connections{limits.connectionsMax, limits.connectionsPerAddressMax};
  std::atomic<std::size_t> streams{0};
  OpenCalls calls;
};

// One connection: requests one after another, then the goodbye. A streamed reply is the last one.
// Only http_front.cpp and http_session.cpp include this: Beast's headers take a minute to compile.
//
// g++ 12 destroys twice what a ?:, a braced aggregate or an initializer list makes inside an
// expression with co_await: compute into a name first, then co_await with names only.
//
// Thread: everything on the strand that the socket was accepted for.
class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, std::string peer, FrontParts& parts);

  boost::asio::awaitable<void> run();
  // No further request; a stream is cancelled, a unary call may end.
  void requestStop();
  // Ends at once whatever is going on.
  void cut();

  const std::string& peer() const { return peer_; }
  auto executor() { return stream_.get_executor(); }

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  boost::beast::tcp_stream& socket() { return boost::beast::get_lowest_layer(stream_); }
  // False: the connection ends.
  boost::asio::awaitable<bool> serveRequest();
  boost::asio::awaitable<void> awaitRequest();
  boost::asio::awaitable<bool> readBody(Parser& parser, const CallRoute* call);
  boost::asio::awaitable<bool> serveCall(const CallRoute& route, const std::string& body,
                                         bool keepAlive);
  boost::asio::awaitable<bool> serveUnary(const CallRoute& route, bool keepAlive);
  boost::asio::awaitable<void> serveStream(const CallRoute& route);
  boost::asio::awaitable<bool> writeStreamHead(const CallRoute& route);
  boost::asio::awaitable<bool> writeChunk(const std::string& bytes);
  boost::asio::awaitable<void> watchPeer(std::shared_ptr<HttpSession> self);
  boost::asio::awaitable<void> stopWatching();
  boost::asio::awaitable<bool> write(HttpReply reply, bool keepAlive, bool headOnly);
  boost::asio::awaitable<void> refuseBody(const CallRoute* call);
  HttpReply fileReply(const FileRoute& route, std::string_view ifNoneMatch) const;
  HttpReply healthReply();

  boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
  const std::string peer_;
  FrontParts& parts_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<GrpcCall> call_;  // in flight; gRPC holds it too until it is done
  bool stopping_ = false;
  bool idle_ = false;  // between two requests
  bool streaming_ = false;
  bool watching_ = false;  // watchPeer has its read outstanding
  boost::asio::steady_timer watchEnded_;
};

}  // namespace doorstep::http
