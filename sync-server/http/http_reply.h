// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::http {

// What the front itself refused, before a service saw it.
struct Refusal {
  std::string method;  // "OfficeService.ImportRota"; "HTTPS" before a method is known
  Error error;
};
using TellRefusal = std::function<void(const Refusal&)>;

// A whole reply, whoever made it; the session writes it. Headers that are the same for every reply
// (kSecurityHeaders) are not in it.
struct HttpReply {
  int status = 200;
  std::string contentType;  // empty: no body
  std::string cacheControl = "no-store";
  std::string body;
  std::string_view sharedBody;  // in place of body: of a file in memory that outlives every reply
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;              // no further request is taken on this connection
  std::optional<Refusal> refusal;  // not of the services: they tell what they refuse

  std::string_view content() const { return sharedBody.empty() ? body : sharedBody; }
};

inline HttpReply plainReply(int status, std::string_view text) {
  HttpReply reply;
  reply.status = status;
  reply.contentType = "text/plain; charset=utf-8";
  reply.body = std::string(text) + "\n";
  return reply;
}

inline HttpReply refusedReply(int status, std::string_view text, ErrorCode code,
                              std::string reason) {
  HttpReply reply = plainReply(status, text);
  reply.refusal = Refusal{"HTTPS", {code, std::move(reason), std::string(text)}};
  return reply;
}

// Sent with every reply. Scripts come from our own files only; styles may stand in the page because
// Observable Plot writes a <style> element into each of its charts.
constexpr std::pair<const char*, const char*> kSecurityHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
     "data:; "
     "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action "
     "'self'; "
     "frame-ancestors 'none'"},
    {"Strict-Transport-Security", "max-age=31536000"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

}  // namespace doorstep::http
