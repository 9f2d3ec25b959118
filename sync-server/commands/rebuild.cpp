// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>
#include <vector>

#include "sync-server/commands/commands.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/config/server_context.h"
#include "sync-server/event_log/decision_places.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/projections/projection_rebuild.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commands {
namespace {

Result<event_log::DecisionPlaces::Offices> officesOf(sql::Database& database) {
  event_log::DecisionPlaces::Offices offices;
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers) {
    DOORSTEP_ASSIGN(const auto office, identity::officeDevice(database, provider.id));
    if (office)
      offices.emplace(provider.id, office->id);
  }
  return offices;
}

Result<projections::Rebuilt> rebuild(const GlobalFlags& flags) {
  // A running server caches projections and would write its own state over the new one.
  DOORSTEP_ASSIGN(const auto directory, config::ServerDirectory::open(flags.directory));
  DOORSTEP_ASSIGN(const auto lock, directory.lockAfterCommand("rebuild"));
  DOORSTEP_ASSIGN(auto context, config::openForWriting(flags.directory, flags.clockFile));
  const event_log::LogSigners signers = context.signers();
  DOORSTEP_ASSIGN(auto log, event_log::SqlEventLog::open(*context.storage, signers));
  DOORSTEP_ASSIGN(auto offices, officesOf(context.storage->writer()));
  roster::VisitAliases aliases(context.storage->writer());
  DOORSTEP_ASSIGN(auto visits,
                  projections::VisitProjection::open(context.storage->writer(), *log, nullptr,
                                                     config::resolveWith(aliases)));
  DOORSTEP_ASSIGN(auto decisions,
                  event_log::DecisionPlaces::open(context.storage->writer(), std::move(offices)));
  const bool showsProgress = isatty(STDERR_FILENO) != 0;
  DOORSTEP_ASSIGN(const auto rebuilt, projections::rebuildProjections(
                                          *context.storage, *log, {visits.get(), decisions.get()},
                                          [&](std::uint64_t done, std::uint64_t all) {
                                            if (showsProgress)
                                              fmt::print(stderr, "\r{} of {} entries", done, all);
                                          }));
  // One that is interrupted from here on is finished by the server in the background.
  DOORSTEP_TRY(context.storage->write(records::clearRecords));
  DOORSTEP_TRY(records::settleAll(
      *context.storage, *context.clock, [] { return Status(kDone); },
      [&](std::uint64_t judged) {
        if (showsProgress)
          fmt::print(stderr, "\r{} visits judged", judged);
      }));
  return rebuilt;
}

}  // namespace

void addRebuildCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "rebuild",
      "Drop everything that is derived from the log and derive it again (stop the server first)");
  command->callback([&flags, &exitCode] {
    const auto rebuilt = rebuild(flags);
    exitCode = rebuilt.ok() ? 0 : 1;
    if (!rebuilt.ok())
      return fmt::print(stderr, "rebuild: {} ({})\n", rebuilt.error().text, rebuilt.error().reason);
    fmt::print("rebuilt from {} entries\n", rebuilt->entries);
    if (rebuilt->erased > 0)
      fmt::print("{} of them without bytes: they were erased\n", rebuilt->erased);
    if (rebuilt->damaged > 0)
      fmt::print("{} of them damaged and left out: `verify` names them\n", rebuilt->damaged);
  });
}

}  // namespace doorstep::commands
