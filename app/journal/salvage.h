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

// What is to be sent of a journal whose device is no more: one that was damaged and set aside, or
// one that was kept while the phone waited for a new code.

struct Salvaged {
  DeviceId device;  // whose journal it was; none: it was kept without a device
  CarerId carer;    // who recorded; none: the journal does not say
  std::vector<visits::RecordedEvent> events;  // ascending
};

// The events without a receipt that can be read, and those that an amendment among them names. Rows
// that cannot be read are skipped. The file is only read. Errors: JOURNAL_DAMAGED when it does
// not say whose it is or holds nothing that can be read; a full or read-only disk's.
Result<Salvaged> salvage(const std::string& journalFile, const crypto::SecretKey& key);

// No event was ever recorded in it. False too when it cannot be read.
bool isBlank(const std::string& journalFile);

}  // namespace doorstep::journal
