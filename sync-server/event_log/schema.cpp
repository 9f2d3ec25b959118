// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::event_log {
namespace {

// entry and tile_root are append-only. The entry's key increases per provider, and there is no
// index over (device, n): a device's newest n is in device_head, older ones are reached through
// previous_position, so that an append touches one place of one tree. An entry that arrived after
// later ones of its device (late_entry) is not in that chain and has a separate row.
constexpr const char* kTables = R"(
CREATE TABLE log (
  provider_id INTEGER NOT NULL PRIMARY KEY,
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  checkpoint_note TEXT NOT NULL
) STRICT;

CREATE TABLE entry (
  provider_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  previous_position INTEGER,
  entry_hash BLOB NOT NULL,
  entry BLOB NOT NULL,
  signature BLOB NOT NULL,
  received_unix_ms INTEGER NOT NULL,
  anchor_boot INTEGER NOT NULL,
  anchor_sent_boot_ms INTEGER NOT NULL,
  anchor_reply_boot_ms INTEGER,
  anchor_reply_unix_ms INTEGER NOT NULL,
  quarantine_reason TEXT NOT NULL,
  PRIMARY KEY (provider_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_quarantined ON entry (provider_id, position) WHERE quarantine_reason <> '';

CREATE TABLE tile_root (
  provider_id INTEGER NOT NULL,
  level INTEGER NOT NULL,
  tile_index INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (provider_id, level, tile_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_head (
  provider_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  entry_hash BLOB NOT NULL,
  passed_over INTEGER NOT NULL,
  next_event_number INTEGER NOT NULL,
  position INTEGER,
  quarantined INTEGER NOT NULL,
  PRIMARY KEY (provider_id, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outside_entry (
  provider_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  reason TEXT NOT NULL,
  entry BLOB NOT NULL,
  signature BLOB NOT NULL,
  entry_hash BLOB NOT NULL,
  received_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outside_entry_by_hash ON outside_entry (provider_id, device_id, entry_hash);

CREATE TABLE alarm (
  provider_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  raised_unix_ms INTEGER NOT NULL,
  evidence BLOB NOT NULL,
  PRIMARY KEY (provider_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_contact (
  provider_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  heard_unix_ms INTEGER NOT NULL,
  held_n INTEGER NOT NULL,
  plan_cursor INTEGER NOT NULL,
  wall_ahead_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, device_id)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* kOutsideByN = R"(
CREATE INDEX outside_entry_by_n ON outside_entry (provider_id, device_id, n);
)";

// One row: the owner of these logs (log_identity.h).
constexpr const char* kIdentity = R"(
CREATE TABLE log_identity (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  host TEXT NOT NULL,
  log_key BLOB NOT NULL
) STRICT;
)";

// Numbers passed over before this migration stay open; their event numbers are unknown.
constexpr const char* kOpenNs = R"(
CREATE TABLE open_n (
  provider_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  event_low INTEGER NOT NULL,
  event_high INTEGER,
  PRIMARY KEY (provider_id, device_id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE late_entry (
  provider_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (provider_id, device_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO open_n (provider_id, device_id, n, event_low, event_high)
  SELECT DISTINCT provider_id, device_id, n, 1, CAST(NULL AS INTEGER) FROM outside_entry
  WHERE reason IN ('BAD_SIGNATURE', 'CHAIN_BROKEN', 'MALFORMED');
)";

// For existing entries nothing is known: they keep their times.
constexpr const char* kNotBefore = R"(
ALTER TABLE entry ADD COLUMN anchor_not_before_unix_ms INTEGER NOT NULL DEFAULT 0;
)";

// Release 0.1 hashed an entry as a whole and without its arrival: its logs cannot be continued.
constexpr const char* kArrivals = R"(
DROP TABLE entry;
CREATE TABLE entry (
  provider_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  previous_position INTEGER,
  entry_hash BLOB NOT NULL,
  arrival_hash BLOB NOT NULL,
  entry BLOB NOT NULL,
  received_unix_ms INTEGER NOT NULL,
  clock BLOB NOT NULL,
  not_before_unix_ms INTEGER NOT NULL,
  quarantine_reason TEXT NOT NULL,
  PRIMARY KEY (provider_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_quarantined ON entry (provider_id, position) WHERE quarantine_reason <> '';

DROP TABLE outside_entry;
CREATE TABLE outside_entry (
  provider_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  reason TEXT NOT NULL,
  entry BLOB NOT NULL,
  entry_hash BLOB NOT NULL,
  received_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (provider_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outside_entry_by_hash ON outside_entry (provider_id, device_id, entry_hash);
CREATE INDEX outside_entry_by_n ON outside_entry (provider_id, device_id, n);
)";
constexpr const char* kEntriesOf01 =
    "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM outside_entry)";

// Encoded sync.v1.Formats, as last sent by the device.
constexpr const char* kFormats = R"(
ALTER TABLE device_contact ADD COLUMN formats BLOB;
)";

// Derived from the log (decision_places.h).
constexpr const char* kDecisionPlaces = R"(
CREATE TABLE decision_place (
  provider_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (provider_id, kind, subject_id, version)
) STRICT, WITHOUT ROWID;
)";

constexpr sql::Migration kMigrations[] = {{1, kTables},    {2, kOutsideByN},
                                          {3, kIdentity},  {4, kOpenNs},
                                          {5, kNotBefore}, {6, kArrivals, kEntriesOf01},
                                          {7, kFormats},   {8, kDecisionPlaces}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "event_log", kMigrations); }

}  // namespace doorstep::event_log
