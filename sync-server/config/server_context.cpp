// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_context.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "shared/core/display_text.h"
#include "shared/core/shared_clock.h"
#include "sync-server/adjustments/schema.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/event_log/log_identity.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/exports/schema.h"
#include "sync-server/freezes/schema.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/schema.h"
#include "sync-server/replies/schema.h"
#include "sync-server/roster/schema.h"

namespace doorstep::config {
namespace {

Result<std::unique_ptr<Clock>> openClock(const std::string& clockFile) {
  if (clockFile.empty())
    return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
  DOORSTEP_ASSIGN(auto shared, SharedClock::open(clockFile));
  return std::unique_ptr<Clock>(std::move(shared));
}

Error missing(const char* reason, const std::string& path, const char* what) {
  return {
      ErrorCode::FailedPrecondition, reason,
      fmt::format("{} {}: put the database of a backup there, or begin without any records with "
                  "`init --new-database` (every phone must then be enrolled anew)",
                  loggedText(path), what)};
}

// SQLite would create a missing file.
Status checkDatabaseFile(const std::string& path) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (status.type() == std::filesystem::file_type::not_found)
    return missing("DATABASE_MISSING", path, "is not there");
  if (!failed && !std::filesystem::is_regular_file(status))
    return missing("DATABASE_DAMAGED", path, "is no file");
  const auto size = std::filesystem::file_size(path, failed);
  // The content of a new database may still be in its write-ahead log.
  const auto walSize = std::filesystem::file_size(path + "-wal", failed);
  if (size == 0 && (failed || walSize == 0))
    return missing("DATABASE_EMPTY", path, "is empty");
  return kDone;
}

// Adds the database's place to the error's text.
Error inDatabase(const std::string& path, Error error) {
  if (error.reason == "SCHEMA_NEWER") {
    error.text = "a newer release wrote " + loggedText(path) + ": update this program";
  } else if (error.reason == "SQLITE_NOTADB" || error.reason == "SQLITE_CORRUPT" ||
             error.reason == "SQLITE_ERROR") {
    error.text = fmt::format("{} is damaged ({}): put the database of a backup there",
                             loggedText(path), error.text);
    error.reason = "DATABASE_DAMAGED";
  } else if (error.reason.starts_with("SQLITE_")) {
    error.text = fmt::format("{}: {}", loggedText(path), error.text);
  }
  return error;
}

// Purpose of opening a database, which decides whether its tables may be migrated.
enum class Purpose {
  Serve,  // the lock is taken for as long as the process lives
  Write,  // the caller holds the lock
  Read,   // no migration while another process uses the tables
};

Status prepareDatabase(storage::Storage& storage, const std::string& path, bool migrates) {
  DOORSTEP_ASSIGN(const bool ours, event_log::hasLogTables(storage.writer()));
  if (!ours)
    return missing("DATABASE_EMPTY", path, "holds no tables of a server");
  return migrates ? migrateAll(storage.writer()) : kDone;
}

Result<std::unique_ptr<storage::Storage>> openDatabase(const std::string& path, bool singleThreaded,
                                                       bool migrates) {
  DOORSTEP_TRY(checkDatabaseFile(path));
  auto storage = storage::Storage::open({.path = path, .singleThreaded = singleThreaded});
  if (!storage.ok())
    return inDatabase(path, storage.error());
  if (const Status prepared = prepareDatabase(**storage, path, migrates); !prepared.ok())
    return inDatabase(path, prepared.error());
  return storage;
}

// Nothing: no office has signed yet, and none has a key.
Result<std::optional<crypto::P256PrivateKey>> officeKeyOf(sql::Database& database,
                                                          const ServerDirectory& directory) {
  DOORSTEP_ASSIGN(const auto known, identity::officeKeySpki(database));
  DOORSTEP_ASSIGN(auto key, directory.readOfficeKey());
  if (!key && !known)
    return key;
  const std::string file = loggedText((directory.path() / "keys" / "office.key").string());
  if (!key)
    return Error{ErrorCode::FailedPrecondition, "KEYS_MISSING",
                 file +
                     " is not there, and the offices of this server have signed with it: put "
                     "back the keys folder of a backup"};
  if (known && key->publicKey().spki() != *known)
    return Error{ErrorCode::FailedPrecondition, "OFFICE_KEY_FOREIGN",
                 file +
                     " is not the key with which the offices of this database signed what they "
                     "decided: put back the keys and the database of one backup"};
  return key;
}

// Whose logs the database holds, and by which key its offices sign.
struct Identity {
  std::string logHost;
  std::optional<crypto::P256PrivateKey> officeKey;
};

// The first process that writes to a folder binds both to it: the host's name, and for a folder of
// before a new key.
Result<Identity> bindIdentity(storage::Storage& storage, const ServerDirectory& directory) {
  return storage.writeWithAnswer<Identity>([&](sql::Database& writer) -> Result<Identity> {
    Identity bound;
    DOORSTEP_ASSIGN(bound.officeKey, officeKeyOf(writer, directory));
    if (!bound.officeKey) {
      DOORSTEP_ASSIGN(bound.officeKey, directory.makeOfficeKey());
    }
    DOORSTEP_ASSIGN(bound.logHost, event_log::bindLogIdentity(writer, directory.config().host,
                                                              directory.keys().logKey.publicKey()));
    return bound;
  });
}

Result<Identity> readIdentity(storage::Storage& storage, const ServerDirectory& directory) {
  const auto lease = storage.read();
  Identity known;
  DOORSTEP_ASSIGN(known.officeKey, officeKeyOf(lease, directory));
  DOORSTEP_ASSIGN(known.logHost, event_log::readLogIdentity(lease, directory.config().host,
                                                            directory.keys().logKey.publicKey()));
  return known;
}

Result<ServerContext> openContext(const std::string& directory, const std::string& clockFile,
                                  Purpose purpose) {
  DOORSTEP_ASSIGN(auto opened, ServerDirectory::open(directory));
  std::optional<ServerDirectory::Lock> lock;
  if (purpose == Purpose::Serve) {
    DOORSTEP_ASSIGN(auto taken, opened.lockAfterCommand("serve"));
    lock.emplace(std::move(taken));
  } else if (purpose == Purpose::Read) {
    if (auto taken = opened.lock("a command"); taken.ok())
      lock.emplace(std::move(taken).value());
  }
  const bool isServe = purpose == Purpose::Serve;
  DOORSTEP_ASSIGN(auto clock, openClock(clockFile));
  DOORSTEP_ASSIGN(auto storage,
                  openDatabase(opened.databasePath(), !isServe, lock || purpose == Purpose::Write));
  auto identity =
      purpose == Purpose::Read ? readIdentity(*storage, opened) : bindIdentity(*storage, opened);
  if (!identity.ok())
    return inDatabase(opened.databasePath(), identity.error());
  if (!isServe)
    lock.reset();
  return ServerContext{std::move(opened),
                       std::move(clock),
                       std::make_unique<SystemIdSource>(),
                       std::move(storage),
                       std::move(identity->logHost),
                       std::move(identity->officeKey),
                       std::move(lock)};
}

}  // namespace

