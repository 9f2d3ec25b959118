// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/mutex.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "shared/core/local_time.h"
#include "sync-server/commands/commands.h"

int main(int argc, char** argv) {
  // Debian builds absl with its deadlock detector enabled: it takes a tenth of the server's time,
  // and may abort.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  using namespace doorstep::commands;
  if (!doorstep::hasTimeZoneData())
    std::fputs(
        "doorstep-server: this machine has no time zone data for Europe/London (install the "
        "package "
        "tzdata); local times follow the rule that has been in force since 1996\n",
        stderr);
  CLI::App app("Doorstep: what happened at the door, kept and provable");
  GlobalFlags flags;
  flags.arguments.assign(argv + std::min(argc, 1), argv + argc);
  int exitCode = 0;
  addGlobalOptions(app, flags);
  addInitCommand(app, flags, exitCode);
  addServeCommand(app, flags, exitCode);
  addImportRotaCommand(app, flags, exitCode);
  addEnrolCommand(app, flags, exitCode);
  addAccountCommand(app, flags, exitCode);
  addExportCommand(app, flags, exitCode);
  addVerifyCommand(app, flags, exitCode);
  addCertificateCommand(app, flags, exitCode);
  addRebuildCommand(app, flags, exitCode);
  addReportCommand(app, flags, exitCode);
  CLI11_PARSE(app, argc, argv);
  return exitCode;
}
