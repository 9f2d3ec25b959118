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

// Whether a session token is valid now. May block; called on a separate thread of the front.
using KnowsSession = std::function<Result<bool>(const std::string& token)>;

struct HttpFrontConfig {
  std::string listenAddress = "127.0.0.1";  // IPv4 or IPv6; "::" listens on both families
  std::uint16_t port = 0;                   // 0: any free one
  std::string certificateChainPem;
  std::string privateKeyPem;
  std::filesystem::path dashboardFolder;  // empty: no pages
  int threads = 2;
  FrontLimits limits;
  SiteRules sites;  // the front sets its port
  KnowsSession knowsSession;
  TellRefusal tellRefusal;  // called on any of the front's threads; must not block
};

// The only entry point for browsers and scripts: HTTPS/1.1 on one port.
//   POST /package.Service/Method   any method of the server's services, by the Connect protocol or
//                                  gRPC-Web, JSON or binary; server streaming only
//   GET /log/<provider id>/…       the transparency log's files
//   GET /healthz                   200 when the services can be reached
//   GET …                          the dashboard's files
//
// Forwards calls without interpreting them. Of a request it forwards message, deadline, session
// cookie (metadata x-doorstep-session) and the peer's address (x-doorstep-peer); of an answer
// message, status, trailing doorstep-reason and initial set-cookie. No other header passes, so a
// browser cannot claim an identity. Methods for devices are not available.
//
// A request is refused before its body is read when it needs a valid session for its size (more
// than kUnknownBodyMaxBytes) and has none, when its host is not ours, and when its framing is
// ambiguous (request_parser.h).
//
// Errors: a Connect error; its doorstep-reason is trailing metadata, in a unary reply the header
// trailer-doorstep-reason.
//
// Thread: any; has its own threads. Server and reader outlive it. Stop it before the server, whose
// shutdown would otherwise wait for streams.
class HttpFront {
 public:
  // Errors: LISTEN_FAILED, CERTIFICATE_INVALID, STATIC_FOLDER_UNREADABLE, STATIC_FOLDER_TOO_LARGE.
  static Result<std::unique_ptr<HttpFront>> start(const HttpFrontConfig& config,
                                                  grpc::Server& services, const LogReader& logs);
  ~HttpFront();

  std::uint16_t port() const;
  // New connections use this certificate; existing ones continue. Error CERTIFICATE_INVALID, and
  // the previous one stays in use.
  Status useCertificate(const std::string& chainPem, const std::string& privateKeyPem);
  // Stops listening, cancels streams, lets unary calls end within kStopGrace, then closes
  // connections. Returns when no thread of the front is running. Idempotent.
  void stop();

 private:
  class Impl;
  explicit HttpFront(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::http
