// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/schema.h"

#include "shared/sql/migrator.h"
#include "sync-server/roster/visit_lock.h"

namespace doorstep::roster {
namespace {

// visit_version.visit is the encoded roster.v1.Visit: a version is written once and read whole, and
// the columns for searching are in `visit` and `visit_carer`, which hold the version in force only.
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

// visit_id: the id of visit planned_id in a plan that this database has lost, as phones know it.
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
// every phone holds and hashes. NULL in older rows: encoded from the other columns.
constexpr const char* kPersonObject = R"sql(
ALTER TABLE person ADD COLUMN object BLOB;
)sql";

// NULL for versions that were made before this migration: their time is not known.
constexpr const char* kPlanVersion = R"sql(
CREATE TABLE plan_version (
  provider_id INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  made_unix_ms INTEGER,
  account_id INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  visits_new INTEGER NOT NULL,
  visits_changed INTEGER NOT NULL,
  visits_cancelled INTEGER NOT NULL,
  PRIMARY KEY (provider_id, plan_version)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_version_file (
  provider_id INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256_hex TEXT NOT NULL,
  PRIMARY KEY (provider_id, plan_version, name)
) STRICT, WITHOUT ROWID;
INSERT INTO plan_version (provider_id, plan_version, made_unix_ms, account_id, reason, visits_new,
  visits_changed, visits_cancelled)
SELECT provider_id, plan_version, NULL, 0, 0, 0, count(*), 0 FROM visit_version
GROUP BY provider_id, plan_version;
)sql";

// Lots known before this migration hold from always. `person.lot` stays the newest file's lot.
constexpr const char* kEffectiveDates = R"sql(
CREATE TABLE person_terms (
  provider_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  from_day INTEGER NOT NULL,
  lot TEXT NOT NULL,
  tier TEXT NOT NULL,
  funder_split TEXT NOT NULL,
  PRIMARY KEY (provider_id, person_id, from_day)
) STRICT, WITHOUT ROWID;
INSERT INTO person_terms (provider_id, person_id, from_day, lot, tier, funder_split)
SELECT provider_id, person_id, 0, lot, '', '' FROM person;
CREATE TABLE contract_provider (
  provider_id INTEGER NOT NULL,
  lot TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  contract_id INTEGER NOT NULL REFERENCES contract,
  role TEXT NOT NULL,
  PRIMARY KEY (provider_id, lot, from_day)
) STRICT, WITHOUT ROWID;
INSERT INTO contract_provider (provider_id, lot, from_day, contract_id, role)
SELECT provider_id, lot, 0, contract_id, '' FROM contract_lot;
DROP TABLE contract_lot;
)sql";

// wanted_by: visits::WantedBy; not known for older versions, which count as the office's.
// anchor_unix_ms: start of the window of the version that judges (visits::lockPlan), by which
// records are listed: a plan that is moved after the event takes no record to another day.
constexpr const char* kAnchor = R"sql(
ALTER TABLE visit_version ADD COLUMN wanted_by INTEGER NOT NULL DEFAULT 1;
ALTER TABLE visit ADD COLUMN anchor_unix_ms INTEGER NOT NULL DEFAULT 0;
UPDATE visit SET anchor_unix_ms = window_start_unix_ms;
CREATE INDEX visit_by_anchor ON visit (provider_id, anchor_unix_ms, visit_id, plan_version);
)sql";

// visits::LockState (visit_lock.h), so that no reader needs earlier versions. judging_version
// NULL: a version cannot be read.
constexpr const char* kVisitLock = R"sql(
ALTER TABLE visit ADD COLUMN judging_version INTEGER;
ALTER TABLE visit ADD COLUMN standing_version INTEGER;
ALTER TABLE visit ADD COLUMN lock_unix_ms INTEGER;
ALTER TABLE visit ADD COLUMN latest_start_unix_ms INTEGER;
ALTER TABLE visit ADD COLUMN first_made_unix_ms INTEGER;
ALTER TABLE visit ADD COLUMN last_made_unix_ms INTEGER;
ALTER TABLE visit ADD COLUMN changes_after INTEGER;
ALTER TABLE visit ADD COLUMN changes_office INTEGER;
ALTER TABLE visit ADD COLUMN changes_person INTEGER;
ALTER TABLE visit ADD COLUMN changes_council INTEGER;
)sql";

