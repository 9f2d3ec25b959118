// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/visits/attendance/attendance_record.h"

namespace doorstep::projections {

// The rows of the table `attendance`; shared with the program that checks exported records.
using attendance::AttendanceRecord;
using attendance::RecordedMoment;
using attendance::TaskOutcomeRecord;

}  // namespace doorstep::projections
