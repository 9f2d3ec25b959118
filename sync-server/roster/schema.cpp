// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::roster {
namespace {

// visit_version.visit is the encoded roster.v1.Visit: a version is written once and read whole, and
// what is searched for stands in `visit` and `visit_carer`, which say only what is in force.
// plan_change is the feed of plan_pull.h: one row for each carer whom a change concerns.
constexpr const char* kTables = R"sql(
CREATE TABLE provider (
  provider_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  plan_version INTEGER NOT NULL,
  newest_change INTEGER NOT NULL
) STRICT;
CREATE TABLE council (
  council_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE contract (
  contract_id INTEGER PRIMARY KEY,
  provider_id INTEGER NOT NULL REFERENCES provider,
  council_id INTEGER NOT NULL REFERENCES council,
  ref TEXT NOT NULL,
  UNIQUE (provider_id, ref)
) STRICT;
CREATE TABLE contract_lot (
  provider_id INTEGER NOT NULL,
  lot TEXT NOT NULL,
  contract_id INTEGER NOT NULL REFERENCES contract,
  PRIMARY KEY (provider_id, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE contract_rules (
  contract_id INTEGER NOT NULL REFERENCES contract,
  rule_version INTEGER NOT NULL,
  from_unix_ms INTEGER NOT NULL,
  late_tolerance_min INTEGER NOT NULL,
  early_tolerance_min INTEGER NOT NULL,
  time_critical_tolerance_min INTEGER NOT NULL,
  missed_after_min INTEGER NOT NULL,
  PRIMARY KEY (contract_id, rule_version)
) STRICT, WITHOUT ROWID;
CREATE TABLE carer (
  provider_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (provider_id, carer_id),
  UNIQUE (provider_id, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE person (
  provider_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  name TEXT NOT NULL,
  access_note TEXT NOT NULL,
  latitude_deg REAL,
  longitude_deg REAL,
  lot TEXT NOT NULL,
  PRIMARY KEY (provider_id, person_id),
  UNIQUE (provider_id, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE visit_version (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  visit BLOB NOT NULL,
  PRIMARY KEY (provider_id, visit_id, plan_version)
) STRICT, WITHOUT ROWID;
CREATE TABLE visit (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  plan_version INTEGER NOT NULL,
  window_start_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id),
  UNIQUE (provider_id, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_window ON visit (provider_id, window_start_unix_ms, visit_id, plan_version);
CREATE INDEX visit_by_version ON visit (provider_id, plan_version, visit_id);
CREATE TABLE visit_carer (
  provider_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  window_start_unix_ms INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  PRIMARY KEY (provider_id, carer_id, window_start_unix_ms, visit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_carer_by_person
  ON visit_carer (provider_id, person_id, carer_id, window_start_unix_ms);
CREATE TABLE plan_change (
  provider_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  change INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  object_id INTEGER NOT NULL,
  had INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  PRIMARY KEY (provider_id, carer_id, change)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kDroppedChange = R"sql(
ALTER TABLE carer ADD COLUMN dropped_change INTEGER NOT NULL DEFAULT 0;
)sql";

// visit_id: what phones know the visit planned_id by, from a plan that this file has lost.
constexpr const char* kVisitAlias = R"sql(
CREATE TABLE visit_alias (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  planned_id INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_alias_by_planned ON visit_alias (provider_id, planned_id, visit_id);
)sql";

// object: the person's encoded bytes as they were published (roster.v1.PlanObject.bytes), which
// every phone holds and hashes. NULL in rows of before this number: encoded from the other columns.
constexpr const char* kPersonObject = R"sql(
ALTER TABLE person ADD COLUMN object BLOB;
)sql";

constexpr sql::Migration kMigrations[] = {
    {1, kTables}, {2, kDroppedChange}, {3, kVisitAlias}, {4, kPersonObject}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "roster", kMigrations); }

}  // namespace doorstep::roster
