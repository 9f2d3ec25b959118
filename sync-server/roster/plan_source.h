// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::roster {

struct PlanQuery {
  ProviderId provider;
  CarerId carer;
  DeviceId device;
  std::uint64_t cursor = 0;   // PlanChanges.next_cursor as the device applied it; 0: nothing yet
  std::int64_t nowUnixMs = 0;  // the scope moves with the day
};

// What the exchange needs of the plan. Thread: any; reads only.
class PlanSource {
 public:
  virtual ~PlanSource() = default;
  // The next page of the device's scope after the cursor; nothing when nothing changed (the common
  // case, which must cost one look-up). An unknown cursor is answered with reset (docs/sync-protocol.md).
  virtual Result<std::optional<doorstep::roster::v1::PlanChanges>> changesAfter(const PlanQuery& query) = 0;
  // Newest cursor of the provider: what Watch compares with.
  virtual Result<std::uint64_t> newestCursor(ProviderId provider) = 0;
};

// Told after a plan change is durable: Watch streams and the board. Thread: whichever changed the plan;
// must return at once.
class PlanObserver {
 public:
  virtual ~PlanObserver() = default;
  virtual void planChanged(ProviderId provider, std::uint64_t newestCursor) = 0;
};

}  // namespace doorstep::roster
