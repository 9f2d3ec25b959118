// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "shared/core/local_time.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/certificate_care.h"

namespace doorstep::commands {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Returns true if there are no warnings.
Result<bool> show(const std::string& folder) {
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::open(folder));
  DOORSTEP_ASSIGN(const auto states,
                  config::certificateStates(directory, SystemClock().wallUnixMs()));
  bool clean = true;
  for (const auto& state : states) {
    fmt::print("{}{}: until {}{}\n", state.what, state.serves ? "" : " (for phones only)",
               unixMsToUtc(state.facts.endsUnixMs),
               state.facts.names.empty() ? "" : ", for " + listed(state.facts.names));
    for (const auto& warning : state.warnings)
      fmt::print("  {}\n", warning);
    clean = clean && state.warnings.empty();
  }
  return clean;
}

struct CertificateFlags {
  bool renew = false;
  bool newAuthority = false;
  std::size_t authority = 0;
};

// Also runs inside a running server, so that nobody reads a half-written pair of files and the
// files belong to the server's user. The server uses them from its next start.
Status make(const FolderPlace& place, const CertificateFlags& asked) {
  DOORSTEP_TRY(place.mayGoOn());
  if (asked.newAuthority) {
    DOORSTEP_ASSIGN(const auto number, config::ServerDirectory::addAuthority(place.path));
    place.out.print(fmt::format(
        "Authority {0} is made. Restart the server: phones that call get a certificate of it. When "
        "the log says that all have one, `certificate --renew --authority {0}` gives the server "
        "its own.\n",
        number));
  }
  if (asked.renew) {
    DOORSTEP_TRY(config::ServerDirectory::renewServerCertificate(place.path, asked.authority));
    place.out.print("A new server's certificate is made. Restart the server to use it.\n");
  }
  return kDone;
}

std::string words(const Error& error) {
  return fmt::format("certificate: {} ({})\n", error.text, error.reason);
}

int makeAsked(const GlobalFlags& flags, const CertificateFlags& asked) {
  return runInFolder(flags, "certificate", [&](const FolderPlace& place) {
    const Status made = make(place, asked);
    if (!made.ok())
      place.out.printError(words(made.error()));
    return made.ok() ? 0 : 1;
  });
}

}  // namespace

void addCertificateCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "certificate",
      "Show the server's certificates: their names and how long they last (exit code 2 when "
      "something must be done)");
  // shared_ptr because CLI11 copies its callbacks.
  auto asked = std::make_shared<CertificateFlags>();
  auto* renew =
      command->add_flag("--renew", asked->renew,
                        "Make a new certificate for host and also_known_as of config.toml, under "
                        "the authority that phones know");
  command->add_option("--authority", asked->authority, "With --renew: the authority of this number")
      ->needs(renew)
      ->check(CLI::Range(std::size_t{1}, config::kAuthoritiesMax));
  command
      ->add_flag("--new-authority", asked->newAuthority,
                 "Make the authority that is to replace the newest one; phones hear of it when "
                 "they call")
      ->excludes(renew);
  command->callback([asked, &flags, &exitCode] {
    if (asked->renew || asked->newAuthority || flags.inside != nullptr)
      exitCode = makeAsked(flags, *asked);
    if (exitCode != 0 || flags.inside != nullptr)
      return;
    const auto clean = show(flags.directory);
    exitCode = !clean.ok() ? 1 : *clean ? 0 : 2;
    if (!clean.ok())
      fmt::print(stderr, "{}", words(clean.error()));
  });
}

}  // namespace doorstep::commands
