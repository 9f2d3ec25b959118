// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace doorstep::commands {

struct AttachedFile {
  std::string name;
  std::string bytes;
};

// What a command read with the rights of who typed it, before the work begins.
struct Attached {
  std::vector<AttachedFile> files;
  std::string input;  // of standard input, what the command asked for
};

}  // namespace doorstep::commands
