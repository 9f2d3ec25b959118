// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/entry_chain.h"
#include "shared/visits/event.h"

namespace doorstep::wire {

// What the extra line of a .tlog-proof (records.v1.ProofExtra) discloses of an entry, and the
// resulting leaf. A verified proof of that leaf (evidence::verifyTlogProof), with a device key that
// is known independently, proves contents and arrival without trusting the sender of the proof.
struct ProvedEvent {
  std::uint64_t number = 0;
  std::optional<visits::Event> event;  // absent: only its hash is disclosed
};
struct ProvedEntry {
  DeviceId device;
  std::string leafData;
  // Absent for an entry whose bytes were erased.
  std::optional<visits::Entry> entry;  // header fields only; events are below
  std::vector<ProvedEvent> events;
  std::string signingKeySpki;  // key that signed it; compare with the known key
  std::optional<evidence::Arrival> arrival;
};

// Errors: PROOF_EXTRA_FORMAT with the fault in its text, ENTRY_SIGNATURE when the disclosed key did
// not sign the disclosed bytes. Thread: any.
Result<ProvedEntry> readProofExtra(std::string_view extra);

}  // namespace doorstep::wire
