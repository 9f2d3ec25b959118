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

// Sealing context of a row: binds its content to kind, device and number.
std::string rowContext(const char* kind, DeviceId device, std::uint64_t number);

// The journal stores an event as an unsent, unchained entry of one event, to share its codec.
std::string encodeEventAlone(const visits::RecordedEvent& recorded);

// Errors: SEAL_BROKEN; MALFORMED; JOURNAL_DAMAGED when the content belongs to another row.
Result<visits::RecordedEvent> openEventRow(const crypto::SecretKey& key, DeviceId device,
                                           std::uint64_t number, std::string_view sealed);

}  // namespace doorstep::journal
