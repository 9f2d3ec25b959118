// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/commands/attached.h"

namespace doorstep::commands {

// Protocol between a command and the server that runs it, on a local socket: frames of one letter,
// four bytes of length (big-endian) and content. Both must be of one release; a mismatch is
// reported. Pure. Thread: one.
//
//   command   V version of the format, A argument (each), I input, F name of a file, B more of the
//             last file's bytes, G go
//   server    O for standard output, E for standard error, X exit code (one byte): the end
struct Frame {
  char kind = 0;
  std::string content;
};

constexpr std::string_view kCallFormat = "doorstep-command 1";

std::string frameBytes(char kind, std::string_view content);

// Splits a stream of bytes into frames. Holds at most one frame more than was taken.
class FrameReader {
 public:
  void add(std::string_view bytes);
  // nullopt: incomplete. Error INVALID_ARGUMENT (FRAME_TOO_LONG), as soon as the length is read.
  Result<std::optional<Frame>> next();
  std::size_t heldBytes() const { return bytes_.size() - taken_; }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

// A command with its arguments, files and input.
struct CommandCall {
  std::vector<std::string> arguments;  // without the program
  Attached attached;
};

std::vector<std::string> callFrames(const CommandCall& call);

// Assembles a call from its frames, within commands/limits.h.
class CallReader {
 public:
  // True: complete. Errors, with texts for the person at the command line: CALL_INVALID,
  // CALL_TOO_LARGE, RELEASE_OTHER.
  Result<bool> take(Frame frame);
  std::size_t heldBytes() const { return textBytes_ + fileBytes_; }
  CommandCall& call() { return call_; }

 private:
  CommandCall call_;
  bool known_ = false;  // the format is known
  std::size_t textBytes_ = 0;
  std::size_t fileBytes_ = 0;
};

}  // namespace doorstep::commands
