// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>

#include "sync-server/commands/command_door.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/clock_care.h"
#include "sync-server/config/running_server.h"

namespace doorstep::commands {
namespace {

constexpr timespec kTickInterval{.tv_sec = 1, .tv_nsec = 0};

// Only the main thread handles these signals: threads started later inherit the blocked mask.
sigset_t blockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A closed connection must not end the process.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Checks pending signals: the main thread may be waiting for the writer, which runs the command,
// and so may not have handled one yet.
bool isToldToStop() {
  sigset_t pending;
  return sigpending(&pending) == 0 &&
         (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

// Opens the socket for commands. If that fails, the server runs without it and such commands are
// refused.
std::unique_ptr<CommandDoor> openDoor(config::RunningServer& server, IdSource& ids,
                                      const std::string& clockFile) {
  const config::ServerContext& context = server.context();
  const auto office = [&server]() -> Result<office::OfficeLog*> { return &server.office(); };
  const auto run = [&, office](const CommandCall& call, Output& out,
                               const CommandDoor::MayGoOn& mayGoOn) {
    const auto mayCommit = [&]() -> Status {
      if (isToldToStop())
        return Error{ErrorCode::Unavailable, "SERVER_STOPPING",
                     "the server is stopping; nothing was done"};
      return mayGoOn();
    };
    const int code = runInside(call, {context.directory, *context.storage, *context.clock, ids,
                                      call.attached, out, mayCommit, office, clockFile});
    server.commandDone();
    return code;
  };
  auto door = CommandDoor::open(context.directory.path(), run);
  if (door.ok())
    return std::move(door).value();
  spdlog::warn("no command can write beside this server: {}", door.error().text);
  return nullptr;
}

Status serve(const GlobalFlags& flags, const config::RunningServer::Options& options) {
  const sigset_t signals = blockStopSignals();
  DOORSTEP_ASSIGN(auto context, config::openForServing(flags.directory, flags.clockFile));
  DOORSTEP_ASSIGN(auto server, config::RunningServer::start(std::move(context), options));
  // No warning with --clock: the clock of a replay is not synchronised.
  if (const auto warning = config::clockWarning(); warning && flags.clockFile.empty())
    spdlog::warn("{}", *warning);
  SystemIdSource ids;  // of the door's thread
  const auto door = openDoor(*server, ids, flags.clockFile);
  const auto ports = server->ports();
  spdlog::info("serving: devices on port {}, web on port {}", ports.device, ports.web);
  const auto stop = [&] {
    if (door)
      door->stop();
    server->stop();
  };
  int signal = 0;
  while ((signal = sigtimedwait(&signals, nullptr, &kTickInterval)) < 0 || signal == SIGHUP) {
    if (signal == SIGHUP)
      server->reload();
    else if (errno != EAGAIN)
      continue;
    if (Status ticked = server->tick(); !ticked.ok()) {
      stop();
      return ticked;
    }
  }
  spdlog::info("stopping: {}", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  stop();
  spdlog::info("stopped");
  return kDone;
}

}  // namespace

void addServeCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand("serve", "Run the server until SIGTERM");
  // shared_ptr because CLI11 copies its callbacks.
  auto options = std::make_shared<config::RunningServer::Options>();
  command->add_flag("--even-if-expired", options->evenIfExpired,
                    "Start although a certificate has ended: phones and browsers may not connect");
  command->add_flag("--clock-is-right", options->clockIsRight,
                    "Start although records are stamped later than now: the clock was wrong then");
  command->callback([options, &flags, &exitCode] {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("doorstep"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    const Status done = serve(flags, *options);
    exitCode = done.ok() ? 0 : 1;
    if (!done.ok())
      spdlog::error("{} ({})", done.error().text, done.error().reason);
  });
}

}  // namespace doorstep::commands
