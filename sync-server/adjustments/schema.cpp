// SPDX-License-Identifier: Apache-2.0
#include "sync-server/adjustments/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::adjustments {
namespace {

// One row for each thing that was said of a carer slot; rows are never changed. revision: counts
// them within the slot, from 1. kind: AdjustmentKind. start_unix_ms, end_unix_ms: approved; NULL:
// not replaced. reason and action are codes of visits/adjustment_codes.h.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE slot_adjustment (
  provider_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  start_unix_ms INTEGER,
  end_unix_ms INTEGER,
  reason TEXT NOT NULL,
  action TEXT NOT NULL,
  responsibility TEXT NOT NULL,
  note TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  by_role TEXT NOT NULL,
  made_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, visit_id, slot, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX slot_adjustment_by_time
  ON slot_adjustment (made_unix_ms, provider_id, visit_id, slot, revision);
)sql"}};

}  // namespace

Status migrate(sql::Database& database) {
  return sql::migrate(database, "adjustments", kMigrations);
}

}  // namespace doorstep::adjustments
