// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sync-server/config/server_context.h"

namespace doorstep::config {

// Everything of `serve`, built in the order of its dependencies and stopped in the reverse one:
// doors first, then calls in progress, then the writer. What was acknowledged is durable, whatever
// happens. Thread: its owner's.
class RunningServer {
 public:
  // Takes the directory's lock, loads the log, listens, and writes the ports file. Errors:
  // SERVER_RUNNING, SERVER_CLOCK, CERTIFICATE_EXPIRED, those of checkListen, LOG_DAMAGED and what
  // the parts meet.
  struct Options {
    bool evenIfExpired = false;  // a certificate that ended is told, not refused
    // Records that are stamped later than now are of a time when the clock was wrong.
    bool clockIsRight = false;
  };
  static Result<std::unique_ptr<RunningServer>> start(ServerContext context, Options options);
  ~RunningServer();

  ListeningPorts ports() const;
  // Once a second: notices what a command beside the server wrote (a rota, a revoked device, a new
  // password) and which sessions expired, tells what a busy minute left out of the log, and what an
  // operator must do soon, and takes a web certificate that was renewed. An error: a door is shut
  // for good (LISTEN_FAILED), and the process should end and say so.
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
