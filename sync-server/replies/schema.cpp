// SPDX-License-Identifier: Apache-2.0
#include "sync-server/replies/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::replies {
namespace {

// Rows are added and never changed. reply_number: counts the replies of a provider about a
// contract, from 1. first_day, last_day: local, counted from 1970-01-01, both inclusive. numerator,
// denominator: as they stood at as_of_unix_ms. withdraws: the number of the reply that holds no
// longer; 0: none.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE figure_reply (
  contract_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  reply_number INTEGER NOT NULL,
  contract_ref TEXT NOT NULL,
  measure TEXT NOT NULL,
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  numerator INTEGER NOT NULL,
  denominator INTEGER NOT NULL,
  as_of_unix_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  withdraws INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  made_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (contract_id, provider_id, reply_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_reply_by_provider ON figure_reply (provider_id, contract_id, reply_number);
CREATE INDEX figure_reply_by_withdrawn ON figure_reply (contract_id, provider_id, withdraws);
CREATE TABLE figure_reply_choice (
  contract_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  reply_number INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (contract_id, provider_id, reply_number, dimension)
) STRICT, WITHOUT ROWID;
CREATE TABLE figure_reply_visit (
  contract_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  reply_number INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  PRIMARY KEY (contract_id, provider_id, reply_number, visit_id)
) STRICT, WITHOUT ROWID;
)sql"}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "replies", kMigrations); }

}  // namespace doorstep::replies
