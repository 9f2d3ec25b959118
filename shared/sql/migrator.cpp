// SPDX-License-Identifier: Apache-2.0
#include "shared/sql/migrator.h"

namespace doorstep::sql {
namespace {

Result<std::int64_t> versionOf(Database& database, std::string_view module) {
  DOORSTEP_ASSIGN(Statement read,
                  database.prepare("SELECT number FROM schema_version WHERE module = ?"));
  read.bindText(0, module);
  DOORSTEP_ASSIGN(const bool found, read.step());
  return found ? read.columnInt(0) : std::int64_t{0};
}

Status apply(Database& database, std::string_view module, const Migration& migration) {
  DOORSTEP_ASSIGN(Transaction transaction, Transaction::begin(database));
  if (migration.noneOf != nullptr) {
    DOORSTEP_ASSIGN(Statement rows, database.prepare(migration.noneOf));
    DOORSTEP_ASSIGN(const bool counted, rows.step());
    if (counted && rows.columnInt(0) != 0)
      return Error{
          ErrorCode::FailedPrecondition, "SCHEMA_TOO_OLD",
          "the file holds what an older release recorded, which this one cannot carry over"};
  }
  DOORSTEP_TRY(database.execute(migration.sql));
  DOORSTEP_ASSIGN(Statement write,
                  database.prepare("INSERT INTO schema_version (module, number) VALUES (?, ?) "
                                   "ON CONFLICT (module) DO UPDATE SET number = excluded.number"));
  DOORSTEP_TRY(write.bindText(0, module).bind(1, std::int64_t{migration.number}).run());
  return transaction.commit();
}

}  // namespace

Status migrate(Database& database, std::string_view module, std::span<const Migration> migrations) {
  DOORSTEP_TRY(database.execute(
      "CREATE TABLE IF NOT EXISTS schema_version ("
      "module TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID"));
  DOORSTEP_ASSIGN(const std::int64_t version, versionOf(database, module));
  if (version > static_cast<std::int64_t>(migrations.size()))
    return Error{ErrorCode::FailedPrecondition, "SCHEMA_NEWER",
                 "the file was written by a newer release"};
  int expected = 1;
  for (const Migration& migration : migrations) {
    DOORSTEP_CHECK(migration.number == expected++);
    if (migration.number > version)
      DOORSTEP_TRY(apply(database, module, migration));
  }
  return kDone;
}

}  // namespace doorstep::sql
