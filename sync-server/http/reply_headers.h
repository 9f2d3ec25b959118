// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/http/field.hpp>
#include <string_view>

#include "sync-server/http/http_reply.h"

namespace doorstep::http {

template <typename Response>
void setReplyHeaders(Response& response, std::string_view contentType,
                     std::string_view cacheControl) {
  for (const auto& [name, value] : kSecurityHeaders) {
    response.set(name, value);
  }
  response.set(boost::beast::http::field::cache_control, cacheControl);
  if (!contentType.empty()) {
    response.set(boost::beast::http::field::content_type, contentType);
  }
}

}  // namespace doorstep::http
