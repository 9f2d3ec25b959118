// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace doorstep::crypto {
namespace {

constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kEd25519KeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Error keyInvalid(const char* text) { return {ErrorCode::InvalidArgument, "KEY_INVALID", text}; }

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool isP256(EVP_PKEY* key) {
  char group[32] = {};
  std::size_t length = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                        &length) == 1 &&
         std::string_view(group, length) == "prime256v1";
}

Key shared(EVP_PKEY* key) { return Key(key, FreeKey{}); }

// OpenSSL's ECDSA signatures are DER; ours are r and s in fixed width.
std::string fixedFromDer(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  const Owned<ECDSA_SIG> parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  DOORSTEP_CHECK(parsed != nullptr);
  std::string fixed(kSignatureBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(fixed.data());
  DOORSTEP_CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, kCoordinateBytes) ==
                 kCoordinateBytes);
  DOORSTEP_CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + kCoordinateBytes,
                              kCoordinateBytes) == kCoordinateBytes);
  return fixed;
}

std::string derFromFixed(std::string_view fixed) {
  const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
  Owned<BIGNUM> r(BN_bin2bn(bytesOf(fixed), kCoordinateBytes, nullptr));
  Owned<BIGNUM> s(BN_bin2bn(bytesOf(fixed) + kCoordinateBytes, kCoordinateBytes, nullptr));
  DOORSTEP_CHECK(signature != nullptr && r != nullptr && s != nullptr);
  DOORSTEP_CHECK(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
  const int length = i2d_ECDSA_SIG(signature.get(), nullptr);
  DOORSTEP_CHECK(length > 0);
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &at);
  return der;
}

}  // namespace

Result<P256PublicKey> P256PublicKey::fromSpki(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  Key key = shared(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (key == nullptr || at != bytesOf(der) + der.size())
    return keyInvalid("no SubjectPublicKeyInfo");
  if (!isP256(key.get()))
    return keyInvalid("the key is not of the curve P-256");
  P256PublicKey read(std::move(key));
  // OpenSSL ignores insignificant bits, but a key must have one encoding so that it can be
  // compared.
  if (read.spki() != der)
    return keyInvalid("the key is not in the one form that DER gives it");
  return read;
}

std::string P256PublicKey::spki() const {
  const int length = i2d_PUBKEY(key_.get(), nullptr);
  DOORSTEP_CHECK(length > 0);
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_PUBKEY(key_.get(), &at);
  return der;
}

bool P256PublicKey::verify(std::string_view message, std::string_view signature) const {
  if (signature.size() != kSignatureBytes)
    return false;
  const std::string der = derFromFixed(signature);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  DOORSTEP_CHECK(context != nullptr);
  DOORSTEP_CHECK(EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                         key_.get(), nullptr) == 1);
  return EVP_DigestVerify(context.get(), bytesOf(der), der.size(), bytesOf(message),
                          message.size()) == 1;
}

P256PrivateKey P256PrivateKey::generate() {
  Key key = shared(EVP_EC_gen("P-256"));
  DOORSTEP_CHECK(key != nullptr);
  return P256PrivateKey(std::move(key));
}

Result<P256PrivateKey> P256PrivateKey::fromPem(std::string_view pem) {
  const Owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  DOORSTEP_CHECK(in != nullptr);
  // Empty pass phrase: without a callback OpenSSL prompts for it on the terminal.
  Key key = shared(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, const_cast<char*>("")));
  if (key == nullptr)
    return keyInvalid("no PKCS#8 private key in PEM");
  if (!isP256(key.get()))
    return keyInvalid("the key is not of the curve P-256");
  return P256PrivateKey(std::move(key));
}

std::string P256PrivateKey::pem() const {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  DOORSTEP_CHECK(out != nullptr);
  DOORSTEP_CHECK(PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                               nullptr) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

std::string P256PrivateKey::sign(std::string_view message) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  DOORSTEP_CHECK(context != nullptr);
  DOORSTEP_CHECK(EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                       key_.get(), nullptr) == 1);
  std::string der(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t length = der.size();
  DOORSTEP_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()),
                                &length, bytesOf(message), message.size()) == 1);
  return fixedFromDer(std::string_view(der).substr(0, length));
}

Result<Ed25519PublicKey> Ed25519PublicKey::fromRaw(std::string_view raw) {
  if (raw.size() != kEd25519KeyBytes)
    return keyInvalid("an Ed25519 public key has 32 bytes");
  Key key =
      shared(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytesOf(raw), raw.size()));
  if (key == nullptr)
    return keyInvalid("no Ed25519 public key");
  return Ed25519PublicKey(std::move(key));
}

std::string Ed25519PublicKey::raw() const {
  std::string raw(kEd25519KeyBytes, '\0');
  std::size_t length = raw.size();
  DOORSTEP_CHECK(EVP_PKEY_get_raw_public_key(
                     key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &length) == 1);
  return raw;
}

bool Ed25519PublicKey::verify(std::string_view message, std::string_view signature) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  DOORSTEP_CHECK(context != nullptr);
  DOORSTEP_CHECK(EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                         key_.get(), nullptr) == 1);
  return EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(), bytesOf(message),
                          message.size()) == 1;
}

Ed25519PrivateKey Ed25519PrivateKey::generate() {
  Key key = shared(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  DOORSTEP_CHECK(key != nullptr);
  return Ed25519PrivateKey(std::move(key));
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::fromRaw(std::string_view seed) {
  if (seed.size() != kEd25519KeyBytes)
    return keyInvalid("an Ed25519 private key has 32 bytes");
  Key key =
      shared(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytesOf(seed), seed.size()));
  DOORSTEP_CHECK(key != nullptr);
  return Ed25519PrivateKey(std::move(key));
}

std::string Ed25519PrivateKey::raw() const {
  std::string raw(kEd25519KeyBytes, '\0');
  std::size_t length = raw.size();
  DOORSTEP_CHECK(EVP_PKEY_get_raw_private_key(
                     key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &length) == 1);
  return raw;
}

std::string Ed25519PrivateKey::sign(std::string_view message) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  DOORSTEP_CHECK(context != nullptr);
  DOORSTEP_CHECK(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                       key_.get(), nullptr) == 1);
  std::string signature(kSignatureBytes, '\0');
  std::size_t length = signature.size();
  DOORSTEP_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                &length, bytesOf(message), message.size()) == 1);
  DOORSTEP_CHECK(length == kSignatureBytes);
  return signature;
}

}  // namespace doorstep::crypto
