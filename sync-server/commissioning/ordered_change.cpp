// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/ordered_change.h"

#include <algorithm>
#include <utility>

#include "sync-server/commissioning/limits.h"

namespace doorstep::commissioning {
namespace {

bool isSoAlready(const std::vector<CommissionedRow>& rows, const CommissionedRow& wanted,
                 std::int64_t lastDay) {
  const CommissionedRow* holds = rowOn(rows, wanted.key.name, wanted.fromDay);
  if (holds == nullptr || !holds->saysTheSame(wanted))
    return false;
  return std::none_of(rows.begin(), rows.end(), [&](const CommissionedRow& each) {
    return each.key == wanted.key && !each.replacedVersion && each.fromDay > wanted.fromDay &&
           each.fromDay <= std::min(wanted.untilDay.value_or(kNoLastDay), lastDay);
  });
}

}  // namespace

Result<Changed> changeRow(sql::Database& database, ProviderId provider, CommissioningWriter& writer,
                          BegunDays& begun, CommissionedRow row, std::int64_t lastDay) {
  DOORSTEP_ASSIGN(const auto rows,
                  rowsOfSubject(database, provider, row.key.kind, row.key.subject));
  if (isSoAlready(rows, row, lastDay))
    return Changed::No;
  if (rows.size() >= kRowsPerSubjectMax)
    return Error{ErrorCode::ResourceExhausted, "ROWS_TOO_MANY",
                 "so much was said of this already that no more is kept"};
  const bool touchesVisits = row.key.kind != Kind::Rating && row.key.kind != Kind::Commissioner;
  bool needsReason = false;
  if (touchesVisits) {
    const bool ofPerson = row.key.kind == Kind::Package || row.key.kind == Kind::Pause;
    DOORSTEP_ASSIGN(needsReason,
                    begun.needsReason(row.fromDay, PersonId(ofPerson ? row.key.subject : 0)));
  }
  if (needsReason && row.reason.empty())
    return Changed::NeedsReason;
  if (!needsReason)
    row.reason.clear();
  DOORSTEP_TRY(writer.put(std::move(row), lastDay));
  return Changed::Yes;
}

}  // namespace doorstep::commissioning
