// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::commissioning {
namespace {

// commissioning_version: an act that changed what is commissioned of a provider. commissioned_row:
// kind is visits::CommissionedKind, content an encoded message of doorstep.commissioning.v1. Rows
// are never changed but for replaced_version, which says what took a row's place.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE commissioning_version (
  provider_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  made_unix_ms INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (provider_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE commissioned_row (
  provider_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  version INTEGER NOT NULL,
  until_day INTEGER,
  replaced_version INTEGER,
  reason TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (provider_id, kind, subject_id, name, from_day, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX commissioned_row_by_version ON commissioned_row (provider_id, version);
CREATE INDEX commissioned_row_by_replaced ON commissioned_row (provider_id, replaced_version);
)sql"}};

}  // namespace

Status migrate(sql::Database& database) {
  return sql::migrate(database, "commissioning", kMigrations);
}

}  // namespace doorstep::commissioning
