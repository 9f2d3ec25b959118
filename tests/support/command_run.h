// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/test_server.h"

namespace doorstep::support {

// Result of running a program, as an operator sees it.
struct CommandRun {
  int code = 0;      // negative: the signal that ended it
  std::string text;  // standard output and standard error

  // Whether it refused with a short message: a failure exit code, no signal.
  bool refused() const {
    return code > 0 && !text.empty() && text.size() < 1000 &&
           std::count(text.begin(), text.end(), '\n') <= 2;
  }
  bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

inline CommandRun runCommand(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  CommandRun run;
  run.code = runProgram(all, &run.text);
  return run;
}

}  // namespace doorstep::support
