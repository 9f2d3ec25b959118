// SPDX-License-Identifier: Apache-2.0
#include "app/journal/schema.h"

#include <array>

#include "shared/sql/migrator.h"

namespace doorstep::journal {
namespace {

// content of an event: an unsigned SignedEntry of that one event; of an entry: its SignedEntry.
// Both sealed and bound to device and number.
constexpr const char* kTables = R"sql(
CREATE TABLE device (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  device_id INTEGER NOT NULL
) STRICT;
CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL,
  boot_ms INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE entry (
  n INTEGER PRIMARY KEY,
  first_event INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  boot INTEGER NOT NULL,
  hash BLOB NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE receipt (
  n INTEGER PRIMARY KEY,
  position INTEGER,
  quarantine_reason INTEGER NOT NULL,
  server_unix_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  log_size INTEGER NOT NULL,
  frontier BLOB NOT NULL,
  checkpoint_note TEXT NOT NULL,
  contradicted_checkpoint TEXT NOT NULL,
  log_contradicted INTEGER NOT NULL,
  reply_boot INTEGER NOT NULL,
  reply_boot_ms INTEGER NOT NULL,
  reply_server_unix_ms INTEGER NOT NULL
) STRICT;
)sql";

// owner: the carer who records. adopted: events from the journal of an earlier device, or of none
// (0), with their numbers here: each is recorded once. reply_wall_unix_ms: the wall clock when the
// newest answer arrived.
constexpr const char* kAdoption = R"sql(
CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  carer_id INTEGER NOT NULL
) STRICT;
CREATE TABLE adopted (
  device_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  wall_unix_ms INTEGER NOT NULL,
  boot INTEGER NOT NULL,
  boot_ms INTEGER NOT NULL,
  own_number INTEGER NOT NULL,
  PRIMARY KEY (device_id, number, wall_unix_ms, boot, boot_ms)
) STRICT, WITHOUT ROWID;
ALTER TABLE sync_state ADD COLUMN reply_wall_unix_ms INTEGER;
)sql";

// The last known plan objects of a visit (encoded roster.v1 messages), kept with its records;
// sealed and bound to the visit.
constexpr const char* kKeptPlan = R"sql(
CREATE TABLE kept_plan (
  visit_id INTEGER PRIMARY KEY,
  visit BLOB NOT NULL,
  person BLOB NOT NULL
) STRICT;
)sql";

// received_unix_ms: when the entry arrived, as committed to by the server's log. Entries of release
// 0.1 were hashed differently and cannot be in a log of today's format.
constexpr const char* kArrival = R"sql(
ALTER TABLE receipt ADD COLUMN received_unix_ms INTEGER NOT NULL DEFAULT 0;
)sql";
// formats_heard: SHA-256 of the last sync.v1.Formats that the server received. Empty: none.
constexpr const char* kFormatsHeard = R"sql(
ALTER TABLE sync_state ADD COLUMN formats_heard BLOB;
)sql";
constexpr const char* kEventsOf01 = "SELECT count(*) FROM event";

}  // namespace

Status migrateJournal(sql::Database& database) {
  static constexpr std::array<sql::Migration, 5> kMigrations{{{1, kTables},
                                                              {2, kAdoption},
                                                              {3, kKeptPlan},
                                                              {4, kArrival, kEventsOf01},
                                                              {5, kFormatsHeard}}};
  return sql::migrate(database, "journal", kMigrations);
}

}  // namespace doorstep::journal
