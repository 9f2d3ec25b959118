// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/commands/workplace.h"

namespace CLI {
class App;
}

namespace doorstep::commands {

// Flags before the sub-command, common to all, and where the command runs.
struct GlobalFlags {
  std::string directory = "doorstep";  // --directory: database, keys, config.toml
  std::string clockFile;               // --clock: a SharedClock's file; empty: the system's clock
  std::vector<std::string> arguments;  // the whole command line, to send to a running server
  // Set when running inside a server on behalf of a command. Null: in the command's own process.
  const Workplace* inside = nullptr;
};

// Each adds one sub-command with its flags and a callback that does the work, prints results and
// sets the exit code (0 done, 1 failed, 2 needs attention). Callbacks run inside main's parse,
// after the flags are filled; both references outlive it.
//
// Who writes the database or the keys holds serve.lock, or asks who does: import-rota, enrol,
// account, what certificate makes, the look that export writes down and what report waits for run
// inside a running server (write_command.h); serve, rebuild and init take the lock or refuse.
// verify, `account list` and the rest of export, report and certificate read beside a server
// (config::openForReading).
void addInitCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);   // init.cpp
void addServeCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);  // serve.cpp
void addImportRotaCommand(CLI::App& app, const GlobalFlags& flags,
                          int& exitCode);                                        // import_rota.cpp
void addEnrolCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);    // enrol.cpp
void addAccountCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);  // account.cpp
void addExportCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);   // export.cpp
void addVerifyCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);   // verify.cpp
void addCertificateCommand(CLI::App& app, const GlobalFlags& flags,
                           int& exitCode);                                       // certificate.cpp
void addRebuildCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);  // rebuild.cpp
void addReportCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode);   // report.cpp

// --directory and --clock.
void addGlobalOptions(CLI::App& app, GlobalFlags& flags);  // write_command.cpp

}  // namespace doorstep::commands
