// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shared/evidence/entry_chain.h"
#include "shared/timing/trusted_time.h"

namespace doorstep::wire {

// A clock reading has some 30 bytes; a later release may say more.
constexpr std::size_t kClockReadingBytesMax = 256;

// The bounds of true time that follow from an arrival, so that everybody computes the same from the
// log alone. A reply that was received before the boot began, or that was sent in the server's
// future, bounds nothing, and neither do bytes that are no clock reading. The bound that follows
// from the checkpoint that an entry names is not the arrival's. Thread: any.
timing::Anchor anchorOf(const evidence::Arrival& arrival);

}  // namespace doorstep::wire
