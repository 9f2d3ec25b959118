// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::support {

struct HttpResponse {
  int status = 0;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The first value; empty if there is none.
  std::string header(const std::string& name) const;
};

// A minimal blocking HTTPS/1.1 client with one connection, which can also send invalid requests.
// Every wait ends after 30 s. Thread: one.
class HttpsClient {
 public:
  struct Options {
    std::string caPem;              // empty: any certificate is accepted
    std::string alpn = "http/1.1";  // empty: no ALPN
    std::string certificatePem;     // the client's own; empty: none
    std::string keyPem;
    int tlsMaxVersion = 0;  // an OpenSSL version constant; 0: the newest
  };
  // Errors: CONNECT_FAILED, TLS_FAILED.
  static Result<std::unique_ptr<HttpsClient>> connect(const std::string& address,
                                                      std::uint16_t port, const Options& options);
  ~HttpsClient();

  // Errors of all following functions: CONNECTION_CLOSED, RESPONSE_MALFORMED.
  Status send(std::string_view bytes);
  // Status line and headers.
  Result<HttpResponse> readHead();
  // The rest of a response: by length, in chunks, or up to the close.
  Status readBody(HttpResponse& response);
  // One chunk of a chunked response; nullopt at its end.
  Result<std::optional<std::string>> readChunk();

  // Sends a request with Content-Length and reads the response. extraHeaders: lines that end with
  // \r\n.
  Result<HttpResponse> request(std::string_view method, std::string_view target,
                               std::string_view extraHeaders, std::string_view body);
  // A unary call with JSON.
  Result<HttpResponse> call(std::string_view method, std::string_view json,
                            std::string_view extraHeaders = {});
  // Whether the peer closes without sending another byte.
  bool closedByPeer();

 private:
  HttpsClient() = default;
  Status fill();
  Result<std::string> takeLine();
  Result<std::string> takeBytes(std::size_t count);

  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string host_;
  std::string received_;
};

}  // namespace doorstep::support
