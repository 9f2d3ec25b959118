// SPDX-License-Identifier: Apache-2.0
// What a server says of its log to a phone that holds a frontier of it.
#include <array>

#include "shared/crypto/keys.h"
#include "shared/evidence/log_extension.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const evidence::NoteSigner signer("fuzz.example/log/1",
                                           crypto::Ed25519PrivateKey::generate());
  fuzz::Input input(bytes, size);
  const std::uint64_t newSize = input.number();
  const std::array own{evidence::OwnLeaf{input.number(), {}},
                       evidence::OwnLeaf{input.number(), {}}};
  const auto parts = input.parts(2);
  const evidence::Frontier held;
  const auto verified =
      evidence::verifyLogExtension(held, newSize, parts[0], own, parts[1], signer.verifier());
  if (!verified.ok())
    fuzz::require(!verified.error().reason.empty());
  return 0;
}
