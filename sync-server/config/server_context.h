// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/config/server_directory.h"
#include "sync-server/event_log/log_signers.h"
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
  // In each log's origin: the host name of the server's first day
  // (event_log/log_identity.h).
  std::string logHost;
  // With which each provider's office signs.
  crypto::P256PrivateKey officeKey;
  // Of serve: taken before the database is opened, which a running server may have in use.
  std::optional<ServerDirectory::Lock> lock;

  event_log::LogSigners signers() const { return {logHost, directory.keys().logKey}; }
};

// Every folder's tables at this release; the simulator and tests call it on databases of their own.
Status migrateAll(sql::Database& database);

// The open functions want the database that `init` made: a new one beside keys and phones that know
// another would turn every phone away. Errors: DATABASE_MISSING, DATABASE_EMPTY, DATABASE_DAMAGED,
// SCHEMA_NEWER, LOG_KEY_FOREIGN, OFFICE_KEY_FOREIGN, KEYS_MISSING (also of an office's key that the
// database knows; before any office has signed, a missing one is made), those of
// ServerDirectory::open and of the storage.

// The empty database of a new server, or of one that begins anew on purpose. Error ALREADY_EXISTS
// (DATABASE_EXISTS), also for a write-ahead log alone: it may hold records.
Status createDatabase(const std::string& directory);

// For a command that ends by itself: single-threaded storage; storage->write(job) for changes and
// storage->read() for reads. The caller holds the directory's lock.
Result<ServerContext> openForWriting(const std::string& directory, const std::string& clockFile);
// The same for a command that reads, also beside a running server: the tables are then left as that
// server has them.
Result<ServerContext> openForReading(const std::string& directory, const std::string& clockFile);
// For serve: with the writer thread and the directory's lock. Errors: SERVER_RUNNING and
// COMMAND_RUNNING too.
Result<ServerContext> openForServing(const std::string& directory, const std::string& clockFile);

}  // namespace doorstep::config
