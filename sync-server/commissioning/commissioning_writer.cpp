// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioning_writer.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "sync-server/commissioning/row_evidence.h"

namespace doorstep::commissioning {

Result<CommissioningWriter> CommissioningWriter::begin(sql::Database& database, ProviderId provider,
                                                       event_log::OfficeAct& office,
                                                       std::string why) {
  DOORSTEP_ASSIGN(const std::uint64_t newest, commissioningVersion(database, provider));
  DOORSTEP_ASSIGN(const bool foreign, hasRowsAfter(database, provider, newest));
  if (foreign)
    return Error{ErrorCode::DataLoss, "COMMISSIONING_ROWS_FOREIGN",
                 fmt::format("table commissioned_row has rows of a later version than {}, the "
                             "newest that this office made: somebody wrote them past the server. "
                             "Nothing was changed. Run `verify`, remove these rows or restore a "
                             "backup, and try again",
                             newest)};
  return CommissioningWriter(database, provider, office, std::move(why), newest + 1);
}

Status CommissioningWriter::put(CommissionedRow row, std::int64_t lastDay) {
  row.version = version_;
  written_ = true;
  return putRow(database_, provider_, row, lastDay);
}

Result<std::uint64_t> CommissioningWriter::finish() {
  if (!written_)
    return version_ - 1;
  DOORSTEP_TRY(putVersion(database_, provider_,
                          {version_, office_.decidedUnixMs(), office_.by().account, why_}));
  DOORSTEP_ASSIGN(auto rows, rowsOfVersion(database_, provider_, version_));
  sortForRoot(rows);
  const auto entry = office_.openEntry(provider_);
  std::map<Kind, RowsRoot> roots;
  for (const CommissionedRow& row : rows)
    roots.try_emplace(row.key.kind, office_.saltOf(entry), version_).first->second.add(row);
  for (const auto& [kind, root] : roots)
    office_.say(provider_, visits::OfficeReason::Commissioning,  // in the entry just opened
                visits::CommissionedRows{kind, version_, root.written(), root.root()}, why_);
  return version_;
}

}  // namespace doorstep::commissioning
