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

// Takes commands that are typed beside a running server and runs them inside it, one at a time, so
// that nobody else writes its database: they come with their arguments and files over a socket in
// the server's folder, and what they print and their exit code go back.
//
// Only a process of the folder's owner, the server's user or root gets in. What is half sent costs
// nobody else more than its bounded place and time (limits.h): a caller that is silent is dropped,
// in words, and of more callers than have room the one that was silent for longest goes. A caller
// that leaves before its command is committed has it taken back.
//
// Thread: open and stop are the owner's; `run` is called on the door's own thread.
class CommandDoor {
 public:
  using MayGoOn = std::function<Status()>;
  // The exit code.
  using Run = std::function<int(const CommandCall&, Output&, const MayGoOn&)>;

  // The caller holds the folder's lock. Error SOCKET_FAILED.
  static Result<std::unique_ptr<CommandDoor>> open(
      const std::filesystem::path& folder, Run run,
      std::chrono::milliseconds silenceMax = kCallSilenceMax);
  ~CommandDoor();

  // Takes nothing more. A command that has not committed is taken back; returns when it has ended.
  void stop();

 private:
  struct Caller {
    LocalSocket socket;
    FrameReader frames;
    CallReader call;
    bool complete = false;
    // Moments, not ends: when it was let in, and when something came last.
    Condition::Deadline admitted, heard;
  };

  CommandDoor(const std::filesystem::path& folder, Run run, std::chrono::milliseconds silenceMax,
              LocalSocket listening, int wake);
  using Callers = std::vector<std::unique_ptr<Caller>>;
  void loop();
  void wait();
  void admit();
  void readAll();
  // False: it is told why, or gone.
  bool read(Caller& caller);
  bool mayRead(const Caller& caller) const;
  // Of those that are not complete the one that was silent for longest; end: all are complete.
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
  Callers callers_;  // the door's thread alone; oldest first
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace doorstep::commands
