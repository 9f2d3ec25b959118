// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/export_fhir.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/fhir/fhir_export.h"

namespace doorstep::commands {
namespace {

constexpr std::uint64_t kShownEvery = 100;

Error invalid(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

}  // namespace

Status checkFhir(const FhirAsked& asked) {
  if (asked.contract.empty())
    return invalid("CONTRACT_MISSING", "figures are those of one contract: give --contract");
  if (asked.firstDay.empty() || asked.lastDay.empty())
    return invalid("DAYS_MISSING", "figures are those of a period: give --from and --to");
  if (!asked.lot.empty())
    return invalid("LOT_NOT_IN_FHIR",
                   "a FHIR export is of all lots of the contract: leave --lot out");
  return kDone;
}

Status exportFhir(config::ServerContext& context, const records::Reading& reading,
                  const FhirAsked& asked, const records::RecordFilter& filter) {
  DOORSTEP_TRY(checkFhir(asked));
  const event_log::LogSigners signers = context.signers();
  DOORSTEP_ASSIGN(const auto log, event_log::SqlEventLog::open(*context.storage, signers));
  const bool shown = isatty(STDERR_FILENO) != 0;
  const auto progress = [&](std::uint64_t visits) {
    if (shown && visits % kShownEvery == 0)
      fmt::print(stderr, "\r{} visits", visits);
  };
  DOORSTEP_ASSIGN(const auto done, fhir::writeExport(reading, *log,
                                                     {*filter.contract, filter.provider,
                                                      asked.firstDay, asked.lastDay, asked.folder},
                                                     progress));
  fmt::print(stderr, "{}{} visits in {}:", shown ? "\r" : "", done.visits, asked.folder);
  for (std::size_t kind = 0; kind < fhir::kKindNames.size(); ++kind)
    fmt::print(stderr, "{} {} {}", kind == 0 ? "" : ",", done.lines[kind], fhir::kKindNames[kind]);
  fmt::print(stderr, "\n");
  return kDone;
}

}  // namespace doorstep::commands
