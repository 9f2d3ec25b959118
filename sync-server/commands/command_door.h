// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "sync-server/commands/command_call.h"
#include "sync-server/commands/limits.h"
#include "sync-server/commands/local_socket.h"
#include "sync-server/commands/workplace.h"

namespace doorstep::commands {

// Receives commands typed beside a running server and runs them inside it, one at a time, so that
// the server is the only writer of its database. Arguments and files arrive over a socket in the
// server's folder; output and exit code go back.
//
// Only processes of root, the server's user or the folder's owner are accepted. An incomplete
// command costs others at most its bounded space and time (limits.h): a silent caller is dropped
// with a message, and when there are too many, the one that was silent for longest. If a caller
// leaves before its command is committed, the command is rolled back.
//
// Thread: open and stop by the owner; `run` is called on the door's own thread.
class CommandDoor {
 public:
  using MayGoOn = std::function<Status()>;
  // Returns the exit code.
  using Run = std::function<int(const CommandCall&, Output&, const MayGoOn&)>;

  // The caller holds the folder's lock. Error SOCKET_FAILED.
  static Result<std::unique_ptr<CommandDoor>> open(
      const std::filesystem::path& folder, Run run,
      std::chrono::milliseconds silenceMax = kCallSilenceMax);
  ~CommandDoor();

  // Accepts nothing more. Rolls back a command that has not committed; returns when it has ended.
  void stop();

 private:
  struct Caller {
    LocalSocket socket;
    FrameReader frames;
    CallReader call;
    bool complete = false;
    // Times of admission and of the last data received (not deadlines).
    Condition::Deadline admitted, heard;
  };

  CommandDoor(const std::filesystem::path& folder, Run run, std::chrono::milliseconds silenceMax,
              LocalSocket listening, int wake);
  using Callers = std::vector<std::unique_ptr<Caller>>;
  void loop();
  void wait();
  void admit();
  void readAll();
  // False: refused with a message, or gone.
  bool read(Caller& caller);
  bool mayRead(const Caller& caller) const;
  // The incomplete caller that was silent for longest; end: all are complete.
  Callers::iterator quietest();
  bool hasRoom();
  void dropSilent();
  void runNext();
  Status mayGoOn(const Caller& caller) const;

  const std::filesystem::path folder_;
  const Run run_;
  const std::chrono::milliseconds silenceMax_;
  const LocalSocket listening_;
  const LocalSocket wake_;
  Callers callers_;  // used by the door's thread only; oldest first
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace doorstep::commands
