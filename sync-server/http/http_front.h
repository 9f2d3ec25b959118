// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "shared/core/result.h"
#include "sync-server/http/http_reply.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/log_files.h"
#include "sync-server/http/site_rules.h"

namespace grpc {
class Server;
}

namespace doorstep::http {

// Whether a session token is good now. May block; called on a thread of the front's own.
using KnowsSession = std::function<Result<bool>(const std::string& token)>;

struct HttpFrontConfig {
  std::string listenAddress = "127.0.0.1";  // IPv4 or IPv6; "::" listens on both
  std::uint16_t port = 0;                   // 0: any free one
  std::string certificateChainPem;
  std::string privateKeyPem;
  std::filesystem::path dashboardFolder;  // empty: no pages
  int threads = 2;
  FrontLimits limits;
  SiteRules sites;  // its port is set by the front
  KnowsSession knowsSession;
  TellRefusal tellRefusal;  // on any of the front's threads, which it must not hold up
};

// The one door for browsers and scripts: HTTPS/1.1 on one port.
//   POST /package.Service/Method   any method of the server's services, by the Connect protocol or
//                                  gRPC-Web, JSON or binary; streams down, never up
//   GET /log/<provider id>/…       the transparency log's files
//   GET /healthz                   200 when the services can be reached
//   GET …                          the dashboard's files
//
// It passes calls on and decides nothing about them. Of a request it passes on the message, the
// deadline, the session cookie (metadata x-doorstep-session) and the peer's address
// (x-doorstep-peer); of an answer the message, the status, the trailing doorstep-reason and the
// initial set-cookie. No other header crosses, so no browser can name who it is. Methods that only
// devices call are not here.
//
// A request is refused before its body when its session must be known for it (more than
// kUnknownBodyMaxBytes) and is not, when it names a host that is not ours, and when two programs
// could read it in two ways (request_parser.h).
//
// Errors: a Connect error; its doorstep-reason stands in the trailing metadata, which is the header
// trailer-doorstep-reason of a unary reply.
//
// Thread: any; it runs threads of its own. The server and the reader outlive it; stop it before the
// server shuts down, or streams keep the server waiting.
class HttpFront {
 public:
  // Errors: LISTEN_FAILED, CERTIFICATE_INVALID, STATIC_FOLDER_UNREADABLE, STATIC_FOLDER_TOO_LARGE.
  static Result<std::unique_ptr<HttpFront>> start(const HttpFrontConfig& config,
                                                  grpc::Server& services, const LogReader& logs);
  ~HttpFront();

  std::uint16_t port() const;
  // Connections from now on see this one; those that stand go on. Error CERTIFICATE_INVALID, and
  // the one before goes on.
  Status useCertificate(const std::string& chainPem, const std::string& privateKeyPem);
  // Closes the door, cancels streams, lets unary calls end within kStopGrace, then cuts. Returns
  // when no thread of the front runs any more. Again: nothing.
  void stop();

 private:
  class Impl;
  explicit HttpFront(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::http
