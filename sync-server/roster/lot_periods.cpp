// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/lot_periods.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/local_time.h"
#include "sync-server/roster/coming_version.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/row_history.h"

namespace doorstep::roster {
namespace {

struct Period {
  ContractId contract;
  std::int64_t fromDay = kFromAlways;
  std::string role;
};

// Of one provider's lot.
class LotWriter {
 public:
  // today: what begins on it or before is changed by a correction only.
  LotWriter(sql::Database& database, ProviderId provider, std::string lot, std::uint64_t version,
            std::int64_t today, event_log::OfficeAct& office)
      : database_(database),
        provider_(provider),
        lot_(std::move(lot)),
        version_(version),
        today_(today),
        office_(office) {}

  Status put(ContractId contract, const LotStart& start);

 private:
  Result<std::vector<Period>> inForce();
  Status putSame(const Period& newest, const LotStart& start);
  Status correct(const std::vector<Period>& known, ContractId contract, const LotStart& start);
  Status retireFrom(std::int64_t day);
  Status write(const Period& period, const std::string& reason = {});
  Error past() const;

  sql::Database& database_;
  const ProviderId provider_;
  const std::string lot_;
  const std::uint64_t version_;
  const std::int64_t today_;
  event_log::OfficeAct& office_;
};

// By day.
Result<std::vector<Period>> LotWriter::inForce() {
  DOORSTEP_ASSIGN(auto rows, database_.prepare(R"sql(
SELECT contract_id, from_day, role FROM contract_provider
WHERE provider_id = ? AND lot = ? AND replaced_version IS NULL ORDER BY from_day)sql"));
  rows.bindId(0, provider_.value).bindText(1, lot_);
  std::vector<Period> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({ContractId(rows.columnId(0)), rows.columnInt(1), rows.columnText(2)});
  }
}

// Deletes rows of the version that is being made, which nobody has seen, and marks earlier ones as
// replaced by it.
Status LotWriter::retireFrom(std::int64_t day) {
  DOORSTEP_ASSIGN(auto drop, database_.prepare(R"sql(
DELETE FROM contract_provider WHERE provider_id = ? AND lot = ? AND from_day >= ?
  AND plan_version = ?)sql"));
  drop.bindId(0, provider_.value).bindText(1, lot_).bind(2, day).bindId(3, version_);
  DOORSTEP_TRY(drop.run());
  DOORSTEP_ASSIGN(auto retire, database_.prepare(R"sql(
UPDATE contract_provider SET replaced_version = ? WHERE provider_id = ? AND lot = ?
  AND from_day >= ? AND replaced_version IS NULL)sql"));
  retire.bindId(0, version_).bindId(1, provider_.value).bindText(2, lot_).bind(3, day);
  return retire.run();
}

// Replaces the periods from its day on.
Status LotWriter::write(const Period& period, const std::string& reason) {
  DOORSTEP_TRY(retireFrom(period.fromDay));
  DOORSTEP_ASSIGN(auto row, database_.prepare(R"sql(
INSERT INTO contract_provider (provider_id, lot, from_day, plan_version, contract_id, role, reason)
VALUES (?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, provider_.value).bindText(1, lot_).bind(2, period.fromDay).bindId(3, version_);
  row.bindId(4, period.contract.value).bindText(5, period.role).bindText(6, reason);
  return row.run();
}

Error LotWriter::past() const {
  return {ErrorCode::FailedPrecondition, "LOT_FROM_PAST",
          "lot " + lot_ +
              " can pass to another contract from tomorrow on; for an earlier day say in "
              "correction_reason why"};
}

// The contract has the lot already.
Status LotWriter::putSame(const Period& newest, const LotStart& start) {
  const std::string role = start.role.empty() ? newest.role : start.role;
  const std::int64_t from = start.fromDay.value_or(newest.fromDay);
  // Past days stay as they are: only another role can begin, tomorrow at the earliest.
  if (newest.fromDay > today_ && from > today_ && from != newest.fromDay) {
    DOORSTEP_TRY(retireFrom(newest.fromDay));
    return write({newest.contract, from, role});
  }
  if (role == newest.role)
    return kDone;
  return write({newest.contract, std::max(from, std::max(today_ + 1, newest.fromDay)), role});
}

// Sets the period from a day on that may have begun. No change when it is so already.
Status LotWriter::correct(const std::vector<Period>& known, ContractId contract,
                          const LotStart& start) {
  const std::int64_t from = *start.fromDay;
  const auto later =
      std::upper_bound(known.begin(), known.end(), from,
                       [](std::int64_t day, const Period& period) { return day < period.fromDay; });
  const Period* before = later == known.begin() ? nullptr : &*std::prev(later);
  const std::string role = !start.role.empty()                                 ? start.role
                           : before != nullptr && before->contract == contract ? before->role
                                                                               : std::string();
  if (before != nullptr && before->contract == contract && before->role == role &&
      later == known.end())
    return kDone;
  DOORSTEP_TRY(write({contract, from, role}, start.correction));
  office_.say(provider_, visits::OfficeReason::Correction,
              visits::HistoryCorrected{{}, lot_, from, contract, version_}, start.correction);
  return kDone;
}

Status LotWriter::put(ContractId contract, const LotStart& start) {
  DOORSTEP_ASSIGN(const auto known, inForce());
  if (known.empty())
    return write({contract, start.fromDay.value_or(kFromAlways), start.role});
  if (!start.correction.empty() && start.fromDay && *start.fromDay <= today_)
    return correct(known, contract, start);
  if (known.back().contract == contract)
    return putSame(known.back(), start);
  if (!start.fromDay)
    return Error{
        ErrorCode::FailedPrecondition, "LOT_OF_ANOTHER_CONTRACT",
        "lot " + lot_ + " is another contract's; give the day from which it is this one's"};
  if (*start.fromDay <= today_)
    return past();
  return write({contract, *start.fromDay, start.role});
}

}  // namespace

Result<std::vector<ReplacedLot>> replacedLots(sql::Database& database, ProviderId provider,
                                              const std::string& lot, std::int64_t day) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT contract_id, from_day, role, contract_provider.reason, made.made_unix_ms,
  contract_provider.plan_version, replaced_version, replaced.made_unix_ms
FROM contract_provider
LEFT JOIN plan_version AS made ON made.provider_id = contract_provider.provider_id
  AND made.plan_version = contract_provider.plan_version
LEFT JOIN plan_version AS replaced ON replaced.provider_id = contract_provider.provider_id
  AND replaced.plan_version = contract_provider.replaced_version
WHERE contract_provider.provider_id = ? AND lot = ? AND from_day <= ?
ORDER BY from_day, contract_provider.plan_version)sql"));
  rows.bindId(0, provider.value).bindText(1, lot).bind(2, day);
  RowHistory<ReplacedLot> history;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    ReplacedLot lotRow;
    lotRow.contract = ContractId(rows.columnId(0));
    lotRow.period = {provider, lot, rows.columnInt(1), rows.columnText(2), rows.columnText(3)};
    history.add(std::move(lotRow), readSpan(rows, 1, 4, 5));
  }
  std::vector<ReplacedLot> found;
  for (auto& past : history.past()) {
    past.row.period.madeUnixMs = past.sinceUnixMs;
    past.row.replacedUnixMs = past.untilUnixMs;
    found.push_back(std::move(past.row));
  }
  return found;
}

Status putLots(sql::Database& database, ContractId contract, const ContractTerms& terms,
               const Clock& clock, event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const Provider of, provider(database, terms.provider));
  if (!terms.lots.empty())
    DOORSTEP_TRY(beginComingVersion(database, terms.provider, office));
  const std::int64_t today = londonDayNumber(clock.wallUnixMs());
  for (const std::string& lot : terms.lots) {
    const auto start = terms.starts.find(lot);
    LotWriter writer(database, terms.provider, lot, of.planVersion + 1, today, office);
    DOORSTEP_TRY(writer.put(contract, start == terms.starts.end() ? LotStart() : start->second));
  }
  return kDone;
}

}  // namespace doorstep::roster
