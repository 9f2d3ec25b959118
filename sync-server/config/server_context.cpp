// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_context.h"

#include "shared/core/shared_clock.h"
#include "sync-server/event_log/sqlite/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/schema.h"

namespace doorstep::config {
namespace {

Result<std::unique_ptr<Clock>> openClock(const std::string& clockFile) {
  if (clockFile.empty())
    return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
  DOORSTEP_ASSIGN(auto shared, SharedClock::open(clockFile));
  return std::unique_ptr<Clock>(std::move(shared));
}

Result<ServerContext> openContext(const std::string& directory, const std::string& clockFile,
                                  bool singleThreaded) {
  DOORSTEP_ASSIGN(auto opened, ServerDirectory::open(directory));
  DOORSTEP_ASSIGN(auto clock, openClock(clockFile));
  DOORSTEP_ASSIGN(auto storage, storage::Storage::open({.path = opened.databasePath(),
                                                        .singleThreaded = singleThreaded}));
  DOORSTEP_TRY(migrateAll(storage->writer()));
  return ServerContext{std::move(opened), std::move(clock), std::make_unique<SystemIdSource>(),
                       std::move(storage)};
}

}  // namespace

Status migrateAll(sqlite::Database& database) {
  DOORSTEP_TRY(event_log::migrate(database));
  DOORSTEP_TRY(roster::migrate(database));
  DOORSTEP_TRY(identity::migrate(database));
  return projections::migrate(database);
}

Result<ServerContext> openForCommand(const std::string& directory, const std::string& clockFile) {
  return openContext(directory, clockFile, true);
}

Result<ServerContext> openForServing(const std::string& directory, const std::string& clockFile) {
  return openContext(directory, clockFile, false);
}

}  // namespace doorstep::config
