// SPDX-License-Identifier: Apache-2.0
// A server that is told to stop in the middle of a command, and callers who are not its owner's.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "shared/core/local_time.h"
#include "sync-server/commands/command_call.h"
#include "sync-server/commands/limits.h"
#include "sync-server/commands/local_socket.h"
#include "tests/loopback/server_program.h"
#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;
// More than an import takes silently (20,000), so that it says when it has begun, and enough that
// it is not done before this process is awake again.
constexpr int kManyVisits = 40'000;
constexpr int kManyCarers = 200;  // of whom each may have 300 visits on a day

std::string textOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void writeRota(const TemporaryFolder& folder, int visits) {
  std::ofstream(folder.file("people.csv"))
      << "person_ref,name,latitude,longitude,lot\np0,Ada Example,52.6,-1.1,north\n";
  std::ofstream carers(folder.file("carers.csv"));
  carers << "carer_ref,name,shift_start,shift_end\n";
  for (int i = 0; i < kManyCarers; ++i)
    carers << "c" << i << ",Carer Example,,\n";
  std::ofstream rows(folder.file("visits.csv"));
  rows << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
          "window_end,duration_min,after_visit_ref,min_gap_min,max_gap_min\n";
  const std::string day = londonDay(SystemClock().wallUnixMs());
  for (int i = 0; i < visits; ++i)
    rows << "v" << i << ",p0,1,1,c" << i % kManyCarers << ",s1," << day << "T00:05:00," << day
         << "T23:00:00,30,,,\n";
}

std::vector<std::string> importOf(const TestServer& server, const TemporaryFolder& rota) {
  return {kBinary,     "--directory", server.path(),     "import-rota",       "--provider",
          "Many Care", "--council",   "Example Council", rota.path().string()};
}

// How many visits the provider of such an import has; nothing: there is no such provider.
std::optional<std::int64_t> visitsOfImport(const TestServer& server) {
  const auto storage = server.openDatabase();
  const auto lease = storage->read();
  auto row = lease->prepare(
      "SELECT count(v.visit_id) FROM provider p LEFT JOIN visit_version v "
      "ON v.provider_id = p.provider_id WHERE p.name = 'Many Care' GROUP BY p.provider_id");
  REQUIRE(row.ok());
  return *row->step() ? std::optional(row->columnInt(0)) : std::nullopt;
}

TEST_CASE("a server that is told to stop takes back the import that it is at, and both say so") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  TemporaryFolder rota;
  writeRota(rota, kManyVisits);
  TemporaryFolder printed;
  const std::string output = printed.file("output");
  std::vector<std::string> typed{"/bin/sh", "-c", "exec >\"$0\" 2>&1; exec \"$@\"", output};
  for (const std::string& word : importOf(server, rota))
    typed.push_back(word);
  int code = -1;
  std::atomic<bool> ended = false;
  std::thread typing([&] {
    code = runProgram(typed);
    ended = true;
  });
  while (!ended && textOf(output).find(" visits") == std::string::npos)
    (void)poll(nullptr, 0, 10);  // looked at as often as a person blinks
  CHECK(server.stop() == 0);
  typing.join();
  INFO(textOf(output));
  // Whichever came first; never something in between.
  const auto imported = visitsOfImport(server);
  if (code == 0) {
    CHECK(imported == kManyVisits);
  } else {
    CHECK(code == 1);
    CHECK_FALSE(imported);
    CHECK(textOf(output).find("SERVER_STOPPING") != std::string::npos);
    CHECK(textOf(output).find("nothing was done") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(server.path() + "/command.sock"));
  CHECK(server.run({"verify"}) == 0);
  // It is done when it is typed again.
  CHECK(runCommand(importOf(server, rota)).code == 0);
  CHECK(visitsOfImport(server) == kManyVisits);
}

// What a process of nobody's is answered at the socket, whose mode somebody has loosened.
std::string answerToNobody(const std::string& folder) {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (setgid(kNobody) != 0 || setuid(kNobody) != 0)
      _exit(2);
    auto socket = commands::LocalSocket::connect(folder);
    std::string answer = socket.ok() ? "" : socket.error().reason;
    const auto deadline = Condition::deadlineIn(std::chrono::seconds(20));
    while (socket.ok()) {
      const auto bytes = socket->waitForSome(commands::kReadBytes, deadline);
      if (!bytes.ok())
        break;
      answer += *bytes;
    }
    const auto written = write(ends[1], answer.data(), answer.size());
    _exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 3);
  }
  close(ends[1]);
  std::string answer;
  char bytes[4096];
  for (ssize_t read = 0; (read = ::read(ends[0], bytes, sizeof bytes)) > 0;)
    answer.append(bytes, static_cast<std::size_t>(read));
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return answer;
}

TEST_CASE("another user's process gets no command done, whatever the modes of the files are") {
  if (geteuid() != 0) {
    WARN("not run as root: there is no other user to be");
    return;
  }
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  const std::string socket = server.path() + "/command.sock";
  fs::permissions(fs::path(server.path()).parent_path(), fs::perms(0755));
  fs::permissions(server.path(), fs::perms(0755));
  CHECK(answerToNobody(server.path()) == "SOCKET_FAILED");
  REQUIRE(chmod(socket.c_str(), 0666) == 0);
  const std::string answer = answerToNobody(server.path());
  INFO(answer);
  CHECK(answer.find("NOT_OWNER") != std::string::npos);
  CHECK(answer.ends_with(commands::frameBytes('X', "\x01")));
  // The command itself says it in a sentence.
  const CommandRun typed =
      runCommand({"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", kBinary,
                  "--directory", server.path(), "account", "create", "eve", "--role", "operator"});
  INFO(typed.text);
  CHECK(typed.refused());
  CHECK_FALSE(server.run({"account", "disable", "eve"}) == 0);
  CHECK(server.run({"account", "create", "ann", "--role", "operator"}) == 0);
  CHECK(server.stop() == 0);
}

}  // namespace
}  // namespace doorstep::support
