// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sync-server/config/server_context.h"
#include "sync-server/office/office_log.h"

namespace doorstep::config {

// Everything of `serve`, built in the order of its dependencies and stopped in the reverse one:
// doors first, then calls in progress, then the writer. What was acknowledged is durable, whatever
// happens. Thread: its owner's.
class RunningServer {
 public:
  // Loads the log, listens, and writes the ports file. context: of openForServing. Errors:
  // SERVER_CLOCK, CERTIFICATE_EXPIRED, those of checkListen, LOG_DAMAGED and what
  // the parts meet.
  struct Options {
    bool evenIfExpired = false;  // a certificate that ended is told, not refused
    // Records that are stamped later than now are of a time when the clock was wrong.
    bool clockIsRight = false;
  };
  static Result<std::unique_ptr<RunningServer>> start(ServerContext context, Options options);
  ~RunningServer();

  ListeningPorts ports() const;
  // For commands that run inside the server; its clock and storage may be used on any thread.
  const ServerContext& context() const;
  office::OfficeLog& office();
  // After such a command: sessions, devices, boards and phones see at once what it wrote. Thread:
  // any.
  void commandDone();
  // Once a second: notices what another process wrote (a tool, a restored row) and which sessions
  // expired, tells what a busy minute left out of the log, and what an operator must do soon, and
  // takes a web certificate that was renewed. An error: a door is shut for good (LISTEN_FAILED),
  // and the process should end and say so.
  Status tick();
  // SIGHUP: takes the web certificate anew, if there is another.
  void reload();
  // Returns within rpc::kStopGrace and a commit.
  void stop();

 private:
  class Impl;
  explicit RunningServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::config
