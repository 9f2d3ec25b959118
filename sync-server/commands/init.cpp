// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "sync-server/commands/commands.h"
#include "sync-server/config/server_context.h"

namespace doorstep::commands {
namespace {

constexpr int kPortMax = 65'535;

// Also opens the new database, so that faults of the folder are reported now.
Status newDatabase(const GlobalFlags& flags) {
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::open(flags.directory));
  DOORSTEP_ASSIGN(const auto lock,
                  directory.lockAfterCommand("init"));  // a server may run whose file was lost
  DOORSTEP_TRY(config::createDatabase(flags.directory));
  DOORSTEP_TRY(config::openForWriting(flags.directory, flags.clockFile));
  return kDone;
}

// Returns the settings as written.
Result<config::ServerConfig> init(const GlobalFlags& flags, const config::ServerConfig& config) {
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::create(flags.directory, config));
  DOORSTEP_TRY(newDatabase(flags));
  return directory.config();
}

}  // namespace

void addInitCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "init", "Make a server: its folder, keys, certificate authority and database");
  // shared_ptr because CLI11 copies its callbacks.
  auto config = std::make_shared<config::ServerConfig>();
  command
      ->add_option("--host", config->host,
                   "Name or address by which phones and browsers reach the server")
      ->capture_default_str();
  command->add_option("--also-known-as", config->alsoKnownAs,
                      "More names and addresses for its certificate");
  command->add_option("--device-address", config->deviceAddress, "Address to listen on for phones")
      ->capture_default_str();
  command->add_option("--device-port", config->devicePort, "Port for phones; 0: any free one")
      ->check(CLI::Range(0, kPortMax))
      ->capture_default_str();
  command->add_option("--web-address", config->webAddress, "Address to listen on for browsers")
      ->capture_default_str();
  command->add_option("--web-port", config->webPort, "Port for browsers; 0: any free one")
      ->check(CLI::Range(0, kPortMax))
      ->capture_default_str();
  command->add_option("--dashboard", config->dashboardDirectory, "Folder of the built dashboard");
  auto onlyDatabase = std::make_shared<bool>(false);
  command->add_flag("--new-database", *onlyDatabase,
                    "Give a server that has lost its database an empty one: every record is gone, "
                    "and every phone must be enrolled anew");
  command->callback([config, onlyDatabase, &flags, &exitCode] {
    if (*onlyDatabase) {
      const Status made = newDatabase(flags);
      exitCode = made.ok() ? 0 : 1;
      if (!made.ok())
        fmt::print(stderr, "init: {} ({})\n", made.error().text, made.error().reason);
      return;
    }
    const auto done = init(flags, *config);
    exitCode = done.ok() ? 0 : 1;
    if (!done.ok())
      return fmt::print(stderr, "init: {} ({})\n", done.error().text, done.error().reason);
    fmt::print(
        "A server for {} is in {}. Its keys are in {}/keys: back them up with the database.\n",
        done->host, flags.directory, flags.directory);
  });
}

}  // namespace doorstep::commands
