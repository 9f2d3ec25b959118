// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// The anchor of an entry: that of the exchange that brought it and, where the exchange does not
// bound all its events from both sides, the arrival of the newest entry under the checkpoint that
// the entry names. A checkpoint that is not of this log bounds nothing, nor does one that cannot be
// read: the entry is taken all the same. Cost: nothing for an entry of class A, else log2 of the
// checkpoint's size in hashes. Thread: the writer.
timing::Anchor anchorOf(event_log::EventLog& log, const Submission& submission,
                        const visits::Entry& entry);

}  // namespace doorstep::intake
