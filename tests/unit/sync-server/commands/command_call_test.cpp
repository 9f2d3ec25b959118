// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/command_call.h"

#include <catch2/catch.hpp>
#include <string>

#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

// Reads a call from its bytes, in pieces of a size.
Result<bool> readCall(const std::string& bytes, std::size_t piece, CallReader& reader) {
  FrameReader frames;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    frames.add(std::string_view(bytes).substr(at, piece));
    while (true) {
      DOORSTEP_ASSIGN(auto frame, frames.next());
      if (!frame)
        break;
      DOORSTEP_ASSIGN(const bool complete, reader.take(std::move(*frame)));
      if (complete)
        return true;
    }
  }
  return false;
}

std::string begun() { return frameBytes('V', kCallFormat); }

std::string reasonOf(const std::string& bytes) {
  CallReader reader;
  const auto read = readCall(bytes, bytes.size(), reader);
  return read.ok() ? "" : read.error().reason;
}

TEST_CASE("a command arrives as it was sent, in whatever pieces") {
  CommandCall sent;
  sent.arguments = {"--directory", "a folder", "import-rota", "", std::string("\0\xff\n", 3)};
  sent.attached.input = "a password";
  sent.attached.files = {{"people.csv", ""}, {"visits.csv", std::string(kFrameBytesMax + 7, 'v')}};
  std::string bytes;
  for (const std::string& frame : callFrames(sent))
    bytes += frame;
  for (const std::size_t piece : {std::size_t{4099}, bytes.size()}) {
    CallReader reader;
    const auto read = readCall(bytes, piece, reader);
    REQUIRE((read.ok() && *read));
    CHECK(reader.call().arguments == sent.arguments);
    CHECK(reader.call().attached.input == sent.attached.input);
    REQUIRE(reader.call().attached.files.size() == 2);
    CHECK(reader.call().attached.files[0].bytes.empty());
    CHECK(reader.call().attached.files[1].bytes == sent.attached.files[1].bytes);
  }
}

TEST_CASE("what is no command is refused, with what is wrong") {
  CHECK(reasonOf(frameBytes('G', "")) == "CALL_INVALID");
  CHECK(reasonOf(frameBytes('V', "doorstep-command 2")) == "RELEASE_OTHER");
  CHECK(reasonOf(begun() + frameBytes('B', "bytes of no file")) == "CALL_INVALID");
  CHECK(reasonOf(begun() + frameBytes('z', "")) == "CALL_INVALID");
  CHECK(reasonOf("GET / HTTP/1.1\r\n\r\n") == "FRAME_TOO_LONG");
  CHECK(reasonOf(std::string("A\xff\xff\xff\xff", 5)) == "FRAME_TOO_LONG");
}

TEST_CASE("half a command is nothing yet") {
  CallReader reader;
  const std::string bytes = begun() + frameBytes('A', "account");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    CallReader fresh;
    const auto read = readCall(bytes.substr(0, size), 1, fresh);
    CHECK((read.ok() && !*read));
  }
}

TEST_CASE("what a command may hold is bounded") {
  std::string many = begun();
  for (std::size_t i = 0; i < kCallArgumentsMax + 2; ++i)
    many += frameBytes('A', "");
  CHECK(reasonOf(many) == "CALL_TOO_LARGE");
  std::string files = begun();
  for (std::size_t i = 0; i < kCallFilesMax + 2; ++i)
    files += frameBytes('F', "people.csv");
  CHECK(reasonOf(files) == "CALL_TOO_LARGE");
  const std::string large = frameBytes('I', std::string(kFrameBytesMax, 'x'));
  CHECK(reasonOf(begun() + large + large) == "CALL_TOO_LARGE");
  CallReader reader;
  REQUIRE(reader.take({'V', std::string(kCallFormat)}).ok());
  REQUIRE(reader.take({'F', "visits.csv"}).ok());
  const std::string piece(kFrameBytesMax, 'v');
  for (std::size_t sent = 0; sent < kCallFileBytesMax; sent += kFrameBytesMax)
    REQUIRE(reader.take({'B', piece}).ok());
  CHECK(reader.take({'B', "v"}).error().reason == "CALL_TOO_LARGE");
}

}  // namespace
}  // namespace doorstep::commands
