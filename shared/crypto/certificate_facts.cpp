// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/certificate_facts.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <limits>
#include <memory>

namespace doorstep::crypto {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> reading(std::string_view text) {
  const bool fits = text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max());
  return Owned<BIO>(BIO_new_mem_buf(text.data(), fits ? static_cast<int>(text.size()) : 0));
}

Owned<X509> parse(std::string_view pem) {
  const auto bio = reading(pem);
  return Owned<X509>(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

// Empty pass phrase: without one OpenSSL prompts for it on the terminal.
Owned<EVP_PKEY> parseKey(std::string_view pem) {
  const auto bio = reading(pem);
  return Owned<EVP_PKEY>(
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")) : nullptr);
}

std::string addressText(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16)
    return {};
  inet_ntop(family, bytes.data(), text.data(), text.size());
  return text.data();
}

std::vector<std::string> namesOf(X509* certificate) {
  std::vector<std::string> found;
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD)
      continue;
    const ASN1_STRING* value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    const std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                            static_cast<std::size_t>(ASN1_STRING_length(value)));
    found.push_back(name->type == GEN_DNS ? bytes : addressText(bytes));
  }
  return found;
}

std::int64_t unixMs(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return 0;
  return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

std::string commonNameOf(X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
    return {};
  const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
          static_cast<std::size_t>(ASN1_STRING_length(name))};
}

}  // namespace

Result<CertificateFacts> certificateFacts(std::string_view pem) {
  const Owned<X509> certificate = parse(pem);
  if (certificate == nullptr)
    return Error{ErrorCode::InvalidArgument, "CERTIFICATE_INVALID", "no certificate in PEM"};
  return CertificateFacts{
      namesOf(certificate.get()), unixMs(X509_get0_notBefore(certificate.get())),
      unixMs(X509_get0_notAfter(certificate.get())), commonNameOf(certificate.get())};
}

bool certificateCovers(std::string_view pem, const std::string& host) {
  const Owned<X509> certificate = parse(pem);
  return certificate != nullptr &&
         (X509_check_ip_asc(certificate.get(), host.c_str(), 0) == 1 ||
          X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr) == 1);
}

bool certificateIssuedBy(std::string_view pem, std::string_view authorityPem) {
  const Owned<X509> certificate = parse(pem);
  const Owned<X509> authority = parse(authorityPem);
  return certificate != nullptr && authority != nullptr &&
         X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
}

bool certificateFitsKey(std::string_view pem, std::string_view privateKeyPem) {
  const Owned<X509> certificate = parse(pem);
  const Owned<EVP_PKEY> key = parseKey(privateKeyPem);
  return certificate != nullptr && key != nullptr &&
         X509_check_private_key(certificate.get(), key.get()) == 1;
}

}  // namespace doorstep::crypto
