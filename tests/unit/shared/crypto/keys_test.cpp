// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/keys.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "tests/support/hex.h"

using namespace doorstep;
using doorstep::support::fromHex;
using namespace doorstep::crypto;

TEST_CASE("SHA-256 gives the published values, whole and in parts") {
  // FIPS 180-2, appendix B.
  CHECK(toHex(sha256("abc").view()) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(toHex(sha256("").view()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256({"a", "", "bc"}) == sha256("abc"));
  Sha256 pieces;
  for (const char* piece : {"a", "", "bc"})
    pieces.add(piece);
  CHECK(pieces.hash() == sha256("abc"));
}

TEST_CASE("threads hash at the same time without disturbing each other") {
  const Hash expected = sha256("abc");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong)
    threads.emplace_back([&count, &expected] {
      for (int i = 0; i < 2'000; ++i)
        count += sha256({"a", "bc"}) == expected ? 0 : 1;
    });
  for (std::thread& thread : threads)
    thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("a P-256 signature is 64 bytes and fits its message and key alone") {
  const P256PrivateKey key = P256PrivateKey::generate();
  // Often enough that r or s begins with a zero byte, which fixed width must keep.
  for (int i = 0; i < 600; ++i) {
    const std::string message = "message " + std::to_string(i);
    const std::string signature = key.sign(message);
    REQUIRE(signature.size() == 64);
    REQUIRE(key.publicKey().verify(message, signature));
  }
  std::string signature = key.sign("message");
  CHECK_FALSE(key.publicKey().verify("massage", signature));
  CHECK_FALSE(P256PrivateKey::generate().publicKey().verify("message", signature));
  signature[40] = static_cast<char>(signature[40] ^ 1);
  CHECK_FALSE(key.publicKey().verify("message", signature));
  CHECK_FALSE(key.publicKey().verify("message", std::string(64, '\0')));
  CHECK_FALSE(key.publicKey().verify("message", std::string(64, '\xFF')));
  CHECK_FALSE(key.publicKey().verify("message", ""));
}

TEST_CASE("a published P-256 signature verifies") {
  // RFC 6979, A.2.5, message "sample" with SHA-256.
  const std::string point =
      "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
  const auto key = P256PublicKey::fromSpki(
      fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200" + point));
  REQUIRE(key.ok());
  CHECK(key->verify("sample",
                    fromHex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")));
}

TEST_CASE("keys survive being written and read, and only P-256 is taken") {
  const P256PrivateKey key = P256PrivateKey::generate();
  const auto read = P256PrivateKey::fromPem(key.pem());
  REQUIRE(read.ok());
  const auto publicKey = P256PublicKey::fromSpki(key.publicKey().spki());
  REQUIRE(publicKey.ok());
  CHECK(publicKey->verify("message", read->sign("message")));
  CHECK(P256PrivateKey::fromPem("no key").error().reason == "KEY_INVALID");
  CHECK(P256PublicKey::fromSpki("no key").error().reason == "KEY_INVALID");
  CHECK(P256PublicKey::fromSpki(key.publicKey().spki() + "x").error().reason == "KEY_INVALID");
  // SubjectPublicKeyInfo of an Ed25519 key.
  const std::string ed25519 =
      fromHex("302a300506032b6570032100") + Ed25519PrivateKey::generate().publicKey().raw();
  CHECK(P256PublicKey::fromSpki(ed25519).error().reason == "KEY_INVALID");
}

TEST_CASE("Ed25519 gives the published signature") {
  // RFC 8032, 7.1, test 2.
  const auto key = Ed25519PrivateKey::fromRaw(
      fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  REQUIRE(key.ok());
  CHECK(toHex(key->publicKey().raw()) ==
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature = key->sign("\x72");
  CHECK(toHex(signature) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(key->publicKey().verify("\x72", signature));
  CHECK_FALSE(key->publicKey().verify("\x73", signature));
  CHECK_FALSE(key->publicKey().verify("\x72", ""));
  CHECK(Ed25519PublicKey::fromRaw("short").error().reason == "KEY_INVALID");
  CHECK(Ed25519PrivateKey::fromRaw("short").error().reason == "KEY_INVALID");
}

TEST_CASE("a public key is read in the one form that DER gives it") {
  for (int keys = 0; keys < 64; ++keys) {
    const std::string der = P256PrivateKey::generate().publicKey().spki();
    REQUIRE(P256PublicKey::fromSpki(der).ok());
    for (std::size_t at = 0; at < der.size(); ++at) {
      std::string altered = der;
      altered[at] = static_cast<char>(altered[at] ^ 4);
      const auto read = P256PublicKey::fromSpki(altered);
      CHECK((!read.ok() || read->spki() == altered));
    }
  }
}
