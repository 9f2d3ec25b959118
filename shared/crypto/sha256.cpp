// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/sha256.h"

#include <openssl/evp.h>

#include <memory>

namespace doorstep::crypto {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: EVP_sha256() is looked up again by each init, which costs more than hashing a leaf.
const EVP_MD* digest() {
  static const std::unique_ptr<EVP_MD, FreeDigest> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  DOORSTEP_CHECK(fetched != nullptr);
  return fetched.get();
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

}  // namespace doorstep::crypto
