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

#include "sync-server/commands/commands.h"
#include "sync-server/config/clock_care.h"
#include "sync-server/config/running_server.h"

namespace doorstep::commands {
namespace {

constexpr timespec kTickInterval{.tv_sec = 1, .tv_nsec = 0};

// Signals are taken by the main thread alone: every thread that is started after this leaves them.
sigset_t blockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A phone that hangs up must not end the process.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

Status serve(const GlobalFlags& flags, const config::RunningServer::Options& options) {
  const sigset_t signals = blockStopSignals();
  DOORSTEP_ASSIGN(auto context, config::openForServing(flags.directory, flags.clockFile));
  DOORSTEP_ASSIGN(auto server, config::RunningServer::start(std::move(context), options));
  // A shared clock of a replay is nobody's to keep right.
  if (const auto warning = config::clockWarning(); warning && flags.clockFile.empty())
    spdlog::warn("{}", *warning);
  const auto ports = server->ports();
  spdlog::info("serving: devices on port {}, web on port {}", ports.device, ports.web);
  int signal = 0;
  while ((signal = sigtimedwait(&signals, nullptr, &kTickInterval)) < 0 || signal == SIGHUP) {
    if (signal == SIGHUP)
      server->reload();
    else if (errno != EAGAIN)
      continue;
    if (Status ticked = server->tick(); !ticked.ok()) {
      server->stop();
      return ticked;
    }
  }
  spdlog::info("stopping: {}", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  server->stop();
  spdlog::info("stopped");
  return kDone;
}

}  // namespace

void addServeCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand("serve", "Run the server until SIGTERM");
  // shared_ptr: CLI11 copies its callbacks.
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
