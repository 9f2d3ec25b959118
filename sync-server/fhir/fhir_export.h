// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sync-server/event_log/event_log.h"
#include "sync-server/fhir/ndjson_folder.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::fhir {

// What is asked for: the visits and figures of one contract.
struct ExportAsked {
  ContractId contract;
  std::optional<ProviderId> provider;  // absent: every provider of the contract
  std::string firstDay, lastDay;       // service days, "2026-11-23", inclusive
  std::filesystem::path folder;        // must not be there
};

struct ExportWritten {
  std::uint64_t visits = 0;
  std::array<std::uint64_t, kKindNames.size()> lines{};  // by Kind
};

// Called with the number of visits written.
using ExportProgress = std::function<void(std::uint64_t)>;

// Writes the contract's visits and figures as FHIR R4, one file of NDJSON a kind of resource
// (docs/fhir.md), from one snapshot. The visits are those that the figures are computed from, so
// that both can be compared, and those of the days that figures give no day (planned afterwards,
// nobody came); they must have been settled (record_keeper.h). Cost: the visits, a
// read of each log entry about them. Memory: a question about figures while that is answered, then
// a page of visits. Errors: those of MeasureReading and of NdjsonFolder; PROVIDER_UNKNOWN; the
// database's. Thread: the connection's.
Result<ExportWritten> writeExport(const records::Reading& reading, event_log::EventLog& log,
                                  const ExportAsked& asked, const ExportProgress& progress);

}  // namespace doorstep::fhir
