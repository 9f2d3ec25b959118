// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/request_routing.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "sync-server/http/limits.h"

namespace doorstep::http {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

// Services for devices, which are identified by certificate: a browser has none.
constexpr std::array<std::string_view, 2> kDeviceServices{"doorstep.sync.v1.SyncService",
                                                          "doorstep.enrolment.v1.EnrolmentService"};
// Methods whose request contains whole files.
constexpr std::array<std::string_view, 1> kUploadMethods{
    "doorstep.admin.v1.OfficeService.ImportRota"};

constexpr std::size_t kSessionTokenMaxBytes = 256;

// "/package.Service/Method" of the generated pool. A call's path has exactly two parts, the first
// with a dot; anything else is a file.
bool looksLikeCall(std::string_view path) {
  const auto second = path.find('/', 1);
  return second != std::string_view::npos && path.find('/', second + 1) == std::string_view::npos &&
         path.substr(0, second).find('.') != std::string_view::npos;
}

const MethodDescriptor* findMethod(std::string_view path) {
  std::string name(path.substr(1));
  std::replace(name.begin(), name.end(), '/', '.');
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

HttpReply refusal(ErrorCode code, std::string_view reason, std::string_view text, int status) {
  const CallEnd end{static_cast<int>(code), std::string(text), std::string(reason)};
  HttpReply reply;
  reply.status = status;
  reply.contentType = "application/json";
  reply.body = connectErrorJson(end);
  reply.headers.emplace_back("trailer-doorstep-reason", reason);
  reply.refusal = Refusal{"HTTPS", {code, std::string(reason), std::string(text)}};
  return reply;
}

bool fits(const MethodDescriptor& method, Protocol protocol) {
  switch (protocol) {
    case Protocol::ConnectUnary:
      return !method.server_streaming();
    case Protocol::ConnectStream:
      return method.server_streaming();
    case Protocol::GrpcWeb:
      return true;
  }
  return false;
}

Route routeCall(const RequestHead& head, std::string_view path, const SiteRules& sites) {
  if (head.method != "POST") {
    HttpReply reply =
        refusal(ErrorCode::Unimplemented, "METHOD_NOT_ALLOWED", "calls are POST", 405);
    reply.headers.emplace_back("Allow", "POST");
    return reply;
  }
  if (isCrossSite(head, sites)) {
    return refusal(ErrorCode::PermissionDenied, "CROSS_SITE",
                   "the page is of another site, or of a name that is not in public_origins", 403);
  }
  const MethodDescriptor* method = findMethod(path);
  const bool forDevices =
      method != nullptr && std::find(kDeviceServices.begin(), kDeviceServices.end(),
                                     method->service()->full_name()) != kDeviceServices.end();
  if (method == nullptr || forDevices) {
    return refusal(ErrorCode::Unimplemented, "METHOD_UNKNOWN", "no such method here", 404);
  }
  if (method->client_streaming()) {
    return refusal(ErrorCode::Unimplemented, "METHOD_STREAMS_UP", "this method needs gRPC", 501);
  }
  const auto encoding = encodingOf(head.contentType);
  if (!encoding || !fits(*method, encoding->protocol)) {
    return refusal(ErrorCode::InvalidArgument, "CONTENT_TYPE",
                   "content type does not fit the method", 415);
  }
  if (!head.contentEncoding.empty() && head.contentEncoding != "identity") {
    return refusal(ErrorCode::Unimplemented, "CONTENT_ENCODING",
                   "compressed requests are not taken", 415);
  }
  CallRoute route;
  route.method = method;
  route.path = std::string(path);
  route.name = method->service()->name() + "." + method->name();
  route.encoding = *encoding;
  const bool upload = std::find(kUploadMethods.begin(), kUploadMethods.end(),
                                method->full_name()) != kUploadMethods.end();
  route.bodyMaxBytes = upload ? kUploadMaxBytes : kBodyMaxBytes;
  route.sessionToken = head.sessionToken;
  const bool grpcWeb = encoding->protocol == Protocol::GrpcWeb;
  const std::string_view timeoutText = grpcWeb ? head.grpcTimeout : head.connectTimeout;
  route.timeout = grpcWeb ? parseGrpcTimeout(timeoutText) : parseConnectTimeout(timeoutText);
  if (!timeoutText.empty() && !route.timeout) {
    return refusal(ErrorCode::InvalidArgument, "TIMEOUT_FORMAT", "timeout is malformed", 400);
  }
  if (!route.timeout && !method->server_streaming()) {
    route.timeout = kUnaryDeadline;
  }
  return route;
}

bool isTokenByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
         c == '+' || c == '/' || c == '=';
}

}  // namespace

