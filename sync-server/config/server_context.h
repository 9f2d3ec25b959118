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

// The basis of every sub-command: the directory, the clock, and the database migrated to this
// release's schema. `serve` adds services, logs and ports (config/running_server.h). Members are
// built in this order and destroyed in reverse. Thread: one at a time.
struct ServerContext {
  ServerDirectory directory;
  std::unique_ptr<Clock> clock;  // the operating system's, or a SharedClock of --clock
  std::unique_ptr<IdSource> ids;
  std::unique_ptr<storage::Storage> storage;
  // Host name in each log's origin: the server's first one (event_log/log_identity.h).
  std::string logHost;
  // With which each provider's office signs. Absent only where it is read alone and none was made.
  std::optional<crypto::P256PrivateKey> officeKey;
  // Of serve: taken before the database is opened, which a running server may have in use.
  std::optional<ServerDirectory::Lock> lock;

  event_log::LogSigners signers() const { return {logHost, directory.keys().logKey}; }
};

// Migrates the tables of all folders; also used by the simulator and tests on their own databases.
Status migrateAll(sql::Database& database);

// The open functions require the database that `init` made: a new one with existing keys and phones
// would reject every phone. Errors: DATABASE_MISSING, DATABASE_EMPTY, DATABASE_DAMAGED,
// SCHEMA_NEWER, LOG_KEY_FOREIGN, OFFICE_KEY_FOREIGN, KEYS_MISSING (also for an office key that the
// database refers to; before any office has signed, a missing one is created), those of
// ServerDirectory::open and of the storage.

// Creates the empty database of a new server, or of one that deliberately starts over. Error
// ALREADY_EXISTS (DATABASE_EXISTS), also for a write-ahead log alone, because it may contain
// records.
Status createDatabase(const std::string& directory);

// For a command that runs to its end: single-threaded storage; storage->write(job) for changes and
// storage->read() for reads. The caller holds the directory's lock.
Result<ServerContext> openForWriting(const std::string& directory, const std::string& clockFile);
// The same for a command that reads, also beside a running server: the tables are then left as that
// server has them. Alone it brings them to this release, with the lock; else it writes nothing, not
// even what the first start of a folder binds.
Result<ServerContext> openForReading(const std::string& directory, const std::string& clockFile);
// For serve: with the writer thread and the directory's lock. Further errors: SERVER_RUNNING,
// COMMAND_RUNNING.
Result<ServerContext> openForServing(const std::string& directory, const std::string& clockFile);

}  // namespace doorstep::config
