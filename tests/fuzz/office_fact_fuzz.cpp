// SPDX-License-Identifier: Apache-2.0
// What an office decided, out of an entry of the log.
#include "shared/wire/office_fact_codec.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const std::string_view given(reinterpret_cast<const char*>(bytes), size);
  const auto fact = wire::decodeOfficeFact(given);
  if (!fact.ok())
    return 0;
  const std::string written = wire::encodeOfficeFact(*fact);
  // A kind of a later release is carried on as it came.
  if (std::holds_alternative<visits::UnknownDecision>(fact->decision))
    fuzz::require(written == given);
  const auto again = wire::decodeOfficeFact(written);
  fuzz::require(again.ok() && wire::encodeOfficeFact(*again) == written);
  return 0;
}
