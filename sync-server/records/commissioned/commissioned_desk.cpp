// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_desk.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "shared/core/display_text.h"
#include "sync-server/commissioning/begun_days.h"
#include "sync-server/commissioning/commissioning_writer.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/commissioning/ordered_change.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/commissioned/commissioned_row_message.h"
#include "sync-server/records/commissioned/commissioned_scope.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
using commissioning::CommissionedRow;
using commissioning::Kind;
using identity::Role;

constexpr std::uint32_t kPageDefault = 200;
constexpr std::uint32_t kLotsPerPageMax = 50;  // with outlines of 64 KiB
constexpr int kRowsPerCallMax = 100;

Error refused(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

// Acts are told of a subject's rows alone: which those are is a page at most.
Status addActs(sql::Database& database, ProviderId provider,
               pb::ListCommissionedResponse& response) {
  std::set<std::uint64_t, std::greater<>> versions;
  for (const pb::CommissionedRow& row : response.rows())
    for (const std::uint64_t version : {row.version(), row.replaced_version()})
      if (version != 0)
        versions.insert(version);
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(database));
  for (const std::uint64_t version : versions) {
    DOORSTEP_ASSIGN(const auto act, commissioning::versionOf(database, provider, version));
    if (!act)
      continue;
    pb::CommissioningAct& message = *response.add_acts();
    message.set_version(version);
    message.set_made_unix_ms(act->madeUnixMs);
    const auto name = names.find(act->account);
    if (name != names.end())
      message.set_decided_by(name->second);
    message.set_why(act->why);
  }
  return kDone;
}

// The rows of one subject, the newest first.
Result<std::vector<CommissionedRow>> rowsAskedOf(sql::Database& database, ProviderId provider,
                                                 const pb::ListCommissionedRequest& request,
                                                 std::size_t most) {
  DOORSTEP_ASSIGN(
      auto rows, commissioning::rowsOfSubject(database, provider, static_cast<Kind>(request.kind()),
                                              request.subject_id()));
  if (request.has_name())
    std::erase_if(rows, [&](const auto& row) { return row.key.name != request.name(); });
  std::stable_sort(
      rows.begin(), rows.end(),
      [](const CommissionedRow& a, const CommissionedRow& b) { return a.version > b.version; });
  rows.resize(std::min(rows.size(), most));
  return rows;
}

// A row that a call wants, and the day before the next one of its key in the same call.
struct Wanted {
  CommissionedRow row;
  std::int64_t lastDay = commissioning::kNoLastDay;
};

// By first day, so that a later row of a call is not taken away by an earlier one without an end.
Result<std::vector<Wanted>> readWanted(const pb::SetCommissionedRequest& request) {
  std::vector<Wanted> all;
  for (const pb::CommissionedRow& message : request.rows()) {
    DOORSTEP_ASSIGN(auto row, rowOf(message));
    all.push_back({std::move(row)});
  }
  std::stable_sort(all.begin(), all.end(), [](const Wanted& a, const Wanted& b) {
    return std::tie(a.row.key, a.row.fromDay) < std::tie(b.row.key, b.row.fromDay);
  });
  for (std::size_t i = 1; i < all.size(); ++i) {
    Wanted& before = all[i - 1];
    const CommissionedRow& next = all[i].row;
    if (before.row.key != next.key)
      continue;
    if (before.row.fromDay == next.fromDay ||
        (before.row.untilDay && *before.row.untilDay >= next.fromDay))
      return refused("ROWS_OVERLAP", "two rows of one kind, subject and name share a day");
    before.lastDay = next.fromDay - 1;
  }
  return all;
}

// Somebody put a row of a wanted key since the version that the caller has seen.
Status checkUnchanged(sql::Database& database, ProviderId provider, std::uint64_t newestSeen,
                      const std::vector<Wanted>& wanted) {
  DOORSTEP_ASSIGN(const std::uint64_t newest,
                  commissioning::commissioningVersion(database, provider));
  if (newest <= newestSeen)
    return kDone;
  DOORSTEP_ASSIGN(const auto changes,
                  commissioning::changedSince(database, provider, newestSeen, newest));
  for (const Wanted& each : wanted)
    for (const commissioning::RowChange& change : changes)
      if (change.key == each.row.key)
        return Error{ErrorCode::Aborted, "COMMISSIONED_CHANGED",
                     "somebody changed this since newest_seen: look again"};
  return kDone;
}

}  // namespace

