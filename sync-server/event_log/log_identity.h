// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/crypto/keys.h"
#include "shared/sql/database.h"

namespace doorstep::event_log {

// Binds a database to the log key and to the host name in its logs' origins. A log's name never
// changes, or no phone could verify it any more: a server that moved to another host name keeps the
// one of its first day, which this returns. In a database that has none yet, it is that of the logs
// that are there, else `host`. Inside the first write of a process. A crash leaves it written or
// not. Error FAILED_PRECONDITION (LOG_KEY_FOREIGN): another key made this database's logs. Thread:
// the connection's.
Result<std::string> bindLogIdentity(sql::Database& writer, const std::string& host,
                                    const crypto::Ed25519PublicKey& key);

// False for some other program's database, and for one that was emptied. Before migrate().
Result<bool> hasLogTables(sql::Database& database);

}  // namespace doorstep::event_log
