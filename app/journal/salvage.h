// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::journal {

// Events to record again from the journal of an ended identity: one that was damaged and set aside,
// or one kept while the phone waited for a new code.

struct Salvaged {
  DeviceId device;                            // owner of the journal; absent: kept without a device
  CarerId carer;                              // who recorded; absent: unknown
  std::vector<visits::RecordedEvent> events;  // ascending
};

// Readable events without a receipt, and those that an amendment among them names. Unreadable rows
// are skipped. Opens the file read-only. Errors: JOURNAL_DAMAGED when the owner is unknown or
// nothing can be read; a full or read-only disk's.
Result<Salvaged> salvage(const std::string& journalFile, const crypto::SecretKey& key);

// Whether no event was ever recorded in it. False when it cannot be read.
bool isBlank(const std::string& journalFile);

}  // namespace doorstep::journal
