// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned_desk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "sync-server/commissioning/begun_days.h"
#include "sync-server/commissioning/commissioning_writer.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/commissioning/ordered_change.h"
#include "sync-server/records/commissioned_row_message.h"
#include "sync-server/records/visible_contracts.h"
#include "sync-server/roster/person_terms.h"
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

// Which rows of one provider are a caller's.
class RowScope {
 public:
  static Result<RowScope> open(sql::Database& database, const identity::AccountCaller& caller,
                               ProviderId provider, ContractId contract) {
    DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
    DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(database));
    RowScope scope{
        VisibleContracts(caller, std::move(contracts)), std::move(people), caller, provider, {}};
    if (contract)
      scope.filter_.contract = contract;
    return scope;
  }

  // Null: the caller sees no such contract of the provider.
  const roster::Contract* contract(std::uint64_t id) const {
    for (const roster::Contract& each : visible_.contracts())
      if (each.id.value == id && roster::covers(each, provider_))
        return &each;
    return nullptr;
  }
  bool seesProvider() const {
    const auto& contracts = visible_.contracts();
    return caller_.role != Role::Council ||
           std::any_of(contracts.begin(), contracts.end(), [&](const roster::Contract& each) {
             return roster::covers(each, provider_);
           });
  }
  // Whether on some of the row's days, or on each of them, the person is under a contract that the
  // caller sees. Error: PERSON_UNKNOWN.
  Result<bool> seesSome(const CommissionedRow& row) { return sees(row, false); }
  Result<bool> seesAll(const CommissionedRow& row) { return sees(row, true); }
  Result<std::string> personRef(PersonId person) {
    DOORSTEP_ASSIGN(const auto found, people_.of(provider_, person));
    return found.person.ref;
  }
  bool hasFilter() const { return filter_.contract.has_value(); }

 private:
  RowScope(VisibleContracts visible, roster::PersonReader people,
           const identity::AccountCaller& caller, ProviderId provider, RecordFilter filter)
      : visible_(std::move(visible)),
        people_(std::move(people)),
        caller_(caller),
        provider_(provider),
        filter_(std::move(filter)) {}

  // The days on which the person's terms, or the contract of a lot of hers, begin within the row.
  std::vector<std::int64_t> daysOf(const CommissionedRow& row,
                                   const std::vector<roster::PersonTerms>& terms) const {
    std::vector<std::int64_t> days{row.fromDay};
    for (const roster::PersonTerms& each : terms)
      days.push_back(each.fromDay);
    for (const roster::Contract& each : visible_.lots().contracts())
      for (const roster::LotPeriod& period : each.periods)
        if (period.provider == provider_)
          days.push_back(period.fromDay);
    std::erase_if(days, [&](std::int64_t day) { return !row.holdsOn(day); });
    return days;
  }
  Result<bool> sees(const CommissionedRow& row, bool always) {
    DOORSTEP_ASSIGN(const auto person, people_.of(provider_, PersonId(row.key.subject)));
    const auto includes = [&](std::int64_t day) {
      return visible_.includes(filter_, provider_, roster::termsOn(person.terms, day).lot,
                               londonDayBeginUnixMs(day));
    };
    const auto days = daysOf(row, person.terms);
    return always ? std::all_of(days.begin(), days.end(), includes)
                  : std::any_of(days.begin(), days.end(), includes);
  }

  VisibleContracts visible_;
  roster::PersonReader people_;
  identity::AccountCaller caller_;
  ProviderId provider_;
  RecordFilter filter_;
};

bool isOfPerson(Kind kind) { return kind == Kind::Package || kind == Kind::Pause; }
bool isOfContract(Kind kind) { return kind == Kind::Lot || kind == Kind::Rate; }

// A council names the provider that it asks about, as an operator does.
Result<ProviderId> askedProvider(const identity::AccountCaller& caller, std::uint64_t asked) {
  if (caller.role != Role::Council)
    return identity::providerFor(caller, ProviderId(asked));
  if (asked == 0)
    return refused("PROVIDER_MISSING", "say which provider");
  return ProviderId(asked);
}

