// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::intake {

// Source of arrival times. The log commits to them permanently, so they never run backwards: while
// the server's clock is slightly behind the newest stamp, that stamp is repeated; while it is
// further behind, nothing is accepted, because one of the two is wrong and the server cannot know
// which. Phones keep their entries and retry. Thread: any.
class ArrivalClock {
 public:
  // newestUnixMs: the newest arrival in any log; 0: none.
  ArrivalClock(const Clock& clock, std::int64_t newestUnixMs)
      : clock_(clock), newestUnixMs_(newestUnixMs) {}

  // Unix ms. Error UNAVAILABLE (SERVER_CLOCK); its text says how far the clock is behind.
  Result<std::int64_t> stamp();

 private:
  const Clock& clock_;
  std::atomic<std::int64_t> newestUnixMs_;
};

// The newest arrival in any of the logs; 0: none. Reads one entry per log.
Result<std::int64_t> newestArrivalUnixMs(event_log::EventLog& log,
                                         std::span<const ProviderId> providers);

// Fails when the clock is further behind the newest arrival than a slew. Error FAILED_PRECONDITION
// (SERVER_CLOCK) with a text for the operator.
Status checkServerClock(std::int64_t nowUnixMs, std::int64_t newestArrivalUnixMs);

}  // namespace doorstep::intake
