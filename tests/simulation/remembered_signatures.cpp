// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/remembered_signatures.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

extern "C" {
int __real_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, std::size_t* signatureSize,
                          const unsigned char* message, std::size_t messageSize);
int __wrap_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, std::size_t* signatureSize,
                          const unsigned char* message, std::size_t messageSize);
int __real_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature,
                            std::size_t signatureSize, const unsigned char* message,
                            std::size_t messageSize);
int __wrap_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature,
                            std::size_t signatureSize, const unsigned char* message,
                            std::size_t messageSize);
}

namespace doorstep::simulation {
namespace {

// Key, signature and message, whole: no two are taken for one.
std::unordered_set<std::string>& signedHere() {
  static std::unordered_set<std::string> all;
  return all;
}

void append(std::string& to, const unsigned char* bytes, std::size_t size) {
  to += std::to_string(size) + ' ';
  to.append(reinterpret_cast<const char*>(bytes), size);
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
// Public halves, with the keys, so that no other key gets the address of one.
struct PublicHalf {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
  std::string bytes;  // empty: cannot be read
};
std::unordered_map<EVP_PKEY*, PublicHalf>& publicHalves() {
  static std::unordered_map<EVP_PKEY*, PublicHalf> all;
  return all;
}

const std::string& publicHalfOf(EVP_PKEY* key) {
  PublicHalf& half = publicHalves()[key];
  if (half.key != nullptr)
    return half.bytes;
  EVP_PKEY_up_ref(key);
  half.key.reset(key);
  std::array<unsigned char, 133> bytes{};  // the longest: an uncompressed point of P-521
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(),
                                      &size) == 1)
    append(half.bytes, bytes.data(), size);
  return half.bytes;
}

// Empty: a key whose public half cannot be read; nothing is remembered of it.
std::string rowOf(EVP_MD_CTX* context, const unsigned char* signature, std::size_t signatureSize,
                  const unsigned char* message, std::size_t messageSize) {
  EVP_PKEY_CTX* of = EVP_MD_CTX_get_pkey_ctx(context);
  EVP_PKEY* key = of == nullptr ? nullptr : EVP_PKEY_CTX_get0_pkey(of);
  if (key == nullptr || publicHalfOf(key).empty())
    return {};
  std::string row;
  row.reserve(signatureSize + messageSize + 128);
  row += publicHalfOf(key);
  append(row, signature, signatureSize);
  append(row, message, messageSize);
  return row;
}

}  // namespace

void forgetSignatures() {
  signedHere().clear();
  publicHalves().clear();
}

}  // namespace doorstep::simulation

using doorstep::simulation::rowOf;
using doorstep::simulation::signedHere;

int __wrap_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, std::size_t* signatureSize,
                          const unsigned char* message, std::size_t messageSize) {
  const int made = __real_EVP_DigestSign(context, signature, signatureSize, message, messageSize);
  if (made != 1 || signature == nullptr)
    return made;
  if (std::string row = rowOf(context, signature, *signatureSize, message, messageSize);
      !row.empty())
    signedHere().insert(std::move(row));
  return made;
}

int __wrap_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature,
                            std::size_t signatureSize, const unsigned char* message,
                            std::size_t messageSize) {
  if (signedHere().contains(rowOf(context, signature, signatureSize, message, messageSize)))
    return 1;
  return __real_EVP_DigestVerify(context, signature, signatureSize, message, messageSize);
}
