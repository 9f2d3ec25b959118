// SPDX-License-Identifier: Apache-2.0
// A phone's exchange as it arrives at the server, before any of its signatures is believed.
#include "shared/crypto/keys.h"
#include "sync-server/intake/read_request.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const identity::KnownDevice device{{}, crypto::P256PrivateKey::generate().publicKey()};
  const auto read = intake::readRequest(fuzz::Input(bytes, size).rest(), device, 1'795'000'000'000);
  if (!read.ok())
    fuzz::require(!read.error().reason.empty());
  return 0;
}
