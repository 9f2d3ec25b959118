// SPDX-License-Identifier: Apache-2.0
#include "sync-server/exports/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::exports {
namespace {

// Rows are added and never changed. contract_id, provider_id 0 and empty texts: not narrowed.
// first_day, last_day: "2026-11-23". punctuality: as in visits.csv. export_made_file: what was
// written, in order. export_made_log: in which providers' logs the export stands.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE export_made (
  export_id INTEGER NOT NULL PRIMARY KEY,
  contract_id INTEGER NOT NULL,
  contract_ref TEXT NOT NULL,
  provider_id INTEGER NOT NULL,
  lot TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  punctuality TEXT NOT NULL,
  as_of_unix_ms INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  made_unix_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX export_made_by_time ON export_made (made_unix_ms, export_id);
CREATE TABLE export_made_file (
  export_id INTEGER NOT NULL,
  file_number INTEGER NOT NULL,
  format TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  byte_count INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (export_id, file_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE export_made_log (
  export_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  PRIMARY KEY (export_id, provider_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX export_made_log_by_provider ON export_made_log (provider_id, export_id);
)sql"}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "exports", kMigrations); }

}  // namespace doorstep::exports
