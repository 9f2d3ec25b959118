// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/sql/database.h"
#include "sync-server/identity/caller.h"

namespace doorstep::identity {

// Browsers in which an account has signed in. A session's token stays in the browser's cookie after
// the session has ended: it no longer grants access, but failures of other clients with the
// account's login do not delay this browser. The table stores the token's SHA-256. A new password
// or disabling the account deletes them. Thread: the connection's.

// Stores the browser with the token of a new session, replacing `before` (may be empty). Keeps the
// newest kKnownBrowsersMax of an account.
Status rememberBrowser(sql::Database& database, AccountId account, std::string_view token,
                       std::string_view before, std::int64_t nowUnixMs);
// Whether the account has signed in with the token within kKnownBrowserAgeMs.
Result<bool> isKnownBrowser(sql::Database& database, AccountId account, std::string_view token,
                            std::int64_t nowUnixMs);
Status forgetBrowsersOf(sql::Database& database, AccountId account);

}  // namespace doorstep::identity
