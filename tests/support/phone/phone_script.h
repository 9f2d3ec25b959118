// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/phone.h"
#include "app/recording/visit_recorder.h"

namespace doorstep::support {

// A headless phone's actions of a day, one per line:
//   time,check_in,VISIT            time,check_out,VISIT
//   time,task,VISIT,NUMBER,done|partly_done|not_done[,REASON[,INDEPENDENCE]]
//                                  (reason and independence: the contract's numbers)
//   time,note,VISIT,TEXT           the rest of the line, including commas
//   time,no_entry,VISIT,no_reply|refused_at_door|unsafe
//   time,late,VISIT,MINUTES
// time: Unix ms. VISIT: the office's ref, or # and the visit's id. Empty lines and a header line
// that begins with "time," are skipped.
struct Step {
  std::int64_t unixMs = 0;
  std::string visitRef;
  recording::Intent intent;  // resolve sets its visit
};

// Error SCRIPT_FORMAT with the line number.
Result<std::vector<Step>> parseScript(std::string_view csv);
// Sets the visit: one in progress, otherwise one of the plan, otherwise one that left the plan and
// has records. Error VISIT_UNKNOWN with the ref.
Status resolve(Step& step, const app::Phone& phone);
// Whether the journal already contains the step: same visit, kind and wall clock.
bool isRecorded(const Step& step, const std::vector<visits::RecordedEvent>& events);

}  // namespace doorstep::support
