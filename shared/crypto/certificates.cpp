// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/certificates.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "shared/crypto/sha256.h"

namespace doorstep::crypto {
namespace {

constexpr long kX509Version3 = 2;
constexpr long kRequestVersion1 = 0;
constexpr long kSecondsADay = 24 * 60 * 60;
// A phone with a slow clock must accept a certificate that was just issued.
constexpr long kBackdatedSeconds = kSecondsADay;
constexpr std::size_t kCommonNameBytesMax = 64;  // ub-common-name
constexpr std::size_t kRequestBytesMax = 8 * 1024;

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_REQ* request) const { X509_REQ_free(request); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

std::string toPem(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  DOORSTEP_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

Owned<X509> fromPem(std::string_view pem) {
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Owned<X509>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Error certificateInvalid() {
  return {ErrorCode::InvalidArgument, "CERTIFICATE_INVALID", "no PEM certificate"};
}
Error requestInvalid(const char* text) {
  return {ErrorCode::InvalidArgument, "REQUEST_INVALID", text};
}

// Truncates to X.520's limit: common names are not used for verification.
void setName(X509_NAME* name, std::string_view commonName) {
  commonName = commonName.substr(0, kCommonNameBytesMax);
  DOORSTEP_CHECK(
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(commonName.data()),
                                 static_cast<int>(commonName.size()), -1, 0) == 1);
}

void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  DOORSTEP_CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Version, a random serial of 127 bits, validity and subject.
Owned<X509> blank(EVP_PKEY* publicKey, std::string_view commonName, std::int64_t nowUnixMs,
                  int days) {
  Owned<X509> certificate(X509_new());
  std::array<unsigned char, 16> serial{};
  DOORSTEP_CHECK(RAND_bytes(serial.data(), serial.size()) == 1);
  serial[0] &= 0x7F;
  const Owned<BIGNUM> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
  DOORSTEP_CHECK(certificate != nullptr && number != nullptr &&
                 BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) !=
                     nullptr);
  DOORSTEP_CHECK(X509_set_version(certificate.get(), kX509Version3) == 1);
  const time_t now = static_cast<time_t>(nowUnixMs / 1000);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now - kBackdatedSeconds);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now + days * kSecondsADay);
  DOORSTEP_CHECK(X509_set_pubkey(certificate.get(), publicKey) == 1);
  setName(X509_get_subject_name(certificate.get()), commonName);
  return certificate;
}

void sign(X509* certificate, const P256PrivateKey& key) {
  DOORSTEP_CHECK(X509_sign(certificate, key.native(), EVP_sha256()) > 0);
}

bool isAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

// Not only digits and dots, which would be a mistyped address. Other characters have a meaning in
// OpenSSL's configuration syntax: a comma would start another name.
bool isDnsName(const std::string& host) {
  constexpr std::size_t kHostBytesMax = 253;
  return !host.empty() && host.size() <= kHostBytesMax &&
         host.find_first_not_of("0123456789.") != std::string::npos &&
         host.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string::npos;
}

}  // namespace

Certificate makeAuthority(const P256PrivateKey& key, std::string_view commonName,
                          std::int64_t nowUnixMs, int days) {
  const Owned<X509> certificate = blank(key.native(), commonName, nowUnixMs, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  addExtension(certificate.get(), certificate.get(), NID_basic_constraints,
               "critical,CA:TRUE,pathlen:0");
  addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  sign(certificate.get(), key);
  return {toPem(certificate.get())};
}

Result<Certificate> issueServerCertificate(const Certificate& authority,
                                           const P256PrivateKey& authorityKey,
                                           const P256PrivateKey& serverKey,
                                           const std::vector<std::string>& hosts,
                                           std::int64_t nowUnixMs, int days) {
  const Owned<X509> issuer = fromPem(authority.pem);
  if (issuer == nullptr)
    return certificateInvalid();
  if (hosts.empty())
    return Error{ErrorCode::InvalidArgument, "HOST_INVALID",
                 "a server certificate names at least one host"};
  std::string names;
  for (const std::string& host : hosts) {
    if (!isAddress(host) && !isDnsName(host))
      return Error{ErrorCode::InvalidArgument, "HOST_INVALID",
                   "a host is a DNS name or an IP address"};
    names += (names.empty() ? "" : ",") + std::string(isAddress(host) ? "IP:" : "DNS:") + host;
  }
  const Owned<X509> certificate = blank(serverKey.native(), hosts.front(), nowUnixMs, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  addExtension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  addExtension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  addExtension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth");
  addExtension(certificate.get(), issuer.get(), NID_subject_alt_name, names);
  addExtension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid");
  sign(certificate.get(), authorityKey);
  return Certificate{toPem(certificate.get())};
}

std::string makeCertificateRequest(const P256PrivateKey& key) {
  const Owned<X509_REQ> request(X509_REQ_new());
  DOORSTEP_CHECK(request != nullptr && X509_REQ_set_version(request.get(), kRequestVersion1) == 1);
  setName(X509_REQ_get_subject_name(request.get()), "doorstep device");
  DOORSTEP_CHECK(X509_REQ_set_pubkey(request.get(), key.native()) == 1);
  DOORSTEP_CHECK(X509_REQ_sign(request.get(), key.native(), EVP_sha256()) > 0);
  const int length = i2d_X509_REQ(request.get(), nullptr);
  DOORSTEP_CHECK(length > 0);
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509_REQ(request.get(), &at);
  return der;
}

Result<Certificate> issueDeviceCertificate(const Certificate& authority,
                                           const P256PrivateKey& authorityKey,
                                           std::string_view requestDer, std::string_view commonName,
                                           std::int64_t nowUnixMs, int days) {
  const Owned<X509> issuer = fromPem(authority.pem);
  if (issuer == nullptr)
    return certificateInvalid();
  if (requestDer.size() > kRequestBytesMax)
    return requestInvalid("the request is too long");
  const auto* at = reinterpret_cast<const unsigned char*>(requestDer.data());
  const unsigned char* end = at + requestDer.size();
  const Owned<X509_REQ> request(d2i_X509_REQ(nullptr, &at, static_cast<long>(requestDer.size())));
  if (request == nullptr || at != end)
    return requestInvalid("the bytes are no PKCS#10 request");
  const Owned<EVP_PKEY> key(X509_REQ_get_pubkey(request.get()));
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC ||
      EVP_PKEY_get_bits(key.get()) != 256)
    return requestInvalid("the key is not of the curve P-256");
  if (X509_REQ_verify(request.get(), key.get()) != 1)
    return requestInvalid("the request is not signed by its key");
  const Owned<X509> certificate = blank(key.get(), commonName, nowUnixMs, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  addExtension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  addExtension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  addExtension(certificate.get(), issuer.get(), NID_ext_key_usage, "clientAuth");
  addExtension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid");
  sign(certificate.get(), authorityKey);
  return Certificate{toPem(certificate.get())};
}

Result<std::string> certificateDer(std::string_view pem) {
  const Owned<X509> certificate = fromPem(pem);
  if (certificate == nullptr)
    return certificateInvalid();
  const int length = i2d_X509(certificate.get(), nullptr);
  DOORSTEP_CHECK(length > 0);
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &at);
  return der;
}

Result<Hash> certificateFingerprint(std::string_view pem) {
  DOORSTEP_ASSIGN(const std::string der, certificateDer(pem));
  return sha256(der);
}

std::string pemFromCertificateDer(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return certificate == nullptr ? std::string() : toPem(certificate.get());
}

}  // namespace doorstep::crypto