Result<CommissionedPage> listCommissioned(sql::Database& database,
                                          const identity::AccountCaller& caller,
                                          const pb::ListCommissionedRequest& request,
                                          const std::optional<commissioning::RowPlace>& after) {
  DOORSTEP_ASSIGN(const ProviderId provider, askedProvider(caller, request.provider_id()));
  if (request.kind() == pb::COMMISSIONED_KIND_UNSPECIFIED ||
      !pb::CommissionedKind_IsValid(request.kind()))
    return refused("KIND_UNKNOWN", "say which kind of row");
  const auto kind = static_cast<Kind>(request.kind());
  DOORSTEP_ASSIGN(auto scope,
                  RowScope::open(database, caller, provider, ContractId(request.contract_id())));
  const std::uint32_t most = kind == Kind::Lot ? kLotsPerPageMax : commissioning::kPageRowsMax;
  const std::uint32_t size =
      std::min(request.page_size() == 0 ? kPageDefault : request.page_size(), most);
  std::vector<CommissionedRow> rows;
  CommissionedPage page;
  const bool isOfOne = request.subject_id() != 0 || request.has_name();
  if (isOfOne) {
    DOORSTEP_ASSIGN(rows, rowsAskedOf(database, provider, request, most));
  } else {
    DOORSTEP_ASSIGN(rows, commissioning::rowsInForce(database, provider, kind, after, size));
    if (rows.size() == size)
      page.next = commissioning::RowPlace{rows.back().key, rows.back().fromDay};
  }
  for (const CommissionedRow& row : rows) {
    DOORSTEP_ASSIGN(const bool seen, scope.maySee(row));
    const bool asked =
        !isOfContract(kind) || !scope.hasFilter() || row.key.subject == request.contract_id();
    if (!seen || !asked)
      continue;
    pb::CommissionedRow& told = *page.response.add_rows();
    told = messageOf(row);
    DOORSTEP_ASSIGN(*told.mutable_subject_ref(), scope.subjectRef(row));
  }
  if (isOfOne)
    DOORSTEP_TRY(addActs(database, provider, page.response));
  DOORSTEP_ASSIGN(const std::uint64_t version,
                  commissioning::commissioningVersion(database, provider));
  page.response.set_commissioning_version(version);
  return page;
}

Result<pb::SetCommissionedResponse> setCommissioned(sql::Database& database,
                                                    const identity::AccountCaller& caller,
                                                    const pb::SetCommissionedRequest& request,
                                                    event_log::OfficeAct& office) {
  DOORSTEP_TRY(identity::requireRole(caller, {Role::Operator, Role::Council}));
  DOORSTEP_ASSIGN(const ProviderId provider, askedProvider(caller, request.provider_id()));
  DOORSTEP_TRY(roster::provider(database, provider));
  if (request.rows_size() > kRowsPerCallMax)
    return refused("ROWS_TOO_MANY", "at most 100 rows at once");
  if (request.why().size() > commissioning::kWhyBytesMax ||
      textFlaw(request.why(), TextKind::Line) != TextFlaw::None)
    return refused("REASON_FORMAT", "a reason is one line of 500 bytes at most");
  DOORSTEP_ASSIGN(auto wanted, readWanted(request));
  if (request.has_newest_seen())
    DOORSTEP_TRY(checkUnchanged(database, provider, request.newest_seen(), wanted));
  DOORSTEP_ASSIGN(auto scope, RowScope::open(database, caller, provider, ContractId()));
  DOORSTEP_ASSIGN(auto writer, commissioning::CommissioningWriter::begin(database, provider, office,
                                                                         request.why()));
  commissioning::BegunDays begun(database, provider, office.decidedUnixMs());
  pb::SetCommissionedResponse response;
  for (Wanted& each : wanted) {
    DOORSTEP_TRY(scope.checkWrite(each.row));
    DOORSTEP_ASSIGN(const auto changed,
                    commissioning::changeRow(database, provider, writer, begun, std::move(each.row),
                                             each.lastDay));
    if (changed == commissioning::Changed::NeedsReason)
      return Error{ErrorCode::FailedPrecondition, "FROM_PAST",
                   "visits have begun on a day of the row: say why it was otherwise, or begin "
                   "later"};
    if (changed == commissioning::Changed::Yes)
      response.set_rows_changed(response.rows_changed() + 1);
  }
  DOORSTEP_ASSIGN(const std::uint64_t version, writer.finish());
  response.set_commissioning_version(version);
  return response;
}

}  // namespace doorstep::records
