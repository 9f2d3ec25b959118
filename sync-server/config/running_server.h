// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sync-server/config/server_context.h"
#include "sync-server/office/office_log.h"

namespace doorstep::config {

// All parts of `serve`, started in order of dependency and stopped in reverse: listeners first,
// then calls in progress, then the writer. Acknowledged data is durable at any time. Thread: its
// owner's.
class RunningServer {
 public:
  // Loads the log, listens, and writes the ports file. context: from openForServing. Errors:
  // SERVER_CLOCK, CERTIFICATE_EXPIRED, those of checkListen, LOG_DAMAGED, those of the parts.
  struct Options {
    bool evenIfExpired = false;  // an expired certificate is reported, not refused
    // Records stamped later than now were made while the clock was wrong.
    bool clockIsRight = false;
  };
  static Result<std::unique_ptr<RunningServer>> start(ServerContext context, Options options);
  ~RunningServer();

  ListeningPorts ports() const;
  // For commands that run inside the server; clock and storage may be used on any thread.
  const ServerContext& context() const;
  office::OfficeLog& office();
  // Called after such a command: applies its changes to sessions, devices, boards and phones at
  // once. Thread: any.
  void commandDone();
  // Once a second: notices writes by other processes (a tool, a restored row) and expired sessions,
  // logs the number of lines suppressed in the past minute and warnings for the operator, and loads
  // a renewed web certificate. Error LISTEN_FAILED: a listener is closed for good, and the process
  // should exit with it.
  Status tick();
  // SIGHUP: loads the web certificate again if it has changed.
  void reload();
  // Returns within rpc::kStopGrace plus one commit.
  void stop();

 private:
  class Impl;
  explicit RunningServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::config
