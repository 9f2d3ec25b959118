// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shared/evidence/entry_chain.h"
#include "shared/timing/trusted_time.h"

namespace doorstep::wire {

// A clock reading has about 30 bytes; a later release may add fields.
constexpr std::size_t kClockReadingBytesMax = 256;

// The bounds of true time that an arrival gives, derived from the log alone so that all readers get
// the same. A reply received before the boot began or sent after the arrival gives no bound; nor
// do bytes that are not a clock reading. The bound from the checkpoint that an entry names is
// computed elsewhere. Thread: any.
timing::Anchor anchorOf(const evidence::Arrival& arrival);

}  // namespace doorstep::wire
