// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/core/mutex.h"

namespace doorstep::replay {

// How a child process ended.
struct Ended {
  int exitCode = -1;    // -1: by a signal, or never begun
  bool killed = false;  // by killAny
  std::string output;   // what it wrote to standard output

  bool ok() const { return exitCode == 0; }
};

// The children of the replay, so that whatever runs can be killed at any moment, and nothing is
// left behind. Thread: any.
class Processes {
 public:
  // Standard errors of all children are appended to the file.
  explicit Processes(std::string errorFile) : errorFile_(std::move(errorFile)) {}
  // Kills what still runs.
  ~Processes();

  // Starts a program, gives it its input and waits for its end. killable: killAny may choose it.
  Ended run(const std::vector<std::string>& arguments, const std::string& input, bool killable);

  // Starts a program that goes on; -1 when it cannot.
  pid_t start(const std::vector<std::string>& arguments);
  bool running(pid_t process);
  // Sends the signal and waits for the end.
  void stop(pid_t process, int signal);

  // SIGKILLs the killable child that `choice` falls on. False: none runs.
  bool killAny(std::uint64_t choice);

 private:
  struct Child {
    bool killable = false;
    bool killed = false;
  };
  pid_t spawn(const std::vector<std::string>& arguments, int input, int output, bool killable);

  const std::string errorFile_;

  Mutex mutex_;
  // A child is in it until it was waited for.
  std::map<pid_t, Child> children_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::replay
