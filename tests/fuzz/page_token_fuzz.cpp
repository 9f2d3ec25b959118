// SPDX-License-Identifier: Apache-2.0
// A page token that comes back from whoever has it.
#include "shared/core/bytes.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  using admin::v1::PagePlace;
  static const rpc::PageTokens tokens(crypto::SecretKey{1, 2, 3});
  const auto parts = fuzz::Input(bytes, size).parts(2);
  const auto place = tokens.readId(parts[0], parts[1]);
  fuzz::require(!place.ok() || parts[1].empty());
  PagePlace any;
  if (!any.ParseFromString(parts[1]) || any.place_case() == PagePlace::PLACE_NOT_SET ||
      any.ByteSizeLong() > 256)
    return 0;
  const auto again = tokens.read(parts[0], tokens.write(parts[0], any), any.place_case());
  fuzz::require(again.ok());
  return 0;
}
