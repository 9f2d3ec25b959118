// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/known_browsers.h"

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

Hash tokenHash(std::string_view token) { return crypto::sha256({"doorstep/browser/v1\n", token}); }

}  // namespace

Status rememberBrowser(sql::Database& database, AccountId account, std::string_view token,
                       std::string_view before, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto old, database.prepare(R"sql(
DELETE FROM known_browser WHERE account_id = ?1 AND (token_hash = ?2 OR token_hash IN (
  SELECT token_hash FROM known_browser WHERE account_id = ?1 ORDER BY signed_in_unix_ms DESC
    LIMIT 9223372036854775807 OFFSET ?3)))sql"));
  const Hash oldHash = tokenHash(before);
  old.bindId(0, account.value).bindBlob(1, oldHash.view());
  DOORSTEP_TRY(old.bind(2, static_cast<std::int64_t>(kKnownBrowsersMax) - 1).run());
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO known_browser (token_hash, account_id, "
                                             "signed_in_unix_ms) VALUES (?, ?, ?)"));
  const Hash hash = tokenHash(token);
  return row.bindBlob(0, hash.view()).bindId(1, account.value).bind(2, nowUnixMs).run();
}

Result<bool> isKnownBrowser(sql::Database& database, AccountId account, std::string_view token,
                            std::int64_t nowUnixMs) {
  if (token.size() != 2 * kTokenBytes)
    return false;
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT signed_in_unix_ms FROM known_browser WHERE "
                                             "token_hash = ? AND account_id = ?"));
  const Hash hash = tokenHash(token);
  row.bindBlob(0, hash.view()).bindId(1, account.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found && nowUnixMs < row.columnInt(0) + kKnownBrowserAgeMs;
}

Status forgetBrowsersOf(sql::Database& database, AccountId account) {
  DOORSTEP_ASSIGN(auto row, database.prepare("DELETE FROM known_browser WHERE account_id = ?"));
  return row.bindId(0, account.value).run();
}

}  // namespace doorstep::identity
