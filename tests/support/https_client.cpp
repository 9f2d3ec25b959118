// SPDX-License-Identifier: Apache-2.0
#include "tests/support/https_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <csignal>

namespace doorstep::support {
namespace {

constexpr timeval kWaitMax{30, 0};

Error closed() {
  return Error{ErrorCode::Unavailable, "CONNECTION_CLOSED", "the connection ended"};
}

Error malformed(std::string_view what) {
  return Error{ErrorCode::Internal, "RESPONSE_MALFORMED", "bad " + std::string(what)};
}

std::string lowerCase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Status trust(SSL_CTX* context, const std::string& caPem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(caPem.data(), static_cast<int>(caPem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> ca(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!ca || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1) {
    return Error{ErrorCode::InvalidArgument, "TLS_FAILED", "the authority is no certificate"};
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return kDone;
}

Status identify(SSL_CTX* context, const HttpsClient::Options& options) {
  const auto bioOf = [](const std::string& pem) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  };
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bioOf(options.certificatePem).get(), nullptr, nullptr, nullptr),
      &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(bioOf(options.keyPem).get(), nullptr, nullptr, nullptr),
      &EVP_PKEY_free);
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return Error{ErrorCode::InvalidArgument, "TLS_FAILED", "no certificate and key of a client"};
  return kDone;
}

Result<int> openSocket(const std::string& address, std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kWaitMax, sizeof(kWaitMax));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kWaitMax, sizeof(kWaitMax));
  if (inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1 ||
      connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    close(fd);
    return Error{ErrorCode::Unavailable, "CONNECT_FAILED", "no connection"};
  }
  return fd;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

Result<std::unique_ptr<HttpsClient>> HttpsClient::connect(const std::string& address,
                                                          std::uint16_t port,
                                                          const Options& options) {
  // Writing to a peer that closed is an error of send, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<HttpsClient> client(new HttpsClient);
  client->host_ = address + ":" + std::to_string(port);
  client->context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = client->context_.get();
  if (options.tlsMaxVersion != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, 0);
    SSL_CTX_set_max_proto_version(context, options.tlsMaxVersion);
  }
  if (!options.caPem.empty()) {
    DOORSTEP_TRY(trust(context, options.caPem));
  }
  if (!options.certificatePem.empty()) {
    DOORSTEP_TRY(identify(context, options));
  }
  DOORSTEP_ASSIGN(client->socket_, openSocket(address, port));
  client->ssl_.reset(SSL_new(context));
  SSL* ssl = client->ssl_.get();
  SSL_set_fd(ssl, client->socket_);
  if (!options.alpn.empty()) {
    const std::string wire = static_cast<char>(options.alpn.size()) + options.alpn;
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned>(wire.size()));
  }
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address.c_str());
  if (SSL_connect(ssl) != 1) {
    return Error{ErrorCode::Unavailable, "TLS_FAILED", "the TLS handshake failed"};
  }
  return client;
}

HttpsClient::~HttpsClient() {
  ssl_.reset();
  if (socket_ >= 0) {
    close(socket_);
  }
}

Status HttpsClient::send(std::string_view bytes) {
  std::size_t written = 0;
  if (!bytes.empty() && SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) != 1) {
    return closed();
  }
  return kDone;
}

Status HttpsClient::fill() {
  std::array<char, 16384> buffer{};
  std::size_t count = 0;
  if (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count) != 1) {
    return closed();
  }
  received_.append(buffer.data(), count);
  return kDone;
}

Result<std::string> HttpsClient::takeLine() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    DOORSTEP_TRY(fill());
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

Result<std::string> HttpsClient::takeBytes(std::size_t count) {
  while (received_.size() < count) {
    DOORSTEP_TRY(fill());
  }
  std::string bytes = received_.substr(0, count);
  received_.erase(0, count);
  return bytes;
}

Result<HttpResponse> HttpsClient::readHead() {
  HttpResponse response;
  DOORSTEP_ASSIGN(const std::string statusLine, takeLine());
  if (!statusLine.starts_with("HTTP/1.1 ") || statusLine.size() < 12) {
    return malformed("status line");
  }
  std::from_chars(statusLine.data() + 9, statusLine.data() + 12, response.status);
  for (;;) {
    DOORSTEP_ASSIGN(const std::string line, takeLine());
    if (line.empty()) {
      return response;
    }
    const auto colon = line.find(": ");
    if (colon == std::string::npos) {
      return malformed("header");
    }
    response.headers.emplace(lowerCase(line.substr(0, colon)), line.substr(colon + 2));
  }
}

Result<std::optional<std::string>> HttpsClient::readChunk() {
  DOORSTEP_ASSIGN(const std::string line, takeLine());
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc{} || end != line.data() + line.size()) {
    return malformed("chunk");
  }
  DOORSTEP_ASSIGN(std::string bytes, takeBytes(size));
  DOORSTEP_TRY(takeBytes(2));
  return size == 0 ? std::optional<std::string>() : std::optional<std::string>(std::move(bytes));
}

Status HttpsClient::readBody(HttpResponse& response) {
  const std::string length = response.header("content-length");
  if (!length.empty()) {
    DOORSTEP_ASSIGN(response.body, takeBytes(std::stoul(length)));
    return kDone;
  }
  if (response.header("transfer-encoding") != "chunked") {
    return kDone;
  }
  for (;;) {
    DOORSTEP_ASSIGN(const auto chunk, readChunk());
    if (!chunk) {
      return kDone;
    }
    response.body += *chunk;
  }
}

Result<HttpResponse> HttpsClient::request(std::string_view method, std::string_view target,
                                          std::string_view extraHeaders, std::string_view body) {
  std::string bytes = std::string(method) + " " + std::string(target) +
                      " HTTP/1.1\r\nHost: " + host_ + "\r\n" + std::string(extraHeaders);
  if (!body.empty() || method == "POST") {
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  bytes += "\r\n" + std::string(body);
  DOORSTEP_TRY(send(bytes));
  DOORSTEP_ASSIGN(HttpResponse response, readHead());
  if (method != "HEAD") {
    DOORSTEP_TRY(readBody(response));
  }
  return response;
}

Result<HttpResponse> HttpsClient::call(std::string_view method, std::string_view json,
                                       std::string_view extraHeaders) {
  return request("POST", method, "Content-Type: application/json\r\n" + std::string(extraHeaders),
                 json);
}

bool HttpsClient::closedByPeer() {
  char byte = 0;
  std::size_t count = 0;
  return received_.empty() && SSL_read_ex(ssl_.get(), &byte, 1, &count) != 1;
}

}  // namespace doorstep::support
