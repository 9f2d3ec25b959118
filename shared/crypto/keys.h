// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::crypto {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
// shared_ptr: OpenSSL keys are immutable once made and shared by the verifying threads.
using Key = std::shared_ptr<EVP_PKEY>;

// Signatures have a fixed width: 64 bytes. Thread: any; each call makes its own context.

// ECDSA over P-256 with SHA-256; r and s, 32 bytes each, big-endian.
class P256PublicKey {
 public:
  // SubjectPublicKeyInfo, DER. Error KEY_INVALID for anything that is not P-256.
  static Result<P256PublicKey> fromSpki(std::string_view der);
  std::string spki() const;
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  friend class P256PrivateKey;
  explicit P256PublicKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

class P256PrivateKey {
 public:
  static P256PrivateKey generate();
  // PKCS#8 PEM. Error KEY_INVALID.
  static Result<P256PrivateKey> fromPem(std::string_view pem);
  std::string pem() const;
  P256PublicKey publicKey() const { return P256PublicKey(key_); }
  std::string sign(std::string_view message) const;
  EVP_PKEY* native() const { return key_.get(); }

 private:
  explicit P256PrivateKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

// Ed25519, for the log's checkpoints. Raw keys: 32 bytes. Error KEY_INVALID.
class Ed25519PublicKey {
 public:
  static Result<Ed25519PublicKey> fromRaw(std::string_view raw);
  std::string raw() const;
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  friend class Ed25519PrivateKey;
  explicit Ed25519PublicKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey generate();
  static Result<Ed25519PrivateKey> fromRaw(std::string_view seed);
  std::string raw() const;
  Ed25519PublicKey publicKey() const { return Ed25519PublicKey(key_); }
  std::string sign(std::string_view message) const;

 private:
  explicit Ed25519PrivateKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

}  // namespace doorstep::crypto
