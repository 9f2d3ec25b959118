// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/crypto/keys.h"
#include "shared/sql/database.h"

namespace doorstep::event_log {

// Binds a database to the log key and to the host name in its logs' origins. A log's name never
// changes, or no phone could verify it: a server that moved to another host name keeps its first
// one, which this returns. If none is stored, it is taken from existing logs, else `host`. Runs in
// the first write of a process; atomic across a crash. Error FAILED_PRECONDITION
// (LOG_KEY_FOREIGN): this database's logs were made with another key. Thread: the connection's.
Result<std::string> bindLogIdentity(sql::Database& writer, const std::string& host,
                                    const crypto::Ed25519PublicKey& key);

// The same of what is there, for who only reads: nothing is written, whatever the database lacks.
Result<std::string> readLogIdentity(sql::Database& database, const std::string& host,
                                    const crypto::Ed25519PublicKey& key);

// False for some other program's database, and for one that was emptied. Before migrate().
Result<bool> hasLogTables(sql::Database& database);

}  // namespace doorstep::event_log
