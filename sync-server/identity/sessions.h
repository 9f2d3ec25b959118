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

// Sessions of people in a browser or script. The token is 32 random bytes in hex, known only to the
// cookie: the table stores its SHA-256, so that reading the database does not allow sign-in. A
// session ends on sign-out, kSessionIdleMs after its last use, kSessionAgeMs after sign-in, or when
// its account is disabled or gets a new password. Thread: the connection's.

struct NewSession {
  std::string token;
  std::int64_t expiresUnixMs = 0;
};

Result<NewSession> startSession(sql::Database& database, AccountId account, std::int64_t nowUnixMs,
                                IdSource& ids);

// The session's account. Errors: UNAUTHENTICATED (NOT_SIGNED_IN) for an empty, unknown or expired
// token.
struct ResolvedSession {
  AccountCaller caller;
  // The stored last use is old enough that touchSession should be called (in a write job).
  bool touchDue = false;
  // When it ends unless used again.
  std::int64_t endsUnixMs = 0;
};
Result<ResolvedSession> resolveSession(sql::Database& database, std::string_view token,
                                       std::int64_t nowUnixMs);
Status touchSession(sql::Database& database, std::string_view token, std::int64_t nowUnixMs);

// Posts the update without waiting for it; if it fails, the session ends earlier.
void touchSessionLater(storage::Storage& storage, std::string_view token, std::int64_t nowUnixMs);

// Ends the session. An unknown token is no error.
Status endSession(sql::Database& database, std::string_view token);
Status endSession(storage::Storage& storage, std::string_view token);
Status endSessionsOf(sql::Database& database, AccountId account);

}  // namespace doorstep::identity
