// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/coming_version.h"

#include <fmt/format.h>

#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {
namespace {

struct VersionColumn {
  const char* table;
  const char* column;
};
// Whatever says of itself which plan version wrote it.
constexpr VersionColumn kColumns[] = {
    {"person_terms", "plan_version"},      {"person_terms", "replaced_version"},
    {"contract_provider", "plan_version"}, {"contract_provider", "replaced_version"},
    {"visit_version", "plan_version"},     {"visit", "plan_version"},
    {"plan_version", "plan_version"},      {"plan_version_file", "plan_version"}};

}  // namespace

Status beginComingVersion(sql::Database& database, ProviderId provider,
                          event_log::OfficeAct& office) {
  if (!office.isFirstFor(provider))
    return kDone;
  DOORSTEP_ASSIGN(const Provider known, roster::provider(database, provider));
  for (const VersionColumn& each : kColumns) {
    DOORSTEP_ASSIGN(auto rows, database.prepare(fmt::format(
                                   "SELECT {1} FROM {0} WHERE provider_id = ? AND {1} > ? LIMIT 1",
                                   each.table, each.column)));
    rows.bindId(0, provider.value).bindId(1, known.planVersion);
    DOORSTEP_ASSIGN(const bool found, rows.step());
    if (found)
      return Error{
          ErrorCode::DataLoss, "PLAN_ROWS_FOREIGN",
          fmt::format("table {} has rows of plan version {} ({}), and the newest that this "
                      "office made is {}: somebody wrote them past the server. Nothing was "
                      "changed. Run `verify`, remove these rows or restore a backup, and "
                      "try again",
                      each.table, rows.columnId(0), each.column, known.planVersion)};
  }
  return kDone;
}

}  // namespace doorstep::roster
