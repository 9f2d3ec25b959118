// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/identity/caller.h"
#include "sync-server/storage/storage.h"

namespace doorstep::identity {

// Sessions of people at a browser or a script. The token is 32 random bytes in hex, known to the
// cookie only: the table holds its SHA-256, so that who reads the database cannot sign in. A
// session ends when it is signed out, kSessionIdleMs after its last use, kSessionAgeMs after
// sign-in, or when its account is disabled or gets a new password. Thread: the connection's.

struct NewSession {
  std::string token;
  std::int64_t expiresUnixMs = 0;
};

Result<NewSession> startSession(sql::Database& database, AccountId account, std::int64_t nowUnixMs,
                                IdSource& ids);

// Who the session is. Errors: UNAUTHENTICATED (NOT_SIGNED_IN) for an empty, unknown or expired
// token.
struct ResolvedSession {
  AccountCaller caller;
  // The last use was written so long ago that touchSession should be called (in a write job).
  bool touchDue = false;
  // When it ends unless it is used again.
  std::int64_t endsUnixMs = 0;
};
Result<ResolvedSession> resolveSession(sql::Database& database, std::string_view token,
                                       std::int64_t nowUnixMs);
Status touchSession(sql::Database& database, std::string_view token, std::int64_t nowUnixMs);

// Ends it; unknown: nothing to do.
// Without waiting: a use that could not be written only ends the session earlier.
void touchSessionLater(storage::Storage& storage, std::string_view token, std::int64_t nowUnixMs);

Status endSession(sql::Database& database, std::string_view token);
Status endSession(storage::Storage& storage, std::string_view token);
Status endSessionsOf(sql::Database& database, AccountId account);

}  // namespace doorstep::identity
