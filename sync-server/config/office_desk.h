// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "sync-server/config/server_context.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/intake/arrival_clock.h"
#include "sync-server/office/office_log.h"

namespace doorstep::config {

// The log and its writer for a command that makes decisions while no server runs. The caller holds
// the server's lock, since only one process may write the log. Thread: one.
class OfficeDesk {
 public:
  // context outlives it. Errors: those of the log.
  static Result<std::unique_ptr<OfficeDesk>> open(ServerContext& context);

  office::OfficeLog& office() { return *office_; }
  event_log::SqlEventLog& log() { return *log_; }

 private:
  explicit OfficeDesk(event_log::LogSigners signers) : signers_(std::move(signers)) {}

  event_log::LogSigners signers_;
  std::unique_ptr<event_log::SqlEventLog> log_;
  std::optional<intake::ArrivalClock> arrivals_;
  std::optional<office::OfficeLog> office_;
};

// The actor of command-line decisions: the operating system's user, who has no account.
event_log::OfficeActor commandLine();

}  // namespace doorstep::config
