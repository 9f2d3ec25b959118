// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/support/command_run.h"

namespace doorstep::support {

// The built doorstep-server; CMake says where.
inline constexpr const char* kBinary = DOORSTEP_SERVER_BINARY;

// Runs one of its commands on the folder.
inline CommandRun doorstep(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {kBinary, "--directory", folder});
  return runCommand(arguments);
}

}  // namespace doorstep::support
