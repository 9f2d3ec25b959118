// SPDX-License-Identifier: Apache-2.0
// An entry as a phone sends it, and the fold of what it says.
#include <vector>

#include "shared/visits/visit_fold.h"
#include "shared/wire/entry_codec.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const auto decoded = wire::decodeEntry(fuzz::Input(bytes, size).rest());
  if (!decoded.ok())
    return 0;
  std::vector<visits::RecordedEvent> recorded;
  for (const visits::Event& event : decoded->entry.events)
    recorded.push_back({DeviceId(1), decoded->entry.carer, decoded->entry.boot, event});
  for (const auto& [carer, attendance] : visits::foldVisit(recorded))
    fuzz::require(attendance.events <= recorded.size());
  if (decoded->limits.empty())
    fuzz::require(wire::decodeEntry(wire::encodeEntry(decoded->entry)).ok());
  return 0;
}
