// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/access_log.h"

namespace doorstep::identity {

Status recordLook(sqlite::Database& database, const Look& look) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO look (account_id, provider_id, person_id, visit_id, purpose, at_unix_ms, detail)
VALUES (?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, look.account.value).bindId(1, look.provider.value).bindId(2, look.person.value);
  row.bindId(3, look.visit.value).bind(4, static_cast<int>(look.purpose)).bind(5, look.atUnixMs);
  return row.bindText(6, look.detail).run();
}

Result<std::vector<Look>> looksAtPerson(sqlite::Database& database, ProviderId provider,
                                        PersonId person, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT account_id, visit_id, purpose, at_unix_ms, detail FROM look
WHERE provider_id = ? AND person_id = ? ORDER BY look_id DESC LIMIT ?)sql"));
  rows.bindId(0, provider.value).bindId(1, person.value).bind(2, limit);
  std::vector<Look> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({AccountId(rows.columnId(0)), provider, person, VisitId(rows.columnId(1)),
                     static_cast<LookPurpose>(rows.columnInt(2)), rows.columnInt(3),
                     rows.columnText(4)});
  }
}

}  // namespace doorstep::identity
