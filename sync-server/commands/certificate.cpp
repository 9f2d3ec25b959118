// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "shared/core/local_time.h"
#include "sync-server/commands/commands.h"
#include "sync-server/config/certificate_care.h"

namespace doorstep::commands {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

// True when nothing must be done.
Result<bool> show(const GlobalFlags& flags) {
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::open(flags.directory));
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

Result<bool> showOrRenew(const GlobalFlags& flags, const CertificateFlags& asked) {
  if (asked.newAuthority) {
    DOORSTEP_ASSIGN(const auto number, config::ServerDirectory::addAuthority(flags.directory));
    fmt::print(
        "Authority {0} is made. Restart the server: phones that call get a certificate of it. When "
        "the log says that all have one, `certificate --renew --authority {0}` gives the server "
        "its own.\n",
        number);
  }
  if (asked.renew) {
    DOORSTEP_TRY(config::ServerDirectory::renewServerCertificate(flags.directory, asked.authority));
    fmt::print("A new server's certificate is made. Restart the server to use it.\n");
  }
  return show(flags);
}

}  // namespace

void addCertificateCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "certificate",
      "Show the server's certificates: their names and how long they last (exit code 2 when "
      "something must be done)");
  // shared_ptr: CLI11 copies its callbacks.
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
    const auto clean = showOrRenew(flags, *asked);
    exitCode = !clean.ok() ? 1 : *clean ? 0 : 2;
    if (!clean.ok())
      fmt::print(stderr, "certificate: {} ({})\n", clean.error().text, clean.error().reason);
  });
}

}  // namespace doorstep::commands