Result<bool> maySee(RowScope& scope, const CommissionedRow& row) {
  if (isOfPerson(row.key.kind))
    return scope.seesSome(row);
  if (isOfContract(row.key.kind))
    return scope.contract(row.key.subject) != nullptr;
  return scope.seesProvider();
}

Result<std::string> subjectRef(sql::Database& database, RowScope& scope,
                               const CommissionedRow& row) {
  if (isOfPerson(row.key.kind))
    return scope.personRef(PersonId(row.key.subject));
  if (isOfContract(row.key.kind))
    return scope.contract(row.key.subject)->ref;
  if (row.key.kind != Kind::Commissioner)
    return std::string();
  DOORSTEP_ASSIGN(const auto council, roster::council(database, CouncilId(row.key.subject)));
  return council.name;
}

// Whether the caller may say the row.
Status checkWrite(sql::Database& database, RowScope& scope, const identity::AccountCaller& caller,
                  const CommissionedRow& row) {
  const Error other{ErrorCode::PermissionDenied, "OTHER_CONTRACT",
                    "the row has days that are not under a contract of the caller"};
  if (isOfPerson(row.key.kind)) {
    DOORSTEP_ASSIGN(const bool all, scope.seesAll(row));
    return all ? Status(kDone) : Status(other);
  }
  if (isOfContract(row.key.kind)) {
    const roster::Contract* contract = scope.contract(row.key.subject);
    if (contract == nullptr)
      return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "the provider has no such contract"};
    const bool hasLot = row.key.kind != Kind::Lot ||
                        std::find(contract->lots.begin(), contract->lots.end(), row.key.name) !=
                            contract->lots.end();
    return hasLot ? Status(kDone)
                  : Status(Error{ErrorCode::NotFound, "LOT_UNKNOWN", "no such lot"});
  }
  if (row.key.kind == Kind::Commissioner) {
    DOORSTEP_TRY(roster::council(database, CouncilId(row.key.subject)));
    const bool own = caller.role == Role::Operator || caller.council.value == row.key.subject;
    return own ? Status(kDone) : Status(other);
  }
  return scope.seesProvider() ? Status(kDone) : Status(other);
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
  if (request.subject_id() != 0) {
    DOORSTEP_ASSIGN(rows,
                    commissioning::rowsOfSubject(database, provider, kind, request.subject_id()));
    std::sort(rows.begin(), rows.end(), [](const CommissionedRow& a, const CommissionedRow& b) {
      return a.version > b.version;
    });
    rows.resize(std::min<std::size_t>(rows.size(), most));
  } else {
    DOORSTEP_ASSIGN(rows, commissioning::rowsInForce(database, provider, kind, after, size));
    if (rows.size() == size)
      page.next = commissioning::RowPlace{rows.back().key, rows.back().fromDay};
  }
  for (const CommissionedRow& row : rows) {
    DOORSTEP_ASSIGN(const bool seen, maySee(scope, row));
    const bool asked =
        !isOfContract(kind) || !scope.hasFilter() || row.key.subject == request.contract_id();
    if (!seen || !asked)
      continue;
    pb::CommissionedRow& told = *page.response.add_rows();
    told = messageOf(row);
    DOORSTEP_ASSIGN(*told.mutable_subject_ref(), subjectRef(database, scope, row));
  }
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
  DOORSTEP_ASSIGN(auto scope, RowScope::open(database, caller, provider, ContractId()));
  DOORSTEP_ASSIGN(auto writer, commissioning::CommissioningWriter::begin(database, provider, office,
                                                                         request.why()));
  commissioning::BegunDays begun(database, provider, office.decidedUnixMs());
  pb::SetCommissionedResponse response;
  for (const pb::CommissionedRow& message : request.rows()) {
    DOORSTEP_ASSIGN(auto row, rowOf(message));
    DOORSTEP_TRY(checkWrite(database, scope, caller, row));
    DOORSTEP_ASSIGN(const auto changed,
                    commissioning::changeRow(database, provider, writer, begun, std::move(row)));
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
