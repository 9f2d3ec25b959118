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
  int exitCode = -1;    // -1: ended by a signal, or not started
  bool killed = false;  // by killAny
  std::string output;   // standard output

  bool ok() const { return exitCode == 0; }
};

// The replay's child processes: any of them can be killed at any moment, and none outlives this.
// Thread: any.
class Processes {
 public:
  // Appends standard error of all children to the file.
  explicit Processes(std::string errorFile) : errorFile_(std::move(errorFile)) {}
  // Kills running children.
  ~Processes();

  // Starts a program, writes its input and waits for its end. killable: killAny may choose it.
  Ended run(const std::vector<std::string>& arguments, const std::string& input, bool killable);

  // Starts a program in the background; -1 on failure.
  pid_t start(const std::vector<std::string>& arguments);
  bool running(pid_t process);
  // Sends the signal and waits for the process to end.
  void stop(pid_t process, int signal);

  // Sends SIGKILL to the killable child selected by `choice`. False: none is running.
  bool killAny(std::uint64_t choice);

 private:
  struct Child {
    bool killable = false;
    bool killed = false;
  };
  pid_t spawn(const std::vector<std::string>& arguments, int input, int output, bool killable);

  const std::string errorFile_;

  Mutex mutex_;
  // Contains a child until it was waited for.
  std::map<pid_t, Child> children_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::replay
