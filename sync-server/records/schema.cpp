// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::records {
namespace {

// visit_record: a visit with the facts that it is judged by (records.v1.KeptVisit). day: service
// day of its anchor; basis_day: of the plan that judges it, on which the person's other calls may
// matter. due_unix_ms: when time alone can change what it is; NULL: never. slot_record: one row a
// carer slot, what the rules make of it. start_unix_ms: ruled, as recorded. punctuality:
// visits::Punctuality. record_progress: how far the provider's plan versions have been judged;
// record_rules: how many of a contract's rules.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE visit_record (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  day INTEGER NOT NULL,
  basis_day INTEGER NOT NULL,
  due_unix_ms INTEGER,
  rule_version INTEGER NOT NULL,
  facts BLOB NOT NULL,
  PRIMARY KEY (provider_id, visit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_record_by_day ON visit_record (contract_id, day, provider_id, visit_id);
CREATE INDEX visit_record_by_person ON visit_record (provider_id, person_id, basis_day, visit_id);
CREATE INDEX visit_record_by_due ON visit_record (due_unix_ms) WHERE due_unix_ms IS NOT NULL;
CREATE TABLE slot_record (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  start_unix_ms INTEGER,
  punctuality INTEGER NOT NULL,
  late_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX slot_record_by_carer
  ON slot_record (provider_id, person_id, carer_id, start_unix_ms, visit_id)
  WHERE start_unix_ms IS NOT NULL;
CREATE TABLE record_progress (
  provider_id INTEGER PRIMARY KEY,
  plan_version INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  terms_version INTEGER NOT NULL
) STRICT;
CREATE TABLE record_rules (
  contract_id INTEGER PRIMARY KEY,
  versions INTEGER NOT NULL
) STRICT;
)sql"},
                                          // How far what is commissioned of a provider has been
                                          // judged.
                                          {2, R"sql(
CREATE TABLE record_commissioning (
  provider_id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT;
)sql"},
                                          // One row.
                                          {3, R"sql(
CREATE TABLE record_settlings (
  settlings INTEGER NOT NULL
) STRICT;
INSERT INTO record_settlings (settlings) VALUES (0);
)sql"}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "records", kMigrations); }

}  // namespace doorstep::records
