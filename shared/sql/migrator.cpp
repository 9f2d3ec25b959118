// SPDX-License-Identifier: Apache-2.0
#include "shared/sql/migrator.h"

namespace doorstep::sql {
namespace {

// Each retry means that another server started at the same time has completed a step.
constexpr int kTriesMax = 100;

Result<std::int64_t> versionOf(Database& database, std::string_view module) {
  DOORSTEP_ASSIGN(Statement read,
                  database.prepare("SELECT number FROM schema_version WHERE module = ?"));
  read.bindText(0, module);
  DOORSTEP_ASSIGN(const bool found, read.step());
  return found ? read.columnInt(0) : std::int64_t{0};
}

// The same, and locks the module's version until the transaction ends.
Result<std::int64_t> lockedVersionOf(Database& database, std::string_view module) {
  DOORSTEP_ASSIGN(Statement row,
                  database.prepare("INSERT INTO schema_version (module, number) VALUES (?, 0) "
                                   "ON CONFLICT (module) DO NOTHING"));
  DOORSTEP_TRY(row.bindText(0, module).run());
  DOORSTEP_ASSIGN(Statement lock, database.prepare("UPDATE schema_version SET number = number "
                                                   "WHERE module = ? RETURNING number"));
  lock.bindText(0, module);
  DOORSTEP_TRY(lock.step());
  return lock.columnInt(0);
}

Status apply(Database& database, std::string_view module, const Migration& migration) {
  DOORSTEP_ASSIGN(Transaction transaction, Transaction::begin(database));
  DOORSTEP_ASSIGN(const std::int64_t version, lockedVersionOf(database, module));
  if (version >= migration.number)
    return kDone;
  if (migration.noneOf != nullptr) {
    DOORSTEP_ASSIGN(Statement rows, database.prepare(migration.noneOf));
    DOORSTEP_ASSIGN(const bool counted, rows.step());
    if (counted && rows.columnInt(0) != 0)
      return Error{
          ErrorCode::FailedPrecondition, "SCHEMA_TOO_OLD",
          "the file holds what an older release recorded, which this one cannot carry over"};
  }
  DOORSTEP_TRY(database.execute(migration.sql));
  if (migration.fill != nullptr)
    DOORSTEP_TRY(migration.fill(database));
  DOORSTEP_ASSIGN(Statement write,
                  database.prepare("UPDATE schema_version SET number = ? WHERE module = ?"));
  DOORSTEP_TRY(write.bind(0, std::int64_t{migration.number}).bindText(1, module).run());
  return transaction.commit();
}

// When several servers create the table at once, PostgreSQL reports to some that the table, its row
// in pg_class or its type exists, despite IF NOT EXISTS: three errors, all harmless.
Status makeVersions(Database& database) {
  DOORSTEP_ASSIGN(const bool made, database.hasTable("schema_version"));
  if (made)
    return kDone;
  const Status making = database.execute(
      "CREATE TABLE IF NOT EXISTS schema_version ("
      "module TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID");
  if (making.ok())
    return kDone;
  DOORSTEP_ASSIGN(const bool there, database.hasTable("schema_version"));
  return there ? kDone : making;
}

Status takeSteps(Database& database, std::string_view module,
                 std::span<const Migration> migrations) {
  const auto newest = static_cast<std::int64_t>(migrations.size());
  const Error newer{ErrorCode::FailedPrecondition, "SCHEMA_NEWER",
                    "the database was written by a newer release"};
  DOORSTEP_ASSIGN(const std::int64_t version, versionOf(database, module));
  if (version > newest)
    return newer;
  int expected = 1;
  for (const Migration& migration : migrations) {
    DOORSTEP_CHECK(migration.number == expected++);
    if (migration.number > version)
      DOORSTEP_TRY(apply(database, module, migration));
  }
  if (version == newest)
    return kDone;
  // A newer release may have migrated concurrently.
  DOORSTEP_ASSIGN(const std::int64_t reached, versionOf(database, module));
  return reached > newest ? Status(newer) : kDone;
}

}  // namespace

Status migrate(Database& database, std::string_view module, std::span<const Migration> migrations) {
  DOORSTEP_TRY(makeVersions(database));
  for (int tries = 1;; ++tries) {
    Status taken = takeSteps(database, module, migrations);
    if (taken.ok() || taken.error().code != ErrorCode::Aborted || tries == kTriesMax)
      return taken;
  }
}

}  // namespace doorstep::sql
