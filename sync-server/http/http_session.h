// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "shared/core/mutex.h"
#include "sync-server/http/address_budget.h"
#include "sync-server/http/call_codec.h"
#include "sync-server/http/front_stream.h"
#include "sync-server/http/front_worker.h"
#include "sync-server/http/grpc_call.h"
#include "sync-server/http/http_front.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/log_files.h"
#include "sync-server/http/open_calls.h"
#include "sync-server/http/request_reader.h"
#include "sync-server/http/service_channel.h"
#include "sync-server/http/site_rules.h"
#include "sync-server/http/static_files.h"

namespace doorstep::http {

// The certificate for new connections. Thread: any.
class TlsInUse {
 public:
  // shared_ptr: a connection keeps the certificate that it started with.
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  void use(Context context) {
    const MutexLock lock(mutex_);
    context_ = std::move(context);
  }
  Context now() const {
    const MutexLock lock(mutex_);
    return context_;
  }

 private:
  mutable Mutex mutex_;
  Context context_ DOORSTEP_GUARDED_BY(mutex_);
};

// What all connections share. Thread: any; each part has its own rules.
struct FrontParts {
  FrontParts(grpc::Server& server, const LogReader& reader, StaticFiles dashboard,
             const HttpFrontConfig& config)
      : limits(config.limits),
        tellRefusal(config.tellRefusal),
        knowsSession(config.knowsSession),
        sites(config.sites),
        services(server),
        logs(reader),
        files(std::move(dashboard)) {}

  // Reports an exception of a handler like a refusal; only that connection ends.
  void tellFailure(const char* reason) const noexcept;

  const FrontLimits limits;
  const TellRefusal tellRefusal;    // may be empty
  const KnowsSession knowsSession;  // may be empty: no session is valid
  SiteRules sites;                  // its port is set before listening
  TlsInUse tls;
  ServiceChannel services;
  const LogReader& logs;
  const StaticFiles files;
  const JsonTranscoder transcoder;
  AddressBudget connections{limits.connectionsMax, limits.connectionsPerAddressMax};
  AddressBudget streams{limits.streamsMax, limits.streamsPerAddressMax};
  AddressBudget unknownBytes{limits.unknownBytesMax, limits.unknownBytesPerAddressMax};
  AddressBudget knownBytes{limits.knownBytesMax, limits.knownBytesPerAddressMax};
  OpenCalls calls;
  FrontWorker sessionChecks{kSessionChecksMax};
  FrontWorker logReads{kLogReadsMax};  // separate: a flood of tile requests delays only tiles
  AddressBudget logReadsHeld{kLogReadsMax, kLogReadsPerAddressMax};
};

// One connection: requests one after another, then TLS shutdown. A streamed reply is the last one.
// An exception in a handler ends only this connection.
//
// g++ 12 destroys twice what a ?:, a braced aggregate or an initializer list creates in an
// expression with co_await: assign to a variable first, then co_await with variables only.
//
// Thread: everything on the strand that the socket was accepted on.
class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, FrontParts& parts);

  boost::asio::awaitable<void> run();
  // Accepts no further request; a stream is cancelled, a unary call may finish.
  void requestStop();
  // Closes the connection at once.
  void cut();

  const std::string& share() const { return share_; }
  // Whether a call of this connection had a valid session. Thread: any.
  bool isKnown() const { return known_; }
  // Gives up its place for a new connection. True once; the connection is then closed and no longer
  // counted. Thread: any.
  bool surrender() { return !surrendered_.exchange(true); }
  bool hasSurrendered() const { return surrendered_; }

  auto executor() { return stream_.get_executor(); }

 private:
  template <typename T>
  using Awaitable = boost::asio::awaitable<T>;

  boost::beast::tcp_stream& socket() { return boost::beast::get_lowest_layer(stream_); }
  Awaitable<void> serve();
  // False: the connection ends.
  Awaitable<bool> serveRequest();
  Awaitable<bool> serveRoute(Route& route, bool keepAlive, std::string_view ifNoneMatch);
  Awaitable<bool> refuseHead(const Error& error);
  // Error: the body was refused or did not arrive.
  Awaitable<Status> readBody(const ParsedHead& head, const CallRoute* call);
  Awaitable<Status> askForBody();
  Awaitable<Result<bool>> knowsSession(const std::string& token);
  Awaitable<bool> serveCall(const CallRoute& route, bool keepAlive);
  Awaitable<bool> serveUnary(const CallRoute& route, bool keepAlive);
  Awaitable<void> serveStream(const CallRoute& route);
  Awaitable<bool> writeStreamHead(const CallRoute& route);
  Awaitable<bool> writePiece(const std::string& bytes);
  Awaitable<void> writeLastPiece();
  Awaitable<void> watchPeer(std::shared_ptr<HttpSession> self);
  Awaitable<void> stopWatching();
  Awaitable<bool> write(HttpReply reply, bool keepAlive, bool headOnly);
  Awaitable<void> sayGoodbye();
  Awaitable<HttpReply> fileReply(const FileRoute& route, std::string_view ifNoneMatch);
  HttpReply healthReply();

  const TlsInUse::Context tls_;
  FrontStream stream_;
  FrontParts& parts_;
  std::string peer_;          // the browser's address
  std::string share_;         // key in the budgets
  std::string localAddress_;  // local address of the connection
  RequestReader reader_;
  std::shared_ptr<GrpcCall> call_;  // in flight; gRPC also holds it until it is done
  std::atomic<bool> known_{false};
  std::atomic<bool> surrendered_{false};
  bool http11_ = true;  // of the current request
  bool stopping_ = false;
  bool idle_ = false;  // between two requests
  bool streaming_ = false;
  bool responding_ = false;  // part of the reply may have been sent
  bool watching_ = false;    // watchPeer has its read outstanding
  boost::asio::steady_timer watchEnded_;
};

}  // namespace doorstep::http
