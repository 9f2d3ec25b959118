// SPDX-License-Identifier: Apache-2.0
// A page token that comes back from whoever has it.
#include "shared/core/bytes.h"
#include "shared/core/decimal.h"
#include "sync-server/monitoring/page_tokens.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const monitoring::PageTokens tokens(crypto::SecretKey{1, 2, 3});
  const auto parts = fuzz::Input(bytes, size).parts(2);
  const auto place = tokens.read(parts[0], parts[1]);
  fuzz::require(!place.ok() || parts[1].empty());
  const auto again = tokens.read(parts[0], tokens.write(parts[0], parts[1]));
  fuzz::require(again.ok() && *again == parts[1]);
  (void)parseDecimal(parts[1]);
  return 0;
}
