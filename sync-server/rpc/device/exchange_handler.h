// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/enrolment.h"
#include "sync-server/intake/arrival_clock.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/intake/submission.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/storage/storage.h"

namespace doorstep::rpc {

// One sync round trip without transport: bytes in, bytes out (sync.v1.ExchangeRequest and
// …Response). The service runs the steps on their threads; the simulator calls exchange(). Thread:
// any for read and answer; exchange: the writer, or the simulator's one thread.
class ExchangeHandler {
 public:
  struct Parts {
    event_log::EventLog& log;
    storage::Storage& storage;
    const roster::PlanFeed& plans;
    const Clock& clock;
    intake::ArrivalClock& arrivals;
    // Renews device certificates; without it there is no renewal (the simulator has no TLS).
    std::optional<identity::DeviceIssuer> issuer = std::nullopt;
  };
  explicit ExchangeHandler(Parts parts) : parts_(parts) {}

  // Errors: as intake::readRequest; UNAVAILABLE (SERVER_CLOCK).
  Result<intake::Submission> read(std::string_view request,
                                  const identity::KnownDevice& device) const;
  // The reply to a committed submission: verdicts, proof, plan. Errors: the outcome's, and those of
  // reading the log or the plan; the phone then retries and gets ALREADY_KNOWN.
  Result<std::string> answer(const intake::Submission& submission,
                             const intake::Outcome& outcome) const;

  // All steps in one call, with a separate commit.
  Result<std::string> exchange(std::string_view request, const identity::KnownDevice& device,
                               intake::CommitPipeline& pipeline) const;

 private:
  Parts parts_;
};

}  // namespace doorstep::rpc
