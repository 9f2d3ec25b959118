// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/export_fhir.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/fhir/fhir_export.h"

namespace doorstep::commands {
namespace {

constexpr std::uint64_t kShownEvery = 100;
constexpr std::size_t kHashedAtOnce = 64 << 10;

Error invalid(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

// Hashes what stands in the folder, and writes checksums.txt beside it.
Result<visits::ExportedFile> sumUp(const std::filesystem::path& folder) {
  visits::ExportedFile said{.format = "fhir"};
  std::string sums;
  std::string piece(kHashedAtOnce, '\0');
  for (const char* kind : fhir::kKindNames) {
    const std::string name = std::string(kind) + ".ndjson";
    std::ifstream file(folder / name, std::ios::binary);
    crypto::Sha256 hash;
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           file.gcount() > 0) {
      const auto length = static_cast<std::size_t>(file.gcount());
      hash.add(std::string_view(piece).substr(0, length));
      said.bytes += length;
    }
    sums += toHex(hash.hash().view()) + "  " + name + "\n";
  }
  std::ofstream out(folder / "checksums.txt", std::ios::binary);
  out << sums;
  out.close();
  if (!out)
    return Error{ErrorCode::ResourceExhausted, "WRITE_FAILED",
                 folder.string() + " cannot be written: is the disk full?"};
  said.bytes += sums.size();
  said.sha256 = crypto::sha256(sums);
  return said;
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

Result<visits::ExportedFile> exportFhir(config::ServerContext& context,
                                        const records::Reading& reading, const FhirAsked& asked,
                                        const records::RecordFilter& filter) {
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
  DOORSTEP_ASSIGN(auto said, sumUp(asked.folder));
  said.rows = done.visits;
  return said;
}

}  // namespace doorstep::commands
