// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::journal {

// What the row of an event or entry holds is sealed and bound to kind, device and number.
std::string rowContext(const char* kind, DeviceId device, std::uint64_t number);

// In the journal an event is an entry of its own, never sent and never chained: one codec for both.
std::string encodeEventAlone(const visits::RecordedEvent& recorded);

// Errors: SEAL_BROKEN; MALFORMED; JOURNAL_DAMAGED when the content is another row's.
Result<visits::RecordedEvent> openEventRow(const crypto::SecretKey& key, DeviceId device,
                                           std::uint64_t number, std::string_view sealed);

}  // namespace doorstep::journal
