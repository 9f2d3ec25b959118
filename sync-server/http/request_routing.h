// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sync-server/http/connect_protocol.h"
#include "sync-server/http/http_reply.h"
#include "sync-server/http/request_parser.h"
#include "sync-server/http/site_rules.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace doorstep::http {

// Decides from a request's head alone how to route it and whether to refuse it, before its body is
// read. Pure functions over the generated descriptors: no method is named here. Thread: any.

// Input of the decision; views into the request.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  std::string_view host;       // with port
  std::string_view origin;     // of the calling page; empty: no page, or a navigation
  std::string_view fetchSite;  // Sec-Fetch-Site
  std::string_view contentType;
  std::string_view contentEncoding;  // or Connect-Content-Encoding, Grpc-Encoding
  std::string_view connectTimeout;
  std::string_view grpcTimeout;
  std::string_view localAddress;  // local address of the connection
  std::string sessionToken;       // empty: not signed in
};
RequestHead requestHead(const ParsedHead& head, std::string_view localAddress);

struct CallRoute {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string path;  // "/package.Service/Method"
  std::string name;  // "Service.Method", for the server's log
  Encoding encoding;
  std::optional<std::chrono::milliseconds> timeout;
  std::uint64_t bodyMaxBytes = 0;
  std::string sessionToken;  // empty: not signed in
};
struct FileRoute {
  std::string path;  // without the query
  bool head = false;
};
struct HealthRoute {};

// HttpReply: a refusal.
using Route = std::variant<CallRoute, FileRoute, HealthRoute, HttpReply>;
Route routeRequest(const RequestHead& head, const SiteRules& sites);

// The cookie that AccountService sets. __Host- makes browsers bind it to this host over TLS.
constexpr std::string_view kSessionCookie = "__Host-doorstep-session";
// The session token of a Cookie header; empty when there is none or it has characters other than
// base64url, base64 or hexadecimal: gRPC metadata accepts no control bytes.
std::string sessionToken(std::string_view cookieHeader);

// Whether a page of another site caused the request. Decided by the browser's Sec-Fetch-Site, which
// no page can set, whatever a proxy did to Host; for an older browser Origin is compared with our
// own. A request without both fields is from a script or a command line, which has no browser's
// cookie.
bool isCrossSite(const RequestHead& head, const SiteRules& sites);

}  // namespace doorstep::http
