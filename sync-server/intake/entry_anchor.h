// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// For the checkpoints that a device named in one commit, by size and root prefix: when the newest
// entry under each was received; 0: no bound. At most kCheckpointLookUpsMax.
using NamedCheckpoints = std::map<std::pair<std::uint64_t, std::string>, std::int64_t>;

// The anchor of an entry: that of the exchange that delivered it and, where that does not bound all
// its events on both sides, the arrival of the newest entry under the checkpoint that the entry
// names. A checkpoint that is not of this log, cannot be read or exceeds the limit gives no bound;
// the entry is accepted anyway. Cost: none for an entry of class A, otherwise reading the tree's
// edge at the checkpoint, once for all entries that name it. Thread: the writer.
timing::Anchor anchorOf(event_log::EventLog& log, const Submission& submission,
                        const visits::Entry& entry, NamedCheckpoints& named);

}  // namespace doorstep::intake
