// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/write_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "sync-server/commands/limits.h"
#include "sync-server/commands/local_socket.h"
#include "sync-server/config/office_desk.h"
#include "sync-server/config/server_context.h"

namespace doorstep::commands {
namespace {

using Turn = std::variant<LocalSocket, config::ServerDirectory::Lock>;

// A running server without a socket is of an older release, or could not create one.
Error withRemedy(Error error) {
  if (error.reason == "SERVER_RUNNING")
    error.text += ", and takes no commands: restart it, or stop it first; its log says why";
  return error;
}

// Connects to the running server, or takes the lock if none is running.
Result<Turn> takeTurn(const std::filesystem::path& folder, const char* name, Output& out) {
  const auto deadline = Condition::deadlineIn(kTurnWaitMax);
  const auto tellFrom = Condition::deadlineIn(kTurnSilenceMax);
  bool told = false;
  while (true) {
    auto socket = LocalSocket::connect(folder);
    if (socket.ok())
      return Turn(std::move(socket).value());
    if (socket.error().code != ErrorCode::NotFound && socket.error().code != ErrorCode::Unavailable)
      return socket.error();
    auto lock = config::ServerDirectory::lockFolder(folder, name);
    if (lock.ok())
      return Turn(std::move(lock).value());
    const bool isTaken = lock.error().code == ErrorCode::FailedPrecondition;
    const auto now = Condition::deadlineIn(std::chrono::milliseconds(0));
    if (!isTaken || now >= deadline)
      return withRemedy(lock.error());
    if (now >= tellFrom && !std::exchange(told, true))
      out.progress(fmt::format("{}: waiting: {}\n", name, lock.error().text));
    std::this_thread::sleep_for(kTurnTryEvery);
  }
}

Error serverLeft() {
  return {ErrorCode::Unavailable, "SERVER_LEFT",
          "the server ended before it answered, and whether the command was done is not known: "
          "look, and type it again if it was not"};
}

// Prints the output in a frame; returns the exit code of the last frame.
std::optional<int> show(const Frame& frame, Output& out) {
  if (frame.kind == 'O')
    out.print(frame.content);
  else if (frame.kind == 'E')
    out.printError(frame.content);
  else if (frame.kind == 'X' && frame.content.size() == 1)
    return static_cast<unsigned char>(frame.content[0]);
  return std::nullopt;
}

Result<int> ask(const LocalSocket& server, const CommandCall& call, Output& out) {
  // A server that refuses stops reading; its answer is read even if sending failed.
  const auto sendUntil = Condition::deadlineIn(kAnswerWaitMax);
  for (const std::string& frame : callFrames(call))
    if (!server.writeAll(frame, sendUntil).ok())
      break;
  FrameReader frames;
  const auto answerUntil = Condition::deadlineIn(kAnswerWaitMax);
  while (true) {
    const auto bytes = server.waitForSome(kReadBytes, answerUntil);
    if (!bytes.ok())
      return serverLeft();
    frames.add(*bytes);
    while (true) {
      auto frame = frames.next();
      if (!frame.ok())
        return serverLeft();
      if (!*frame)
        break;
      if (const auto code = show(**frame, out))
        return *code;
    }
  }
}

Result<int> run(const GlobalFlags& flags, const char* name, const Attach& attach, const Work& work,
                Output& out) {
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::open(flags.directory));
  DOORSTEP_ASSIGN(Attached attached, attach());
  DOORSTEP_ASSIGN(const Turn turn, takeTurn(directory.path(), name, out));
  if (const auto* server = std::get_if<LocalSocket>(&turn))
    return ask(*server, {flags.arguments, std::move(attached)}, out);
  DOORSTEP_ASSIGN(auto context, config::openForWriting(flags.directory, flags.clockFile));
  std::unique_ptr<config::OfficeDesk> desk;
  const auto office = [&]() -> Result<office::OfficeLog*> {
    if (!desk) {
      DOORSTEP_ASSIGN(desk, config::OfficeDesk::open(context));
    }
    return &desk->office();
  };
  return work({context.directory, *context.storage, *context.clock, *context.ids, attached, out,
               [] { return kDone; }, office, flags.clockFile});
}

Result<int> runFolder(const GlobalFlags& flags, const char* name, const FolderWork& work,
                      Output& out) {
  // Checked first, since taking the lock would create a file in a folder without a server.
  const auto opened = config::ServerDirectory::open(flags.directory);
  if (!opened.ok() && opened.error().reason == "SERVER_MISSING")
    return opened.error();
  const std::filesystem::path folder = flags.directory;
  DOORSTEP_ASSIGN(const Turn turn, takeTurn(folder, name, out));
  if (const auto* server = std::get_if<LocalSocket>(&turn))
    return ask(*server, {flags.arguments, {}}, out);
  return work({folder, out, [] { return kDone; }});
}

// A command inside a server uses the server's clock. --clock is resolved in the server's working
// directory, like its own --clock, so a relative path may name another file there.
Status checkClock(const GlobalFlags& flags) {
  const std::string& asked = flags.clockFile;
  const std::string& kept = flags.inside->clockFile;
  std::error_code failed;
  if (asked.empty() || asked == kept ||
      (!kept.empty() && std::filesystem::equivalent(asked, kept, failed)))
    return kDone;
  return Error{ErrorCode::FailedPrecondition, "CLOCK_OF_SERVER",
               "a server runs here, and its clock counts, not that of --clock: leave --clock out, "
               "or stop the server first; nothing was done"};
}

int failed(const char* name, const Error& error, Output& out) {
  out.printError(fmt::format("{}: {} ({})\n", name, error.text, error.reason));
  return 1;
}

}  // namespace

