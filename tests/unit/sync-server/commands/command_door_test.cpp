// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/command_door.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "shared/core/mutex.h"
#include "sync-server/commands/limits.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::commands {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::milliseconds kShort{200};

Condition::Deadline soon() { return Condition::deadlineIn(kPatience); }

// Prints its arguments, and ends with the number of its files.
int echo(const CommandCall& call, Output& out, const CommandDoor::MayGoOn& mayGoOn) {
  for (const std::string& argument : call.arguments)
    out.print(argument + "\n");
  if (const Status may = mayGoOn(); !may.ok())
    out.printError(may.error().reason);
  return static_cast<int>(call.attached.files.size());
}

std::string bytesOf(const std::vector<std::string>& arguments, std::size_t files = 0) {
  CommandCall call{arguments, {}};
  for (std::size_t i = 0; i < files; ++i)
    call.attached.files.push_back({"people.csv", "person_ref,name\n"});
  std::string bytes;
  for (const std::string& frame : callFrames(call))
    bytes += frame;
  return bytes;
}

struct Door {
  explicit Door(CommandDoor::Run run = echo,
                std::chrono::milliseconds silenceMax = kCallSilenceMax) {
    auto opened = CommandDoor::open(folder.path(), std::move(run), silenceMax);
    REQUIRE(opened.ok());
    door = std::move(opened).value();
  }
  LocalSocket connect() const {
    auto socket = LocalSocket::connect(folder.path());
    REQUIRE(socket.ok());
    return std::move(socket).value();
  }
  support::TemporaryFolder folder;
  std::unique_ptr<CommandDoor> door;
};

// All that comes until the exit code, and that; or what came before the end.
std::string answer(const LocalSocket& socket) {
  FrameReader frames;
  std::string text;
  while (true) {
    const auto bytes = socket.waitForSome(kReadBytes, soon());
    if (!bytes.ok())
      return text + bytes.error().reason;
    frames.add(*bytes);
    while (true) {
      auto frame = frames.next();
      if (!frame.ok() || !*frame)
        break;
      if ((*frame)->kind == 'X')
        return text + "=" + std::to_string((*frame)->content.at(0));
      text += (*frame)->content;
    }
  }
}

std::string asked(const Door& door, const std::string& bytes) {
  const LocalSocket socket = door.connect();
  REQUIRE(socket.writeAll(bytes, soon()).ok());
  return answer(socket);
}

TEST_CASE("a command runs inside, and its words and exit code come back") {
  const Door door;
  CHECK(asked(door, bytesOf({"account", "list"})) == "account\nlist\n=0");
  CHECK(asked(door, bytesOf({"import-rota"}, 3)) == "import-rota\n=3");
}

TEST_CASE("the socket is for its owner alone, and takes the place of one that was left") {
  const Door door;
  struct stat there {};
  REQUIRE(lstat(door.folder.file("command.sock").c_str(), &there) == 0);
  CHECK(S_ISSOCK(there.st_mode));
  CHECK((there.st_mode & 0777) == 0600);
  CHECK(door.connect().isOwners(door.folder.path()));
  door.door->stop();
  CHECK(LocalSocket::connect(door.folder.path()).error().reason == "SERVER_NOT_RUNNING");
  { const auto left = LocalSocket::listen(door.folder.path()); }  // nobody removes it
  CHECK(LocalSocket::connect(door.folder.path()).error().reason == "SERVER_NOT_RUNNING");
  CHECK(LocalSocket::listen(door.folder.path()).ok());
}

TEST_CASE("what has the socket's name and is none is left alone, in words") {
  const support::TemporaryFolder folder;
  std::ofstream(folder.file("command.sock")) << "somebody's";
  const auto refused = CommandDoor::open(folder.path(), echo);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().reason == "SOCKET_FAILED");
  CHECK(refused.error().text.find("move it away") != std::string::npos);
  CHECK(std::filesystem::file_size(folder.file("command.sock")) == 10);
}

TEST_CASE("a folder whose path is longer than a socket's name has its socket all the same") {
  const support::TemporaryFolder folder;
  const auto deep = std::filesystem::path(folder.path()) / std::string(120, 'd');
  std::filesystem::create_directories(deep);
  const auto door = CommandDoor::open(deep, echo);
  REQUIRE(door.ok());
  const auto socket = LocalSocket::connect(deep);
  REQUIRE(socket.ok());
  REQUIRE(socket->writeAll(bytesOf({"enrol"}), soon()).ok());
  CHECK(answer(*socket) == "enrol\n=0");
}

