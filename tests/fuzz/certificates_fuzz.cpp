// SPDX-License-Identifier: Apache-2.0
// Certificates, certificate requests and keys from files and phones.
#include "shared/crypto/certificates.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  constexpr std::int64_t kNowUnixMs = 1'795'000'000'000;
  static const auto key = crypto::P256PrivateKey::generate();
  static const auto authority = crypto::makeAuthority(key, "Fuzz", kNowUnixMs, 30);
  const std::string_view input = fuzz::Input(bytes, size).rest();
  (void)crypto::certificateFingerprint(input).ok();
  (void)crypto::certificateDer(input).ok();
  const std::string pem = crypto::pemFromCertificateDer(input);
  (void)crypto::certificateFingerprint(pem).ok();
  (void)crypto::P256PublicKey::fromSpki(input).ok();
  (void)crypto::P256PrivateKey::fromPem(input).ok();
  (void)crypto::Ed25519PublicKey::fromRaw(input).ok();
  (void)key.publicKey().verify("message", input);
  (void)crypto::issueDeviceCertificate(authority, key, input, "device 1", kNowUnixMs, 30).ok();
  return 0;
}
