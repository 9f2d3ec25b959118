// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/commands/workplace.h"

namespace doorstep::commands {

// What a command and the server that it asks say to each other on a local socket: frames of one
// letter, four bytes of length (big-endian) and content. Both are of one release, or one of them
// says that they are not. Pure. Thread: one.
//
//   command   V release of this format, A argument (each), I input, F name of a file, B more of the
//             last file's bytes, G go
//   server    O for standard output, E for standard error, X exit code (one byte): the end
struct Frame {
  char kind = 0;
  std::string content;
};

constexpr std::string_view kCallFormat = "doorstep-command 1";

std::string frameBytes(char kind, std::string_view content);

// Frames out of a stream of bytes. Holds at most one frame more than was taken.
class FrameReader {
 public:
  void add(std::string_view bytes);
  // Nothing: not all of it is there. Error INVALID_ARGUMENT (FRAME_TOO_LONG), as soon as the length
  // is read.
  Result<std::optional<Frame>> next();
  std::size_t heldBytes() const { return bytes_.size() - taken_; }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

// A command with what it read.
struct CommandCall {
  std::vector<std::string> arguments;  // without the program
  Attached attached;
};

std::vector<std::string> callFrames(const CommandCall& call);

// A call out of its frames, within commands/limits.h.
class CallReader {
 public:
  // True: all is there. Errors, in words for who typed the command: CALL_INVALID, CALL_TOO_LARGE,
  // RELEASE_OTHER.
  Result<bool> take(Frame frame);
  std::size_t heldBytes() const { return textBytes_ + fileBytes_; }
  CommandCall& call() { return call_; }

 private:
  CommandCall call_;
  bool known_ = false;  // the format is ours
  std::size_t textBytes_ = 0;
  std::size_t fileBytes_ = 0;
};

}  // namespace doorstep::commands
