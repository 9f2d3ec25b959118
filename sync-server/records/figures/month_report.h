// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "doorstep/records/v1/report.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

struct ReportAsked {
  ContractId contract;
  ProviderId provider;  // 0: all of the contract
  std::string month;    // "2026-11"
};

// Error: those of daysOfMonth, and FAILED_PRECONDITION (MONTH_FUTURE): it has not begun.
Status checkReportMonth(const std::string& month, std::int64_t nowUnixMs);

// What a report of the month prints, without the list's name: the figures that MeasuresService
// gives, of this month and the month before, the rules, and the logs. Read in the caller's
// snapshot, so that all are of one state. Visits must have been settled. Errors: those of
// checkReportMonth and MeasureReading, PROVIDER_UNKNOWN, and FAILED_PRECONDITION (MONTH_EMPTY).
// Cost and memory: two questions about a month. Thread: the connection's.
Result<v1::MonthReport> readMonthReport(const Reading& reading, const ReportAsked& asked);

}  // namespace doorstep::records
