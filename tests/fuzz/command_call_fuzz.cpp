// SPDX-License-Identifier: Apache-2.0
// A command that comes over the socket in a server's folder, whole and in pieces.
#include <algorithm>
#include <optional>

#include "sync-server/commands/command_call.h"
#include "sync-server/commands/limits.h"
#include "tests/fuzz/input.h"

namespace doorstep::commands {
namespace {

// What comes of the bytes: a call, a reason why there is none, or neither yet.
struct Read {
  std::optional<CommandCall> call;
  std::string reason;
};

Read readCall(std::string_view bytes, std::size_t pieceBytes) {
  FrameReader frames;
  CallReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += pieceBytes) {
    frames.add(bytes.substr(at, pieceBytes));
    while (true) {
      auto frame = frames.next();
      if (!frame.ok())
        return {{}, frame.error().reason};
      if (!*frame)
        break;
      const auto complete = reader.take(std::move(**frame));
      if (!complete.ok())
        return {{}, complete.error().reason};
      if (*complete)
        return {std::move(reader.call()), {}};
    }
    // Nothing is held that was not sent, and of a frame no more than its bound.
    fuzz::require(frames.heldBytes() + reader.heldBytes() <= at + pieceBytes);
    fuzz::require(frames.heldBytes() <= kFrameBytesMax + 5);
  }
  return {};
}

bool same(const CommandCall& a, const CommandCall& b) {
  return a.arguments == b.arguments && a.attached.input == b.attached.input &&
         std::equal(a.attached.files.begin(), a.attached.files.end(), b.attached.files.begin(),
                    b.attached.files.end(), [](const auto& one, const auto& other) {
                      return one.name == other.name && one.bytes == other.bytes;
                    });
}

}  // namespace
}  // namespace doorstep::commands

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  using namespace doorstep::commands;
  const std::string_view given(reinterpret_cast<const char*>(bytes), size);
  const Read whole = readCall(given, std::max<std::size_t>(given.size(), 1));
  for (const std::size_t pieceBytes : {std::size_t{1}, std::size_t{7}}) {
    const Read pieces = readCall(given, pieceBytes);
    fuzz::require(pieces.reason == whole.reason &&
                  pieces.call.has_value() == whole.call.has_value());
    fuzz::require(!whole.call || same(*pieces.call, *whole.call));
  }
  if (!whole.call)
    return 0;
  std::string written;
  for (const std::string& frame : callFrames(*whole.call))
    written += frame;
  const Read again = readCall(written, written.size());
  fuzz::require(again.call && same(*again.call, *whole.call));
  return 0;
}
