// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/core/result.h"
#include "shared/visits/office_fact.h"
#include "sync-server/config/server_context.h"
#include "sync-server/records/record_filter.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::commands {

// What `export --fhir` was asked for, as it was typed.
struct FhirAsked {
  std::string folder;
  std::string contract;
  std::string lot;
  std::string firstDay, lastDay;
};

// Errors: INVALID_ARGUMENT (CONTRACT_MISSING, DAYS_MISSING: figures are those of one contract and
// time; LOT_NOT_IN_FHIR: they are of all its lots).
Status checkFhir(const FhirAsked& asked);

// Writes the folder beside a server that may run, with progress on standard error. filter: what
// was asked for, by ids. Returns what was written; its hash is that of the folder's checksums.txt.
// Errors: those of checkFhir, of fhir::writeExport and of opening the log; RESOURCE_EXHAUSTED
// (WRITE_FAILED).
Result<visits::ExportedFile> exportFhir(config::ServerContext& context,
                                        const records::Reading& reading, const FhirAsked& asked,
                                        const records::RecordFilter& filter);

}  // namespace doorstep::commands
