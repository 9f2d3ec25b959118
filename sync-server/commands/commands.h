// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace doorstep::commands {

// Flags before the sub-command, the same for all of them.
struct GlobalFlags {
  std::string directory = "doorstep";  // --directory: database, keys, config.toml
  std::string clockFile;               // --clock: a SharedClock's file; empty: the system's clock
};

// Each adds one sub-command with its flags and a callback that does the work, prints what a person
// needs to know, and leaves the process's exit code (0 done, 1 failed, 2 something to look at).
// Callbacks run inside main's parse, after the flags are filled; both references outlive it.
//
// A command opens what it needs with config::ServerContext::openForCommand(flags) (config/
// server_context.h), on its own thread and single-threaded; `serve` may be running beside it, for
// import-rota, enrol, account, export and verify. rebuild refuses then.
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

}  // namespace doorstep::commands
