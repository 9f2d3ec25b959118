// SPDX-License-Identifier: Apache-2.0
#include "sync-server/freezes/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::freezes {
namespace {

// Rows are added and never changed. month: "2026-11". freeze_number: counts the freezes of a
// contract's month, from 1. rule_versions: numbers with commas between. measures: canonical JSON,
// as it was. month_freeze_log: the checkpoint of each provider's log. month_unfreeze: which freezes
// hold no longer.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE month_freeze (
  contract_id INTEGER NOT NULL,
  month TEXT NOT NULL,
  freeze_number INTEGER NOT NULL,
  contract_ref TEXT NOT NULL,
  rule_versions TEXT NOT NULL,
  visits_sha256 BLOB NOT NULL,
  measures BLOB NOT NULL,
  visits INTEGER NOT NULL,
  visits_silent INTEGER NOT NULL,
  as_of_unix_ms INTEGER NOT NULL,
  note TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  made_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (contract_id, month, freeze_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE month_freeze_log (
  contract_id INTEGER NOT NULL,
  month TEXT NOT NULL,
  freeze_number INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  PRIMARY KEY (contract_id, month, freeze_number, provider_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX month_freeze_log_by_provider
  ON month_freeze_log (provider_id, contract_id, month, freeze_number);
CREATE TABLE month_unfreeze (
  contract_id INTEGER NOT NULL,
  month TEXT NOT NULL,
  freeze_number INTEGER NOT NULL,
  note TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  made_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (contract_id, month, freeze_number)
) STRICT, WITHOUT ROWID;
)sql"}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "freezes", kMigrations); }

}  // namespace doorstep::freezes
