// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/sealing.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <span>

#include "shared/core/bytes.h"
#include "shared/core/check.h"

namespace doorstep::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct Free {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytesOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Fetched once: each init looks up EVP_aes_256_gcm() again, which costs as much as sealing a fact.
const EVP_CIPHER* gcm() {
  static const Owned<EVP_CIPHER> fetched(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  DOORSTEP_CHECK(fetched != nullptr);
  return fetched.get();
}

Error sealBroken() { return {ErrorCode::DataLoss, "SEAL_BROKEN", "sealed bytes do not open here"}; }

}  // namespace

std::string seal(const SecretKey& key, std::string_view context, std::string_view plain,
                 IdSource& ids) {
  std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
  unsigned char* const nonce = bytesOf(sealed);
  ids.fillRandom(std::span<std::uint8_t>(nonce, kNonceBytes));
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  DOORSTEP_CHECK(cipher != nullptr);
  int length = 0;
  DOORSTEP_CHECK(EVP_EncryptInit_ex2(cipher.get(), gcm(), key.data(), nonce, nullptr) == 1);
  DOORSTEP_CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytesOf(context),
                                   static_cast<int>(context.size())) == 1);
  DOORSTEP_CHECK(EVP_EncryptUpdate(cipher.get(), nonce + kNonceBytes, &length, bytesOf(plain),
                                   static_cast<int>(plain.size())) == 1);
  unsigned char* const tag = nonce + kNonceBytes + plain.size();
  DOORSTEP_CHECK(EVP_EncryptFinal_ex(cipher.get(), tag, &length) == 1);
  DOORSTEP_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
  return sealed;
}

Result<std::string> open(const SecretKey& key, std::string_view context, std::string_view sealed) {
  if (sealed.size() < kNonceBytes + kTagBytes)
    return sealBroken();
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  const std::string_view cipherText =
      sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  DOORSTEP_CHECK(cipher != nullptr);
  std::string plain(cipherText.size(), '\0');
  int length = 0;
  DOORSTEP_CHECK(EVP_DecryptInit_ex2(cipher.get(), gcm(), key.data(), bytesOf(nonce), nullptr) ==
                 1);
  DOORSTEP_CHECK(EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytesOf(context),
                                   static_cast<int>(context.size())) == 1);
  DOORSTEP_CHECK(EVP_DecryptUpdate(cipher.get(), bytesOf(plain), &length, bytesOf(cipherText),
                                   static_cast<int>(cipherText.size())) == 1);
  DOORSTEP_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) ==
                 1);
  unsigned char none[16];
  if (EVP_DecryptFinal_ex(cipher.get(), none, &length) != 1) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return sealBroken();
  }
  return plain;
}

SecretKey scrypt(std::string_view secret, std::string_view salt, ScryptCost cost) {
  DOORSTEP_CHECK(cost.logN >= 1 && cost.logN <= 20);
  constexpr std::uint64_t kBlockSize = 8;
  const std::uint64_t n = std::uint64_t{1} << cost.logN;
  // RFC 7914 §5, with a margin.
  const std::uint64_t memoryMaxBytes = 128 * kBlockSize * (n + 2) + (1U << 20);
  SecretKey key{};
  DOORSTEP_CHECK(EVP_PBE_scrypt(secret.data(), secret.size(), bytesOf(salt), salt.size(), n,
                                kBlockSize, 1, memoryMaxBytes, key.data(), key.size()) == 1);
  return key;
}

SecretKey deriveKey(std::initializer_list<std::string_view> secrets, std::string_view purpose) {
  std::string material;
  for (const std::string_view secret : secrets) {
    material += bigEndian64(secret.size());
    material += secret;
  }
  std::string info(purpose);
  static const Owned<EVP_KDF> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const Owned<EVP_KDF_CTX> context(EVP_KDF_CTX_new(kdf.get()));
  DOORSTEP_CHECK(context != nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, material.data(), material.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  SecretKey key{};
  DOORSTEP_CHECK(EVP_KDF_derive(context.get(), key.data(), key.size(), parameters) == 1);
  OPENSSL_cleanse(material.data(), material.size());
  return key;
}

bool equalSecrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace doorstep::crypto
