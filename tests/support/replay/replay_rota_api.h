// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <string>

#include "shared/core/result.h"
#include "tests/support/https_client.h"

namespace doorstep::replay {

// A script's client of the server's public API: the Connect protocol over the HTTPS front, with a
// session cookie. Reconnects after a lost connection. Thread: one.
class Api {
 public:
  // caPem: the server's authority.
  Api(std::uint16_t port, std::string caPem) : port_(port), caPem_(std::move(caPem)) {}

  Status signIn(const std::string& login, const std::string& password);
  // Calls a unary method, "package.Service/Method". Errors: the service's code, doorstep-reason and
  // text.
  Status call(const std::string& method, const google::protobuf::Message& request,
              google::protobuf::Message& response);
  // A file of the log. Error NOT_FOUND.
  Result<std::string> get(const std::string& path);

 private:
  Result<support::HttpResponse> send(const char* method, const std::string& path,
                                     const std::string& headers, const std::string& body);

  const std::uint16_t port_;
  const std::string caPem_;
  std::string cookie_;
  std::unique_ptr<support::HttpsClient> connection_;
};

}  // namespace doorstep::replay
