// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "sync-server/commands/commands.h"
#include "sync-server/config/server_context.h"
#include "sync-server/event_log/sqlite/log_audit.h"
#include "sync-server/identity/device_registry.h"

namespace doorstep::commands {
namespace {

void showProgress(std::uint64_t done, std::uint64_t all) {
  if (isatty(STDERR_FILENO) != 0)
    fmt::print(stderr, "\r{} of {} entries", done, all);
}

// True when nothing is wrong.
Result<bool> verify(const GlobalFlags& flags) {
  DOORSTEP_ASSIGN(auto context, config::openForCommand(flags.directory, flags.clockFile));
  const event_log::LogSigners signers(context.directory.config().host,
                                      context.directory.keys().logKey);
  auto lease = context.storage->read();
  DOORSTEP_TRY((*lease).quickCheck());
  const event_log::DeviceKeys keys =
      [&](DeviceId id) -> Result<std::optional<crypto::P256PublicKey>> {
    auto device = identity::device(*lease, id);
    if (!device.ok())
      return std::optional<crypto::P256PublicKey>();
    DOORSTEP_ASSIGN(auto key, crypto::P256PublicKey::fromSpki(device->signingKeySpki));
    return std::optional(std::move(key));
  };
  DOORSTEP_ASSIGN(const auto reports, event_log::LogAudit(*lease, signers, keys).run(showProgress));
  bool clean = true;
  for (const auto& report : reports) {
    clean = clean && report.findings == 0;
    fmt::print("log {}: {} entries, {} signatures, {}\n", report.provider.value, report.entries,
               report.signatures,
               report.findings == 0 ? "all right" : fmt::format("{} FINDINGS", report.findings));
    for (const auto& text : report.texts)
      fmt::print("  {}\n", text);
    if (report.findings > report.texts.size())
      fmt::print("  and {} more\n", report.findings - report.texts.size());
  }
  return clean;
}

}  // namespace

void addVerifyCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand("verify",
                                     "Recompute the whole log from its entries and say what is "
                                     "wrong (exit code 2 when anything is)");
  command->callback([&flags, &exitCode] {
    const auto clean = verify(flags);
    exitCode = !clean.ok() ? 1 : *clean ? 0 : 2;
    if (!clean.ok())
      fmt::print(stderr, "verify: {} ({})\n", clean.error().text, clean.error().reason);
  });
}

}  // namespace doorstep::commands
