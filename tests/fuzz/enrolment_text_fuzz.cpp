// SPDX-License-Identifier: Apache-2.0
// What a carer pastes to set up her phone.
#include "shared/wire/enrolment_text.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const auto offer = wire::parseEnrolmentText(fuzz::Input(bytes, size).rest());
  if (!offer.ok())
    return 0;
  const auto again = wire::parseEnrolmentText(wire::writeEnrolmentText(*offer));
  fuzz::require(again.ok() && *again == *offer);
  return 0;
}
