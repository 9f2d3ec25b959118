// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/sha256.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <memory>

namespace doorstep::crypto {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

// Fetched once: each init looks up EVP_sha256() again, which costs more than hashing a leaf.
const EVP_MD* digest() {
  static const std::unique_ptr<EVP_MD, FreeDigest> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  DOORSTEP_CHECK(fetched != nullptr);
  return fetched.get();
}

EVP_MAC_CTX* newHmac() {
  static const std::unique_ptr<EVP_MAC, FreeDigest> fetched(
      EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(fetched.get());
  DOORSTEP_CHECK(context != nullptr);
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                   OSSL_PARAM_construct_end()};
  DOORSTEP_CHECK(EVP_MAC_CTX_set_params(context, parameters) == 1);
  return context;
}

}  // namespace

Hash sha256(std::initializer_list<std::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  DOORSTEP_CHECK(context != nullptr);
  DOORSTEP_CHECK(EVP_DigestInit_ex2(context.get(), digest(), nullptr) == 1);
  for (const std::string_view part : parts)
    DOORSTEP_CHECK(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  Hash hash;
  DOORSTEP_CHECK(EVP_DigestFinal_ex(context.get(), hash.bytes.data(), nullptr) == 1);
  return hash;
}

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, FreeDigest> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  DOORSTEP_CHECK(state_->context != nullptr);
  DOORSTEP_CHECK(EVP_DigestInit_ex2(state_->context.get(), digest(), nullptr) == 1);
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  DOORSTEP_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Hash Sha256::hash() {
  Hash hash;
  DOORSTEP_CHECK(EVP_DigestFinal_ex(state_->context.get(), hash.bytes.data(), nullptr) == 1);
  return hash;
}

Hash hmacSha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeDigest> context(newHmac());
  const auto bytesOf = [](std::string_view view) {
    return reinterpret_cast<const unsigned char*>(view.data());
  };
  DOORSTEP_CHECK(EVP_MAC_init(context.get(), bytesOf(key), key.size(), nullptr) == 1);
  for (const std::string_view part : parts)
    DOORSTEP_CHECK(EVP_MAC_update(context.get(), bytesOf(part), part.size()) == 1);
  Hash hash;
  std::size_t length = 0;
  DOORSTEP_CHECK(EVP_MAC_final(context.get(), hash.bytes.data(), &length, hash.bytes.size()) == 1);
  return hash;
}

}  // namespace doorstep::crypto