TEST_CASE("what is no command is told so and costs nobody else anything") {
  const Door door;
  const std::string hostile[] = {std::string("A\xff\xff\xff\xff", 5), "GET / HTTP/1.1\r\n\r\n",
                                 frameBytes('G', ""), frameBytes('V', "other"),
                                 std::string(100'000, '\0')};
  for (const std::string& bytes : hostile) {
    const std::string told = asked(door, bytes);
    CHECK(told.ends_with("=1"));
    CHECK(told.size() > 10);
    CHECK(asked(door, bytesOf({"still", "here"})) == "still\nhere\n=0");
  }
}

TEST_CASE("half a command and silence hold up nobody, and are dropped in words") {
  const Door door(echo, kShort);
  const LocalSocket silent = door.connect();
  const LocalSocket half = door.connect();
  const std::string bytes = bytesOf({"import-rota"}, 2);
  REQUIRE(half.writeAll(std::string_view(bytes).substr(0, bytes.size() - 3), soon()).ok());
  CHECK(asked(door, bytesOf({"other"})) == "other\n=0");
  CHECK(answer(half).find("CALL_UNFINISHED") != std::string::npos);
  CHECK(answer(silent).find("CALL_UNFINISHED") != std::string::npos);
}

TEST_CASE("a hundred that say nothing make room for one that does") {
  const Door door;
  std::vector<LocalSocket> silent;
  for (int i = 0; i < 100; ++i)
    silent.push_back(door.connect());
  CHECK(asked(door, bytesOf({"in", "time"})) == "in\ntime\n=0");
  CHECK(answer(silent.front()).find("CALLERS_TOO_MANY") != std::string::npos);
}

TEST_CASE("many commands at once are all done, one at a time") {
  std::atomic<int> inside = 0;
  std::atomic<bool> together = false;
  const Door door([&](const CommandCall& call, Output& out, const CommandDoor::MayGoOn&) {
    together = together || ++inside > 1;
    out.print(call.arguments.front());
    --inside;
    return 0;
  });
  std::vector<LocalSocket> callers;
  for (int i = 0; i < 60; ++i) {
    callers.push_back(door.connect());
    REQUIRE(callers.back().writeAll(bytesOf({"n" + std::to_string(i)}), soon()).ok());
  }
  for (int i = 0; i < 60; ++i)
    CHECK(answer(callers[static_cast<std::size_t>(i)]) == "n" + std::to_string(i) + "=0");
  CHECK_FALSE(together);
}

TEST_CASE("whoever leaves before the commit has nothing done") {
  std::optional<LocalSocket> caller;
  std::string reason;
  Mutex mutex;
  Condition ended;
  bool done = false;
  const Door door([&](const CommandCall&, Output&, const CommandDoor::MayGoOn& mayGoOn) {
    const MutexLock lock(mutex);
    caller.reset();
    const Status may = mayGoOn();
    reason = may.ok() ? "" : may.error().reason;
    done = true;
    ended.notifyAll();
    return 0;
  });
  const MutexLock lock(mutex);
  caller.emplace(door.connect());
  REQUIRE(caller->writeAll(bytesOf({"import-rota"}), soon()).ok());
  const auto deadline = soon();
  while (!done && ended.waitUntil(mutex, deadline)) {
  }
  CHECK(reason == "CALLER_LEFT");
}

TEST_CASE("a door that is stopped takes back what has not committed, and tells who waits") {
  CommandDoor* open = nullptr;
  std::thread stopping;
  Door door([&](const CommandCall& call, Output& out, const CommandDoor::MayGoOn& mayGoOn) {
    if (call.arguments.front() == "first") {
      stopping = std::thread([&] { open->stop(); });
      while (mayGoOn().ok())
        std::this_thread::yield();
    }
    return echo(call, out, mayGoOn);
  });
  open = door.door.get();
  const LocalSocket silent = door.connect();
  const LocalSocket first = door.connect();
  const LocalSocket second = door.connect();
  REQUIRE(first.writeAll(bytesOf({"first"}), soon()).ok());
  CHECK(answer(first) == "first\nSERVER_STOPPING=0");
  stopping.join();
  CHECK_FALSE(answer(silent).empty());
  CHECK_FALSE(answer(second).empty());
}

TEST_CASE("an exception inside a command is an answer, and the next one is served") {
  const Door door([](const CommandCall& call, Output& out, const CommandDoor::MayGoOn&) -> int {
    if (call.arguments.empty())
      throw std::runtime_error("a library's own");
    out.print("fine");
    return 0;
  });
  CHECK(asked(door, bytesOf({})) == "a library's own (UNEXPECTED)\n=1");
  CHECK(asked(door, bytesOf({"x"})) == "fine=0");
}

}  // namespace
}  // namespace doorstep::commands
