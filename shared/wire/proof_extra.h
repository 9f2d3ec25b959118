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

// What the extra line of a .tlog-proof (records.v1.ProofExtra) shows of an entry, and the leaf that
// it comes to. Whoever verifies the proof with that leaf (evidence::verifyTlogProof) and knows the
// device's key has what the entry says and when it came from the phone itself, without trusting who
// handed it over.
struct ProvedEvent {
  std::uint64_t number = 0;
  std::optional<visits::Event> event;  // none: only its hash is shown
};
struct ProvedEntry {
  DeviceId device;
  std::string leafData;
  // None of an entry whose bytes were erased.
  std::optional<visits::Entry> entry;  // of its header; its events stand beside
  std::vector<ProvedEvent> events;
  std::string signingKeySpki;  // with which it is signed: to be compared with what is known of it
  std::optional<evidence::Arrival> arrival;
};

// Errors: PROOF_EXTRA_FORMAT with what is wrong, ENTRY_SIGNATURE when the key that is shown did not
// sign what is shown. Thread: any.
Result<ProvedEntry> readProofExtra(std::string_view extra);

}  // namespace doorstep::wire
