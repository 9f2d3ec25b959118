// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "doorstep/records/v1/measures_service.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/freezes/freeze_store.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// A contract's figures of one month, as they are kept when the month is frozen. Thread: the
// connection's.

// By service days. last: inclusive.
struct MonthDays {
  measures::DayNumber first = 0;
  measures::DayNumber last = 0;
};
// Error: INVALID_ARGUMENT (MONTH_FORMAT) of anything but "2026-11".
Result<MonthDays> daysOfMonth(const std::string& month);
// From when on its last service day is over, whatever the rules say: noon of the day after it.
std::int64_t monthEndsUnixMs(const MonthDays& days);

// A phone that was not heard of since the planned end of a visit of which something is missing:
// what its carer recorded there may still come.
struct SilentPhone {
  ProviderId provider;
  DeviceId device;
  CarerId carer;
  std::int64_t heardUnixMs = 0;
  std::uint64_t visits = 0;
};

struct MonthReading {
  freezes::MonthFigures figures;
  std::vector<SilentPhone> silent;  // by provider and device
};

// Everything that a freeze keeps, without the file's hash. Errors: those of MeasureReading;
// MONTH_FORMAT; FAILED_PRECONDITION (MONTH_NOT_OVER: its last service day, MONTH_EMPTY). Cost and
// memory: the visits of the month, as a question about figures.
Result<MonthReading> readMonth(const Reading& reading, ContractId contract,
                               const std::string& month);

// SHA-256 of the contract's visits.csv of the month and the day after it, whose small hours belong
// to the month. Cost: an export; one piece in memory.
Result<Hash> monthFileHash(const Reading& reading, ContractId contract, const MonthDays& days);

// A figure's numerator and denominator as canonical JSON writes them.
using KeptFigure = std::pair<std::string, std::string>;
// The figures of the whole, by id. Error: DATA_LOSS (FREEZE_DAMAGED) of anything but the canonical
// JSON of figures that are not grouped.
Result<std::map<std::string, KeptFigure>> keptFigures(const std::string& measuresJson);

}  // namespace doorstep::records
