// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "shared/timing/trusted_time.h"

namespace doorstep::wire {

// The interval as boards, visits and records show it. Thread: any.
monitoring::v1::TrustedTime encodeTrustedTime(const timing::TrustedTime& time);

}  // namespace doorstep::wire