void addGlobalOptions(CLI::App& app, GlobalFlags& flags) {
  app.require_subcommand(1);
  app.add_option("--directory,-d", flags.directory,
                 "Folder of the server: database, keys, config.toml")
      ->capture_default_str();
  app.add_option("--clock", flags.clockFile,
                 "File of a simulated clock, for replays and demonstrations");
}

int runWriting(const GlobalFlags& flags, const char* name, const Attach& attach, const Work& work) {
  if (flags.inside != nullptr) {
    const Status clock = checkClock(flags);
    return clock.ok() ? work(*flags.inside) : failed(name, clock.error(), flags.inside->out);
  }
  StandardOutput out;
  const auto code = run(flags, name, attach, work, out);
  return code.ok() ? *code : failed(name, code.error(), out);
}

int runInFolder(const GlobalFlags& flags, const char* name, const FolderWork& work) {
  if (flags.inside != nullptr) {
    const Workplace& inside = *flags.inside;
    const Status clock = checkClock(flags);
    return clock.ok() ? work({inside.directory.path(), inside.out, inside.mayGoOn})
                      : failed(name, clock.error(), inside.out);
  }
  StandardOutput out;
  const auto code = runFolder(flags, name, work, out);
  return code.ok() ? *code : failed(name, code.error(), out);
}

int runInside(const CommandCall& call, const Workplace& place) {
  CLI::App app("doorstep-server");
  GlobalFlags flags;
  flags.inside = &place;
  int exitCode = 0;
  addGlobalOptions(app, flags);
  addImportRotaCommand(app, flags, exitCode);
  addEnrolCommand(app, flags, exitCode);
  addAccountCommand(app, flags, exitCode);
  addExportCommand(app, flags, exitCode);
  addCertificateCommand(app, flags, exitCode);
  addReportCommand(app, flags, exitCode);
  std::vector<std::string> reversed(call.arguments.rbegin(),
                                    call.arguments.rend());  // CLI11 expects reverse order
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream errors;
    exitCode = app.exit(error, out, errors);
    place.out.print(out.str());
    place.out.printError(errors.str());
  }
  return exitCode;
}

}  // namespace doorstep::commands
