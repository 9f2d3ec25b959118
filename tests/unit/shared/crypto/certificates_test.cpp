// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <memory>

#include "shared/core/durations.h"

using namespace doorstep;
using namespace doorstep::crypto;

namespace {

constexpr std::int64_t kNowUnixMs = 1'795'338'000'000;

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

std::unique_ptr<X509, Free> parse(const Certificate& certificate) {
  const std::unique_ptr<BIO, Free> bio(
      BIO_new_mem_buf(certificate.pem.data(), static_cast<int>(certificate.pem.size())));
  return std::unique_ptr<X509, Free>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// What a TLS peer checks: chain, purpose, and validity at the moment.
bool isTrusted(const Certificate& certificate, const Certificate& authority, int purpose,
               std::int64_t nowUnixMs = kNowUnixMs) {
  const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  const auto root = parse(authority);
  const auto leaf = parse(certificate);
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<time_t>(nowUnixMs / 1000));
  return X509_verify_cert(context.get()) == 1;
}

struct Authority {
  P256PrivateKey key = P256PrivateKey::generate();
  Certificate certificate = makeAuthority(key, "Doorstep test authority", kNowUnixMs, 3650);

  Result<Certificate> device(std::string_view request) const {
    return issueDeviceCertificate(certificate, key, request, "device-7", kNowUnixMs, 30);
  }
  Result<Certificate> server(const std::vector<std::string>& hosts) const {
    return issueServerCertificate(certificate, key, P256PrivateKey::generate(), hosts, kNowUnixMs,
                                  30);
  }
};

}  // namespace

TEST_CASE("a device certificate is trusted as a client's and not as a server's") {
  const Authority authority;
  const auto made = authority.device(makeCertificateRequest(P256PrivateKey::generate()));
  REQUIRE(made.ok());
  CHECK(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_CLIENT));
  CHECK_FALSE(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_SERVER));
  CHECK_FALSE(isTrusted(*made, Authority().certificate, X509_PURPOSE_SSL_CLIENT));
}

TEST_CASE("a certificate is valid from a little before it was made until its days are over") {
  const Authority authority;
  const auto made = authority.device(makeCertificateRequest(P256PrivateKey::generate()));
  CHECK(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_CLIENT, kNowUnixMs - 60'000));
  CHECK(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_CLIENT,
                  kNowUnixMs + 30 * kDayMs - 1'000));
  CHECK_FALSE(
      isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_CLIENT, kNowUnixMs + 31 * kDayMs));
}

TEST_CASE("a server certificate is for its hosts and no others") {
  const Authority authority;
  const auto made = authority.server({"care.example", "localhost", "127.0.0.1", "::1"});
  REQUIRE(made.ok());
  CHECK(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_SERVER));
  CHECK_FALSE(isTrusted(*made, authority.certificate, X509_PURPOSE_SSL_CLIENT));
  const auto certificate = parse(*made);
  CHECK(X509_check_host(certificate.get(), "care.example", 0, 0, nullptr) == 1);
  CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
  CHECK(X509_check_ip_asc(certificate.get(), "::1", 0) == 1);
  CHECK(X509_check_host(certificate.get(), "other.example", 0, 0, nullptr) != 1);
}

TEST_CASE("a host that is neither a name nor an address is refused") {
  const Authority authority;
  const std::vector<std::vector<std::string>> wrong{
      {}, {""}, {"a,DNS:evil.example"}, {"a b"}, {"1.2.3"}, {"::g"}, {"a\nb"}};
  for (const std::vector<std::string>& hosts : wrong)
    CHECK(authority.server(hosts).error().reason == "HOST_INVALID");
}

TEST_CASE("a request must prove its key and be of P-256") {
  const Authority authority;
  std::string request = makeCertificateRequest(P256PrivateKey::generate());
  CHECK(authority.device(request).ok());
  CHECK(authority.device(request + "x").error().reason == "REQUEST_INVALID");
  request.back() = static_cast<char>(request.back() ^ 1);
  CHECK(authority.device(request).error().reason == "REQUEST_INVALID");
  CHECK(authority.device("").error().reason == "REQUEST_INVALID");
}

TEST_CASE("only the authority may issue certificates, and only at the end of a chain") {
  const Authority authority;
  const auto device = authority.device(makeCertificateRequest(P256PrivateKey::generate()));
  CHECK(X509_check_ca(parse(*device).get()) == 0);
  CHECK(X509_check_ca(parse(authority.server({"care.example"}).value()).get()) == 0);
  CHECK(X509_check_ca(parse(authority.certificate).get()) == 1);
  CHECK(X509_get_pathlen(parse(authority.certificate).get()) == 0);
}

TEST_CASE("a fingerprint belongs to one certificate, and DER and PEM are two writings of it") {
  const Authority one;
  const Authority other;
  CHECK(certificateFingerprint(one.certificate.pem).value() ==
        certificateFingerprint(one.certificate.pem).value());
  CHECK(certificateFingerprint(one.certificate.pem).value() !=
        certificateFingerprint(other.certificate.pem).value());
  CHECK(pemFromCertificateDer(certificateDer(one.certificate.pem).value()) == one.certificate.pem);
  CHECK_FALSE(certificateFingerprint("no certificate").ok());
}
