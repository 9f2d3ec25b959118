// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/https_client.h"

namespace doorstep::support {

// A call of the contract over HTTPS, as a browser or curl sends it.
inline HttpResponse post(HttpsClient& client, const char* method, const char* contentType,
                         const std::string& body) {
  const std::string header = std::string("Content-Type: ") + contentType + "\r\n";
  return client.request("POST", method, header, body).value();
}

}  // namespace doorstep::support