RequestHead requestHead(const ParsedHead& parsed, std::string_view localAddress) {
  RequestHead head;
  head.method = parsed.method;
  head.target = parsed.target;
  head.host = parsed.host;
  head.origin = parsed.field("Origin");
  head.fetchSite = parsed.field("Sec-Fetch-Site");
  head.contentType = parsed.field("Content-Type");
  for (const char* name : {"Content-Encoding", "Connect-Content-Encoding", "Grpc-Encoding"}) {
    if (head.contentEncoding.empty() || head.contentEncoding == "identity") {
      head.contentEncoding = parsed.field(name);
    }
  }
  head.connectTimeout = parsed.field("Connect-Timeout-Ms");
  head.grpcTimeout = parsed.field("Grpc-Timeout");
  head.localAddress = localAddress;
  // A proxy that uses HTTP/2 with the browser may pass each cookie in a separate field.
  for (const auto& [name, value] : parsed.fields) {
    if (head.sessionToken.empty() && sameName(name, "Cookie")) {
      head.sessionToken = sessionToken(value);
    }
  }
  return head;
}

Route routeRequest(const RequestHead& head, const SiteRules& sites) {
  if (!sites.knowsHost(head.host, head.localAddress)) {
    HttpReply reply = refusedReply(421,
                                   "This server is not known by that name. Its operator can add "
                                   "the name to also_known_as or public_origins in config.toml.",
                                   ErrorCode::InvalidArgument, "HOST_UNKNOWN");
    reply.close = true;
    return reply;
  }
  const std::string_view path = head.target.substr(0, head.target.find('?'));
  if (path.empty() || path.front() != '/') {
    return refusedReply(400, "bad target", ErrorCode::InvalidArgument, "REQUEST_MALFORMED");
  }
  if (looksLikeCall(path)) {
    return routeCall(head, path, sites);
  }
  if (head.method != "GET" && head.method != "HEAD") {
    HttpReply reply = plainReply(405, "method not allowed");
    reply.headers.emplace_back("Allow", "GET, HEAD");
    return reply;
  }
  if (path == "/healthz") {
    return HealthRoute{};
  }
  return FileRoute{std::string(path), head.method == "HEAD"};
}

std::string sessionToken(std::string_view cookieHeader) {
  while (!cookieHeader.empty()) {
    const auto end = cookieHeader.find(';');
    std::string_view pair = cookieHeader.substr(0, end);
    cookieHeader =
        end == std::string_view::npos ? std::string_view{} : cookieHeader.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') {
      pair.remove_prefix(1);
    }
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != kSessionCookie) {
      continue;
    }
    const std::string_view token = pair.substr(equals + 1);
    const bool usable = token.size() <= kSessionTokenMaxBytes &&
                        std::all_of(token.begin(), token.end(), isTokenByte);
    return usable ? std::string(token) : std::string();
  }
  return {};
}

bool isCrossSite(const RequestHead& head, const SiteRules& sites) {
  if (!head.fetchSite.empty()) {
    return head.fetchSite != "same-origin" && head.fetchSite != "none";
  }
  return !head.origin.empty() && !sites.isOwnOrigin(head.origin, head.host);
}

}  // namespace doorstep::http
