// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/config/server_directory.h"
#include "sync-server/storage/storage.h"

namespace doorstep::config {

// What every sub-command builds on: the directory, the clock, and the database brought to this
// release's schema. `serve` adds services, logs and ports on top (config/running_server.h).
// Members are built in this order and destroyed in the reverse one. Thread: one at a time.
struct ServerContext {
  ServerDirectory directory;
  std::unique_ptr<Clock> clock;  // the operating system's, or a SharedClock of --clock
  std::unique_ptr<IdSource> ids;
  std::unique_ptr<storage::Storage> storage;
};

// Every folder's tables at this release; the simulator and tests call it on databases of their own.
Status migrateAll(sqlite::Database& database);

// For a command that ends by itself: single-threaded storage; use storage->write(job) for changes
// and storage->read() for reads. A server may run on the same directory.
Result<ServerContext> openForCommand(const std::string& directory, const std::string& clockFile);
// For serve: with the writer thread.
Result<ServerContext> openForServing(const std::string& directory, const std::string& clockFile);

}  // namespace doorstep::config
