// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/month_report.h"

#include <algorithm>

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "sync-server/event_log/log_tables.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/figures/month_figures.h"
#include "sync-server/records/rules/rules_reader.h"

namespace doorstep::records {
namespace {

Result<v1::GetMeasuresResponse> figuresOf(const Reading& reading, const ReportAsked& asked,
                                          const MonthDays& days) {
  v1::MeasureFilter filter;
  filter.set_contract_id(asked.contract.value);
  filter.set_provider_id(asked.provider.value);
  filter.set_first_day(measures::dayText(days.first));
  filter.set_last_day(measures::dayText(days.last));
  DOORSTEP_ASSIGN(const auto measured, MeasureReading::open(reading, filter, {}));
  return measured->figures({});
}

Result<v1::Contract> contractOf(const Reading& reading, ContractId contract) {
  DOORSTEP_ASSIGN(const auto page, listContracts(reading, ContractId(contract.value - 1), 1));
  if (page.response.contracts_size() == 0 ||
      page.response.contracts(0).contract_id() != contract.value)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
  return page.response.contracts(0);
}

Status addLogs(sql::Database& database, v1::MonthReport& report) {
  DOORSTEP_ASSIGN(const auto logs, event_log::readLogs(database));
  for (const v1::ContractProvider& party : report.contract().providers()) {
    if (report.provider_id() != 0 && report.provider_id() != party.provider_id())
      continue;
    v1::ReportLog& log = *report.add_logs();
    log.set_provider_name(party.provider_name());
    Hash root = crypto::sha256("");  // RFC 6962: of no entry
    for (const auto& [provider, head] : logs) {
      if (provider.value != party.provider_id())
        continue;
      log.set_entries(head.size);
      root = head.root;
    }
    log.set_root(std::string(root.view()));
  }
  return kDone;
}

}  // namespace

Status checkReportMonth(const std::string& month, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const MonthDays days, daysOfMonth(month));
  if (nowUnixMs < measures::clockToUtcMs(days.first, 0))
    return Error{ErrorCode::FailedPrecondition, "MONTH_FUTURE",
                 month + " has not begun: a report is of a month that is over or that is now"};
  return kDone;
}

Result<v1::MonthReport> readMonthReport(const Reading& reading, const ReportAsked& asked) {
  DOORSTEP_TRY(checkReportMonth(asked.month, reading.nowUnixMs));
  DOORSTEP_ASSIGN(const MonthDays days, daysOfMonth(asked.month));
  v1::MonthReport report;
  DOORSTEP_ASSIGN(*report.mutable_contract(), contractOf(reading, asked.contract));
  const auto& parties = report.contract().providers();
  if (asked.provider &&
      std::none_of(parties.begin(), parties.end(), [&](const v1::ContractProvider& party) {
        return party.provider_id() == asked.provider.value;
      }))
    return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "the provider has no part of it"};
  report.set_provider_id(asked.provider.value);
  report.set_first_day(measures::dayText(days.first));
  report.set_last_day(measures::dayText(days.last));
  report.set_is_over(reading.nowUnixMs >= monthEndsUnixMs(days));
  *report.mutable_known() = listMeasures();
  DOORSTEP_ASSIGN(*report.mutable_figures(), figuresOf(reading, asked, days));
  if (report.figures().groups_size() == 0 || report.figures().groups(0).counts().in_file() == 0)
    return Error{ErrorCode::FailedPrecondition, "MONTH_EMPTY",
                 "the contract has no visit in " + asked.month};
  const auto before = measures::dayText(days.first - 1).substr(0, asked.month.size());
  DOORSTEP_ASSIGN(const MonthDays daysBefore, daysOfMonth(before));
  DOORSTEP_ASSIGN(*report.mutable_before(), figuresOf(reading, asked, daysBefore));
  DOORSTEP_ASSIGN(*report.mutable_rules(), listRuleVersions(reading, asked.contract));
  DOORSTEP_TRY(addLogs(reading.database, report));
  return report;
}

}  // namespace doorstep::records
