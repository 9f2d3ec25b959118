// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::intake {

// With what time arrivals are stamped. The log commits to it for good, so it never runs back: while
// the server's clock stands a little before the newest stamp, that one is given again; while it
// stands further before, nothing is taken at all, because one of the two is wrong and nobody here
// knows which. Phones keep what they have and try again. Thread: any.
class ArrivalClock {
 public:
  // newestUnixMs: the newest arrival that is in a log; 0: none.
  ArrivalClock(const Clock& clock, std::int64_t newestUnixMs)
      : clock_(clock), newestUnixMs_(newestUnixMs) {}

  // Unix ms. Error UNAVAILABLE (SERVER_CLOCK): how far behind stands in the text.
  Result<std::int64_t> stamp();

 private:
  const Clock& clock_;
  std::atomic<std::int64_t> newestUnixMs_;
};

// The newest arrival in any of the logs; 0: none. Reads one entry of each log.
Result<std::int64_t> newestArrivalUnixMs(event_log::EventLog& log,
                                         std::span<const ProviderId> providers);

// Refuses to stamp with a clock that stands before the newest arrival by more than a slew. Error
// FAILED_PRECONDITION (SERVER_CLOCK) in the operator's words.
Status checkServerClock(std::int64_t nowUnixMs, std::int64_t newestArrivalUnixMs);

}  // namespace doorstep::intake
