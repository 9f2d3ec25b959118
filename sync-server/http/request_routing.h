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

// Decides from a request's head alone what it is and whether it may go on, before its body is read.
// Pure functions over the generated descriptors: no method is named here. Thread: any.

// What the decision needs; views into the request.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  std::string_view host;       // with its port
  std::string_view origin;     // of the page that asks; empty: no page, or a navigation
  std::string_view fetchSite;  // Sec-Fetch-Site
  std::string_view contentType;
  std::string_view contentEncoding;  // or Connect-Content-Encoding, Grpc-Encoding
  std::string_view connectTimeout;
  std::string_view grpcTimeout;
  std::string_view localAddress;  // where the connection arrived
  std::string sessionToken;       // empty: nobody is signed in
};
RequestHead requestHead(const ParsedHead& head, std::string_view localAddress);

struct CallRoute {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string path;  // "/package.Service/Method"
  std::string name;  // "Service.Method", for the server's log
  Encoding encoding;
  std::optional<std::chrono::milliseconds> timeout;
  std::uint64_t bodyMaxBytes = 0;
  std::string sessionToken;  // empty: nobody is signed in
};
struct FileRoute {
  std::string path;  // without the query
  bool head = false;
};
struct HealthRoute {};

// An HttpReply is a refusal.
using Route = std::variant<CallRoute, FileRoute, HealthRoute, HttpReply>;
Route routeRequest(const RequestHead& head, const SiteRules& sites);

// The cookie that AccountService sets. __Host- makes browsers bind it to this host over TLS.
constexpr std::string_view kSessionCookie = "__Host-doorstep-session";
// The session token of a Cookie header; empty when there is none or it holds other than base64url,
// base64 or hexadecimal: gRPC metadata takes no control bytes.
std::string sessionToken(std::string_view cookieHeader);

// True for what a page of another site made a browser send. What the browser says of the two sites
// (Sec-Fetch-Site, which no page can set) decides, whatever a proxy made of Host; an older
// browser's Origin is compared with our own. A request without both fields comes from a script or a
// command line, which holds no browser's cookie.
bool isCrossSite(const RequestHead& head, const SiteRules& sites);

}  // namespace doorstep::http
