// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/command_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

constexpr std::size_t kHeadBytes = 5;

Error invalid() {
  return {ErrorCode::InvalidArgument, "CALL_INVALID",
          "what came over the server's socket is no command of `doorstep-server`"};
}

Error tooLarge() {
  return {ErrorCode::ResourceExhausted, "CALL_TOO_LARGE",
          fmt::format("the files of a command are {} MB at most, and its arguments 1 MB",
                      kCallFileBytesMax / (1024 * 1024))};
}

}  // namespace

std::string frameBytes(char kind, std::string_view content) {
  const auto size = static_cast<std::uint32_t>(content.size());
  std::string bytes{kind};
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>(size >> shift);
  bytes += content;
  return bytes;
}

void FrameReader::add(std::string_view bytes) {
  bytes_.erase(0, std::exchange(taken_, 0));
  bytes_ += bytes;
}

Result<std::optional<Frame>> FrameReader::next() {
  const std::string_view rest = std::string_view(bytes_).substr(taken_);
  if (rest.size() < kHeadBytes)
    return std::optional<Frame>();
  std::size_t size = 0;
  for (std::size_t i = 1; i < kHeadBytes; ++i)
    size = size << 8 | static_cast<std::uint8_t>(rest[i]);
  if (size > kFrameBytesMax)
    return Error{ErrorCode::InvalidArgument, "FRAME_TOO_LONG",
                 fmt::format("a piece of {} bytes came over the server's socket; {} is the most",
                             size, kFrameBytesMax)};
  if (rest.size() < kHeadBytes + size)
    return std::optional<Frame>();
  taken_ += kHeadBytes + size;
  return std::optional<Frame>({rest[0], std::string(rest.substr(kHeadBytes, size))});
}

std::vector<std::string> callFrames(const CommandCall& call) {
  std::vector<std::string> frames{frameBytes('V', kCallFormat)};
  for (const std::string& argument : call.arguments)
    frames.push_back(frameBytes('A', argument));
  if (!call.attached.input.empty())
    frames.push_back(frameBytes('I', call.attached.input));
  for (const AttachedFile& file : call.attached.files) {
    frames.push_back(frameBytes('F', file.name));
    for (std::size_t at = 0; at < file.bytes.size(); at += kFrameBytesMax)
      frames.push_back(frameBytes('B', std::string_view(file.bytes).substr(at, kFrameBytesMax)));
  }
  frames.push_back(frameBytes('G', {}));
  return frames;
}

Result<bool> CallReader::take(Frame frame) {
  if (!known_ && frame.kind == 'V' && frame.content != kCallFormat)
    return Error{ErrorCode::FailedPrecondition, "RELEASE_OTHER",
                 "the server that runs here is of another release than this command: restart it"};
  if (!known_ && frame.kind != 'V')
    return invalid();
  const bool isFileBytes = frame.kind == 'B';
  (isFileBytes ? fileBytes_ : textBytes_) += frame.content.size();
  if (fileBytes_ > kCallFileBytesMax || textBytes_ > kCallTextBytesMax ||
      call_.arguments.size() > kCallArgumentsMax || call_.attached.files.size() > kCallFilesMax)
    return tooLarge();
  switch (frame.kind) {
    case 'V':
      known_ = true;
      return false;
    case 'A':
      call_.arguments.push_back(std::move(frame.content));
      return false;
    case 'I':
      call_.attached.input += frame.content;
      return false;
    case 'F':
      call_.attached.files.push_back({std::move(frame.content), {}});
      return false;
    case 'B':
      if (call_.attached.files.empty())
        return invalid();
      call_.attached.files.back().bytes += frame.content;
      return false;
    case 'G':
      return true;
    default:
      return invalid();
  }
}

}  // namespace doorstep::commands