Status migrateAll(sql::Database& database) {
  DOORSTEP_TRY(event_log::migrate(database));
  DOORSTEP_TRY(roster::migrate(database));
  DOORSTEP_TRY(commissioning::migrate(database));
  DOORSTEP_TRY(identity::migrate(database));
  DOORSTEP_TRY(projections::migrate(database));
  DOORSTEP_TRY(adjustments::migrate(database));
  DOORSTEP_TRY(freezes::migrate(database));
  DOORSTEP_TRY(exports::migrate(database));
  DOORSTEP_TRY(replies::migrate(database));
  return records::migrate(database);
}

Status createDatabase(const std::string& directory) {
  DOORSTEP_ASSIGN(const auto opened, ServerDirectory::open(directory));
  const std::string path = opened.databasePath();
  std::error_code failed;
  for (const std::string& file : {path, path + "-wal"}) {
    const auto size = std::filesystem::file_size(file, failed);
    if (!failed && size > 0)
      return Error{ErrorCode::AlreadyExists, "DATABASE_EXISTS",
                   loggedText(file) + " is there: move it away first if you mean to begin anew"};
  }
  auto storage = storage::Storage::open({.path = path, .singleThreaded = true});
  if (!storage.ok())
    return inDatabase(path, storage.error());
  if (const Status migrated = migrateAll((*storage)->writer()); !migrated.ok())
    return inDatabase(path, migrated.error());
  return kDone;
}

Result<ServerContext> openForWriting(const std::string& directory, const std::string& clockFile) {
  return openContext(directory, clockFile, Purpose::Write);
}

Result<ServerContext> openForReading(const std::string& directory, const std::string& clockFile) {
  return openContext(directory, clockFile, Purpose::Read);
}

Result<ServerContext> openForServing(const std::string& directory, const std::string& clockFile) {
  return openContext(directory, clockFile, Purpose::Serve);
}

}  // namespace doorstep::config
