// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/schema.h"

#include "shared/sql/migrator.h"

namespace doorstep::identity {
namespace {

// Codes, tokens and passwords are stored as hashes only.
constexpr sql::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE device (
  device_id INTEGER PRIMARY KEY,
  provider_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  signing_key BLOB NOT NULL,
  tls_fingerprint BLOB NOT NULL UNIQUE,
  description TEXT NOT NULL,
  enrolled_unix_ms INTEGER NOT NULL,
  revoked_unix_ms INTEGER
) STRICT;
CREATE INDEX device_by_provider ON device (provider_id, device_id);
CREATE TABLE enrolment_code (
  code_hash BLOB PRIMARY KEY,
  provider_id INTEGER NOT NULL,
  carer_id INTEGER NOT NULL,
  expires_unix_ms INTEGER NOT NULL,
  used_unix_ms INTEGER,
  request_hash BLOB,
  device_id INTEGER REFERENCES device,
  certificate_chain TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_code_by_carer ON enrolment_code (provider_id, carer_id);
CREATE TABLE account (
  account_id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE COLLATE NOCASE,
  display_name TEXT NOT NULL,
  role INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  council_id INTEGER NOT NULL,
  salt BLOB NOT NULL,
  password_key BLOB NOT NULL,
  scrypt_log_n INTEGER NOT NULL,
  disabled INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account,
  started_unix_ms INTEGER NOT NULL,
  used_unix_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id, started_unix_ms);
CREATE TABLE look (
  look_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  at_unix_ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX look_by_person ON look (provider_id, person_id, look_id);
)sql"},
                                          {2, R"sql(
CREATE TABLE known_browser (
  token_hash BLOB PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account,
  signed_in_unix_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browser_by_account ON known_browser (account_id, signed_in_unix_ms);
)sql"},
                                          {3, R"sql(
ALTER TABLE account ADD COLUMN login_shown TEXT NOT NULL DEFAULT '';
UPDATE account SET login_shown = login, login = lower(login);
)sql"},
                                          // kind: identity::DeviceKind.
                                          {4, R"sql(
ALTER TABLE device ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX device_office ON device (provider_id) WHERE kind = 2;
)sql"}};

}  // namespace

Status migrate(sql::Database& database) { return sql::migrate(database, "identity", kMigrations); }

}  // namespace doorstep::identity
