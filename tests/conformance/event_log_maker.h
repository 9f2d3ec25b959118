// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/log_signers.h"

namespace doorstep::event_log {

// An EventLog implementation with its storage, which survives reopen().
class MadeEventLog {
 public:
  virtual ~MadeEventLog() = default;
  virtual EventLog& log() = 0;
  // Reopens as after a crash: state in memory is lost.
  virtual void reopen() = 0;
};

struct EventLogMaker {
  std::string name;
  std::function<std::unique_ptr<MadeEventLog>(const LogSigners&)> make;
};

EventLogMaker sqlEventLogMaker();

// The whole suite runs for each of them.
inline std::vector<EventLogMaker> eventLogMakers() { return {sqlEventLogMaker()}; }

}  // namespace doorstep::event_log
