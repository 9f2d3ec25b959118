// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/server_chain.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <memory>

namespace doorstep::crypto {
namespace {

// Our chains have two; the limit bounds the work for a longer one.
constexpr int kCertificatesMax = 8;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;
using Chain = std::unique_ptr<STACK_OF(X509), Free>;

Error refused(const char* reason, const char* text) {
  return {ErrorCode::PermissionDenied, reason, text};
}

Chain readChain(std::string_view pem) {
  Chain chain(sk_X509_new_null());
  const int length = static_cast<int>(std::min<std::size_t>(pem.size(), 1 << 20));
  const Owned<BIO> in(BIO_new_mem_buf(pem.data(), length));
  while (in && chain && sk_X509_num(chain.get()) < kCertificatesMax) {
    X509* one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr);
    if (one == nullptr)
      break;
    if (sk_X509_push(chain.get(), one) == 0)
      X509_free(one);
  }
  ERR_clear_error();  // the end of the text is reported as an error
  return chain;
}

bool namesHost(X509* certificate, const std::string& host) {
  return X509_check_ip_asc(certificate, host.c_str(), 0) == 1 ||
         X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1;
}

}  // namespace

Status verifyServerChain(std::string_view chainPem, std::string_view authoritiesPem,
                         const std::string& host, std::int64_t lowestNowUnixMs) {
  const Chain shown = readChain(chainPem);
  const Chain authorities = readChain(authoritiesPem);
  const Owned<X509_STORE> store(X509_STORE_new());
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!shown || !authorities || !store || !context || sk_X509_num(shown.get()) == 0)
    return refused("CERTIFICATE_CHAIN", "no certificate");
  for (int i = 0; i < sk_X509_num(authorities.get()); ++i)
    X509_STORE_add_cert(store.get(), sk_X509_value(authorities.get(), i));
  X509* const server = sk_X509_value(shown.get(), 0);
  if (X509_STORE_CTX_init(context.get(), store.get(), server, shown.get()) != 1 ||
      X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER) != 1)
    return refused("CERTIFICATE_CHAIN", "no memory");
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME);
  if (X509_verify_cert(context.get()) != 1)
    return refused("CERTIFICATE_CHAIN", "it does not lead to the office's authority");
  if (!namesHost(server, host))
    return refused("CERTIFICATE_HOST", "it names another host");
  std::time_t lowest = static_cast<std::time_t>(lowestNowUnixMs / 1000);
  STACK_OF(X509)* const verified = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(verified); ++i) {
    // 0: unreadable time.
    if (X509_cmp_time(X509_get0_notAfter(sk_X509_value(verified, i)), &lowest) <= 0)
      return refused("CERTIFICATE_EXPIRED", "its time was over when the office was last heard");
  }
  return kDone;
}

}  // namespace doorstep::crypto
