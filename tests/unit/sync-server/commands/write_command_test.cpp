// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/write_command.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sync-server/commands/command_door.h"
#include "sync-server/commands/limits.h"
#include "sync-server/commands/local_socket.h"
#include "sync-server/config/server_context.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::commands {
namespace {

struct Folder {
  Folder() {
    flags.directory = folder.file("server");
    flags.arguments = {"account", "create", "ann"};
    config::ServerConfig config;
    config.host = "localhost";
    REQUIRE(config::ServerDirectory::create(flags.directory, config).ok());
    REQUIRE(config::createDatabase(flags.directory).ok());
  }
  config::ServerDirectory directory() const {
    return config::ServerDirectory::open(flags.directory).value();
  }
  int run(const Work& work) const {
    return runWriting(
        flags, "account", [] { return Result<Attached>(Attached()); }, work);
  }
  support::TemporaryFolder folder;
  GlobalFlags flags;
};

TEST_CASE("without a server a command that writes runs here, and nobody else writes meanwhile") {
  const Folder folder;
  const int code = folder.run([&](const Workplace& place) {
    CHECK(place.mayGoOn().ok());
    CHECK(folder.directory().lock("serve").error().reason == "COMMAND_RUNNING");
    CHECK(folder.directory().lock("serve").error().text.find("`account`") != std::string::npos);
    CHECK(config::openForReading(folder.flags.directory, "").ok());
    return 7;
  });
  CHECK(code == 7);
  CHECK(folder.directory().lock("serve").ok());
}

TEST_CASE("beside a server a command runs there alone") {
  const Folder folder;
  const auto lock = folder.directory().lock("serve");
  REQUIRE(lock.ok());
  std::vector<std::string> seen;
  const auto door = CommandDoor::open(
      folder.flags.directory, [&](const CommandCall& call, Output&, const CommandDoor::MayGoOn&) {
        seen = call.arguments;
        return 5;
      });
  REQUIRE(door.ok());
  CHECK(folder.run([](const Workplace&) { return 0; }) == 5);
  CHECK(seen == folder.flags.arguments);
}

TEST_CASE("a command waits for the one before it") {
  const Folder folder;
  auto lock = std::optional(folder.directory().lock("import-rota").value());
  int code = 1;
  std::thread second([&] { code = folder.run([](const Workplace&) { return 0; }); });
  CHECK(folder.directory().lock("x").error().reason == "COMMAND_RUNNING");
  lock.reset();
  second.join();
  CHECK(code == 0);
}

TEST_CASE("a server that ends before it answers leaves a command that says so") {
  const Folder folder;
  const auto lock = folder.directory().lock("serve");
  auto listening = std::optional(LocalSocket::listen(folder.flags.directory).value());
  std::thread server([&] {
    LocalSocket caller;
    while (!(caller = listening->accept()))
      std::this_thread::yield();
    (void)caller.waitForSome(kReadBytes, Condition::deadlineIn(std::chrono::seconds(20)));
    listening.reset();  // and with it the caller
  });
  bool worked = false;
  CHECK(folder.run([&](const Workplace&) {
    worked = true;
    return 0;
  }) == 1);
  CHECK_FALSE(worked);
  server.join();
}

TEST_CASE("a command of the folder's files needs no key that can be read, and has the lock") {
  const Folder folder;
  std::filesystem::remove(folder.flags.directory + "/keys/server.key");
  const int code = runInFolder(folder.flags, "certificate", [&](const FolderPlace& place) {
    CHECK(place.path == folder.flags.directory);
    const auto other = config::ServerDirectory::lockFolder(place.path, "serve");
    CHECK(other.error().reason == "COMMAND_RUNNING");
    return 7;
  });
  CHECK(code == 7);
  GlobalFlags nowhere;
  nowhere.directory = folder.folder.file("nowhere");
  CHECK(runInFolder(nowhere, "certificate", [](const FolderPlace&) { return 0; }) == 1);
  CHECK_FALSE(std::filesystem::exists(nowhere.directory));
}

TEST_CASE("beside a server a command of the folder's files runs there alone") {
  const Folder folder;
  const auto lock = folder.directory().lock("serve");
  REQUIRE(lock.ok());
  const auto door =
      CommandDoor::open(folder.flags.directory,
                        [](const CommandCall&, Output&, const CommandDoor::MayGoOn&) { return 5; });
  REQUIRE(door.ok());
  CHECK(runInFolder(folder.flags, "certificate", [](const FolderPlace&) { return 0; }) == 5);
}

// What is printed inside a server.
struct Kept final : Output {
  void print(std::string_view text) override { all += text; }
  void printError(std::string_view text) override { all += text; }
  void progress(std::string_view) override {}
  std::string all;
};

TEST_CASE("inside a server no command lives by another clock than the server's") {
  const Folder folder;
  const std::string clock = folder.folder.file("clock");
  std::ofstream(clock) << "a clock";
  const auto context = config::openForWriting(folder.flags.directory, "");
  REQUIRE(context.ok());
  Kept out;
  const Attached nothing;
  Workplace place{context->directory,  *context->storage, *context->clock,
                  *context->ids,       nothing,           out,
                  [] { return kDone; }};
  const auto create = [&](const std::string& asked, const char* login) {
    out.all.clear();
    return runInside({{"--clock", asked, "account", "create", login, "--role", "operator"}, {}},
                     place);
  };
  for (const char* command : {"export", "certificate"}) {
    out.all.clear();
    CHECK(runInside({{"--clock=" + clock, command}, {}}, place) == 1);
    CHECK(out.all.find("CLOCK_OF_SERVER") != std::string::npos);
  }
  CHECK(create(clock, "ann") == 1);
  CHECK(out.all.find("(CLOCK_OF_SERVER)\n") != std::string::npos);
  place.clockFile = clock;
  CHECK(create(folder.folder.file("other"), "ann") == 1);
  CHECK(create((folder.folder.path() / "." / "clock").string(), "ann") == 0);
  CHECK(create("", "ben") == 0);
}

TEST_CASE("what an older or another program sends inside is refused by its own words") {
  const Folder folder;
  const auto context = config::openForWriting(folder.flags.directory, "");
  REQUIRE(context.ok());
  Kept out;
  const Attached nothing;
  const Workplace place{context->directory,  *context->storage, *context->clock,
                        *context->ids,       nothing,           out,
                        [] { return kDone; }};
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"rebuild"},
                                                    {"serve"},
                                                    {"enrol", "--not-an-option"},
                                                    {"import-rota"},
                                                    {"--directory"}}) {
    out.all.clear();
    CHECK(runInside({arguments, {}}, place) != 0);
    CHECK_FALSE(out.all.empty());
  }
}

}  // namespace
}  // namespace doorstep::commands
