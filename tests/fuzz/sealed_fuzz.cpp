// SPDX-License-Identifier: Apache-2.0
// Sealed bytes of a phone's files: its keys, its journal, its plan.
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const crypto::SecretKey key{1, 2, 3};
  static SystemIdSource ids;
  const auto parts = fuzz::Input(bytes, size).parts(2);
  fuzz::require(!crypto::open(key, parts[0], parts[1]).ok());
  const auto opened = crypto::open(key, parts[0], crypto::seal(key, parts[0], parts[1], ids));
  fuzz::require(opened.ok() && *opened == parts[1]);
  return 0;
}
