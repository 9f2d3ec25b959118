// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/access_log.h"

namespace doorstep::identity {

Status recordLook(sql::Database& database, const Look& look, const Clock& clock, IdSource& ids) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO look (look_id, account_id, provider_id, person_id, visit_id, purpose, at_unix_ms,
  detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, ids.newId(clock)).bindId(1, look.account.value).bindId(2, look.provider.value);
  row.bindId(3, look.person.value).bindId(4, look.visit.value);
  row.bind(5, static_cast<int>(look.purpose)).bind(6, look.atUnixMs);
  return row.bindText(7, look.detail).run();
}

Status recordLooks(storage::Storage& storage, std::span<const Look> looks, const Clock& clock,
                   IdSource& ids) {
  return storage.write([&](sql::Database& database) -> Status {
    for (const Look& look : looks)
      DOORSTEP_TRY(recordLook(database, look, clock, ids));
    return kDone;
  });
}

Result<std::vector<Look>> looksAtPerson(sql::Database& database, ProviderId provider,
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
