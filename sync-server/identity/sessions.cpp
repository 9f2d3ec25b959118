// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/sessions.h"

#include <algorithm>
#include <array>

#include "shared/crypto/sha256.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

Error notSignedIn() { return {ErrorCode::Unauthenticated, "NOT_SIGNED_IN", "no session"}; }

// The token is random: one SHA-256 protects it as well as a slow hash.
Hash tokenHash(std::string_view token) { return crypto::sha256({"doorstep/session/v1\n", token}); }

// Keeps an account's newest sessions; expired ones are the oldest and go first.
Status dropOldest(sql::Database& database, AccountId account) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
DELETE FROM session WHERE token_hash IN (
  SELECT token_hash FROM session WHERE account_id = ? ORDER BY started_unix_ms DESC
    LIMIT 9223372036854775807 OFFSET ?))sql"));
  return row.bindId(0, account.value).bind(1, kSessionsPerAccountMax - 1).run();
}

}  // namespace

Result<NewSession> startSession(sql::Database& database, AccountId account, std::int64_t nowUnixMs,
                                IdSource& ids) {
  DOORSTEP_TRY(dropOldest(database, account));
  std::array<std::uint8_t, kTokenBytes> random{};
  ids.fillRandom(random);
  const std::string token = toHex({reinterpret_cast<const char*>(random.data()), random.size()});
  const Hash hash = tokenHash(token);
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO session (token_hash, account_id, "
                                             "started_unix_ms, used_unix_ms) VALUES (?, ?, ?, ?)"));
  row.bindBlob(0, hash.view()).bindId(1, account.value).bind(2, nowUnixMs).bind(3, nowUnixMs);
  DOORSTEP_TRY(row.run());
  return NewSession{token, nowUnixMs + kSessionAgeMs};
}

Result<ResolvedSession> resolveSession(sql::Database& database, std::string_view token,
                                       std::int64_t nowUnixMs) {
  if (token.size() != 2 * kTokenBytes)
    return notSignedIn();
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
SELECT account_id, role, provider_id, council_id, display_name, started_unix_ms, used_unix_ms
FROM session JOIN account USING (account_id) WHERE token_hash = ? AND disabled = 0)sql"));
  const Hash hash = tokenHash(token);
  row.bindBlob(0, hash.view());
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found || nowUnixMs >= row.columnInt(5) + kSessionAgeMs ||
      nowUnixMs >= row.columnInt(6) + kSessionIdleMs)
    return notSignedIn();
  ResolvedSession session;
  session.caller = {AccountId(row.columnId(0)), static_cast<Role>(row.columnInt(1)),
                    ProviderId(row.columnId(2)), CouncilId(row.columnId(3)), row.columnText(4)};
  session.endsUnixMs =
      std::min(row.columnInt(5) + kSessionAgeMs, row.columnInt(6) + kSessionIdleMs);
  session.touchDue = nowUnixMs >= row.columnInt(6) + kSessionTouchMs;
  return session;
}

Status touchSession(sql::Database& database, std::string_view token, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare(
          "UPDATE session SET used_unix_ms = ?1 WHERE token_hash = ?2 AND used_unix_ms < ?1"));
  const Hash hash = tokenHash(token);
  return row.bind(0, nowUnixMs).bindBlob(1, hash.view()).run();
}

void touchSessionLater(storage::Storage& storage, std::string_view token, std::int64_t nowUnixMs) {
  storage.writeAsync(
      [kept = std::string(token), nowUnixMs](sql::Database& database) {
        return touchSession(database, kept, nowUnixMs);
      },
      [](const Status&) {});
}

Status endSession(sql::Database& database, std::string_view token) {
  DOORSTEP_ASSIGN(auto row, database.prepare("DELETE FROM session WHERE token_hash = ?"));
  const Hash hash = tokenHash(token);
  return row.bindBlob(0, hash.view()).run();
}

Status endSession(storage::Storage& storage, std::string_view token) {
  return storage.write([&](sql::Database& database) { return endSession(database, token); });
}

Status endSessionsOf(sql::Database& database, AccountId account) {
  DOORSTEP_ASSIGN(auto row, database.prepare("DELETE FROM session WHERE account_id = ?"));
  return row.bindId(0, account.value).run();
}

}  // namespace doorstep::identity
