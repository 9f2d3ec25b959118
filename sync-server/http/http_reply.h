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

// A refusal by the front itself, before a service was called.
struct Refusal {
  std::string method;  // "OfficeService.ImportRota"; "HTTPS" before a method is known
  Error error;
};
using TellRefusal = std::function<void(const Refusal&)>;

// A complete reply for the session to write, without the headers common to all replies
// (kSecurityHeaders).
struct HttpReply {
  int status = 200;
  std::string contentType;  // empty: no body
  std::string cacheControl = "no-store";
  std::string body;
  std::string_view sharedBody;  // instead of body: a file in memory that outlives all replies
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;              // the connection is closed after this reply
  std::optional<Refusal> refusal;  // by the front; services report their own refusals

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

// Sent with every reply. Scripts come from our own files only; inline styles are allowed because
// Observable Plot writes a <style> element into each chart.
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
