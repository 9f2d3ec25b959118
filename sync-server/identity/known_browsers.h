// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/sql/database.h"
#include "sync-server/identity/caller.h"

namespace doorstep::identity {

// Browsers that an account has signed in with. The token of a session stays in the browser's cookie
// after the session has ended: it then opens nothing, but what others try with the account's login
// slows this browser down no more. The table holds the token's SHA-256. A new password and a
// disabled account forget all of them. Thread: the connection's.

// The browser that holds the token of a session that starts now, and `before` (may be empty) until
// now. An account keeps the newest kKnownBrowsersMax.
Status rememberBrowser(sql::Database& database, AccountId account, std::string_view token,
                       std::string_view before, std::int64_t nowUnixMs);
// Whether the account was signed in with the token within kKnownBrowserAgeMs.
Result<bool> isKnownBrowser(sql::Database& database, AccountId account, std::string_view token,
                            std::int64_t nowUnixMs);
Status forgetBrowsersOf(sql::Database& database, AccountId account);

}  // namespace doorstep::identity
