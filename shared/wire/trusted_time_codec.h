// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "shared/timing/trusted_time.h"

namespace doorstep::wire {

// The interval in the form used by boards, visits and records. Thread: any.
monitoring::v1::TrustedTime encodeTrustedTime(const timing::TrustedTime& time);

}  // namespace doorstep::wire