// A contract covers one or several providers: contract_party has those that it was ever made with,
// contract_provider what each of them has of it, by lot and day. Rows of contract_provider are
// never changed: one that a plan version put another in place of says which (replaced_version), and
// the rows in force are those without. plan_version 0: older than this migration. reason: why a day
// that had begun was given another row. Three tables are written anew, since SQLite cannot drop a
// column that is part of a key.
constexpr const char* kContractParty = R"sql(
CREATE TABLE contract_party (
  contract_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  PRIMARY KEY (contract_id, provider_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contract_party_by_provider ON contract_party (provider_id, contract_id);
INSERT INTO contract_party (contract_id, provider_id) SELECT contract_id, provider_id FROM contract;
CREATE TABLE new_contract (
  contract_id INTEGER PRIMARY KEY,
  council_id INTEGER NOT NULL REFERENCES council,
  ref TEXT NOT NULL
) STRICT;
INSERT INTO new_contract (contract_id, council_id, ref)
SELECT contract_id, council_id, ref FROM contract;
CREATE TABLE new_contract_rules (
  contract_id INTEGER NOT NULL REFERENCES new_contract,
  rule_version INTEGER NOT NULL,
  from_unix_ms INTEGER NOT NULL,
  late_tolerance_min INTEGER NOT NULL,
  early_tolerance_min INTEGER NOT NULL,
  time_critical_tolerance_min INTEGER NOT NULL,
  missed_after_min INTEGER NOT NULL,
  PRIMARY KEY (contract_id, rule_version)
) STRICT, WITHOUT ROWID;
INSERT INTO new_contract_rules (contract_id, rule_version, from_unix_ms, late_tolerance_min,
  early_tolerance_min, time_critical_tolerance_min, missed_after_min)
SELECT contract_id, rule_version, from_unix_ms, late_tolerance_min, early_tolerance_min,
  time_critical_tolerance_min, missed_after_min FROM contract_rules;
CREATE TABLE new_contract_provider (
  provider_id INTEGER NOT NULL,
  lot TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  replaced_version INTEGER,
  contract_id INTEGER NOT NULL REFERENCES new_contract,
  role TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (provider_id, lot, from_day, plan_version)
) STRICT, WITHOUT ROWID;
INSERT INTO new_contract_provider (provider_id, lot, from_day, plan_version, replaced_version,
  contract_id, role, reason)
SELECT provider_id, lot, from_day, 0, NULL, contract_id, role, '' FROM contract_provider;
DROP TABLE contract_provider;
DROP TABLE contract_rules;
DROP TABLE contract;
ALTER TABLE new_contract RENAME TO contract;
ALTER TABLE new_contract_rules RENAME TO contract_rules;
ALTER TABLE new_contract_provider RENAME TO contract_provider;
CREATE INDEX contract_by_council ON contract (council_id, ref);
CREATE INDEX contract_provider_by_contract
  ON contract_provider (contract_id, provider_id, lot, from_day);
)sql";

// visits::CalledOff of the standing and of the newest version. Every state is computed
// again: a cancellation is a change after the lock too.
constexpr const char* kCalledOff = R"sql(
ALTER TABLE visit ADD COLUMN standing_called INTEGER;
ALTER TABLE visit ADD COLUMN newest_called INTEGER;
)sql";

// As contract_provider since kContractParty: rows stay, and plan versions commit to them.
constexpr const char* kKeptTerms = R"sql(
CREATE TABLE new_person_terms (
  provider_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  from_day INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  replaced_version INTEGER,
  lot TEXT NOT NULL,
  tier TEXT NOT NULL,
  funder_split TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (provider_id, person_id, from_day, plan_version)
) STRICT, WITHOUT ROWID;
INSERT INTO new_person_terms (provider_id, person_id, from_day, plan_version, replaced_version,
  lot, tier, funder_split, reason)
SELECT provider_id, person_id, from_day, 0, NULL, lot, tier, funder_split, '' FROM person_terms;
DROP TABLE person_terms;
ALTER TABLE new_person_terms RENAME TO person_terms;
CREATE INDEX person_terms_by_version ON person_terms (provider_id, plan_version);
CREATE INDEX person_terms_by_replaced ON person_terms (provider_id, replaced_version);
CREATE INDEX contract_provider_by_version ON contract_provider (provider_id, plan_version);
)sql";

// The visits of one plan version, for proofs of it.
constexpr const char* kVersionVisits = R"sql(
CREATE INDEX visit_version_by_version ON visit_version (provider_id, plan_version, visit_id);
)sql";

// parameters: the encoded roster.v1.RuleParameters; NULL: of before a version could state more than
// its four minutes (measures::rulesOfFourMinutes). Who decided, when and why is kept from here on.
constexpr const char* kRuleParameters = R"sql(
ALTER TABLE contract_rules ADD COLUMN parameters BLOB;
ALTER TABLE contract_rules ADD COLUMN last_day INTEGER;
ALTER TABLE contract_rules ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contract_rules ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE contract_rules ADD COLUMN decided_unix_ms INTEGER;
ALTER TABLE contract_rules ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE contract_rules ADD COLUMN is_correction INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr sql::Migration kMigrations[] = {
    {1, kTables},         {2, kDroppedChange},
    {3, kVisitAlias},     {4, kPersonObject},
    {5, kPlanVersion},    {6, kEffectiveDates},
    {7, kAnchor},         {8, kVisitLock},
    {9, kContractParty},  {10, kCalledOff, nullptr, fillLocks},
    {11, kKeptTerms},     {12, kVersionVisits},
    {13, kRuleParameters}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "roster", kMigrations); }

}  // namespace doorstep::roster
