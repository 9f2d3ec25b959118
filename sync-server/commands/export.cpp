// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <ostream>
#include <set>
#include <string>

#include "shared/core/local_time.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/export_bundle.h"
#include "sync-server/commands/export_fhir.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/derived_keys.h"
#include "sync-server/config/server_context.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/packages_csv.h"
#include "sync-server/records/record_settling.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/records/rules_file.h"
#include "sync-server/roster/provider_setup.h"

namespace doorstep::commands {
namespace {

namespace pb = doorstep::records::v1;
using records::RecordPlace;

struct ExportFlags {
  std::string provider;
  std::string contract;
  std::string lot;
  std::string firstDay;
  std::string lastDay;
  std::string output;
  std::string proofs;
  std::string rules;
  std::string packages;
  std::string bundle;
  std::string fhir;
};

// One export: the caller (account 0 for commands of the server), the filter and the clock.
struct Export {
  config::ServerContext& context;
  identity::AccountCaller caller;
  pb::RecordFilter message;
  records::RecordFilter filter;
  std::int64_t nowUnixMs = 0;
  crypto::SecretKey pseudonymKey{};

  records::Reading reading(sql::Database& database) const {
    return {database, caller, nowUnixMs, pseudonymKey};
  }
};

Result<pb::RecordFilter> filterOf(sql::Database& database, const ExportFlags& flags) {
  pb::RecordFilter filter;
  filter.set_lot(flags.lot);
  filter.set_first_day(flags.firstDay);
  filter.set_last_day(flags.lastDay);
  if (!flags.provider.empty()) {
    DOORSTEP_ASSIGN(const auto provider, roster::providerByName(database, flags.provider));
    if (!provider)
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "no provider has this name"};
    filter.set_provider_id(provider->value);
  }
  if (flags.contract.empty())
    return filter;
  DOORSTEP_ASSIGN(const auto contracts, roster::contracts(database));
  for (const roster::Contract& contract : contracts) {
    const bool ofProvider =
        filter.provider_id() == 0 || roster::covers(contract, ProviderId(filter.provider_id()));
    if (contract.ref != flags.contract || !ofProvider)
      continue;
    if (filter.contract_id() != 0)
      return Error{ErrorCode::InvalidArgument, "CONTRACT_AMBIGUOUS",
                   "several contracts have this ref: add --provider"};
    filter.set_contract_id(contract.id.value);
  }
  if (filter.contract_id() == 0)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "no contract has this ref"};
  return filter;
}

// Records the look before anything is read, in a running server or here under the lock.
Status recordLook(const Workplace& place, const ExportFlags& flags) {
  if (!flags.fhir.empty())
    DOORSTEP_TRY(checkFhir({flags.fhir, flags.contract, flags.lot, flags.firstDay, flags.lastDay}));
  DOORSTEP_ASSIGN(const auto message, filterOf(place.storage.read(), flags));
  DOORSTEP_TRY(records::readFilter(message));
  DOORSTEP_TRY(place.mayGoOn());
  // What waits is judged now, so that the file says of each visit what is known of it.
  DOORSTEP_TRY(records::settleAll(place.storage, place.clock, place.mayGoOn));
  identity::Look look;
  look.provider = ProviderId(message.provider_id());
  look.purpose = identity::LookPurpose::Export;
  look.atUnixMs = place.clock.wallUnixMs();
  look.detail = message.ShortDebugString();
  return identity::recordLooks(place.storage, {&look, 1}, place.clock, place.ids);
}

std::string words(const Error& error) {
  return fmt::format("export: {} ({})\n", error.text, error.reason);
}

Status writeCsv(const Export& work, std::ostream& out) {
  std::optional<RecordPlace> after;
  do {
    DOORSTEP_ASSIGN(
        const auto piece,
        records::exportPiece(work.reading(work.context.storage->read()), work.filter, after));
    out << piece.csv;
    after = piece.next;
  } while (after && out);
  out.flush();
  return out ? Status(kDone)
             : Status(Error{ErrorCode::ResourceExhausted, "WRITE_FAILED", "cannot write the file"});
}

// Visits with an attendance record that match the filter.
Result<std::set<std::pair<ProviderId, VisitId>>> recordedVisits(const Export& work) {
  std::set<std::pair<ProviderId, VisitId>> visits;
  const auto lease = work.context.storage->read();
  DOORSTEP_ASSIGN(const auto query,
                  records::RecordQuery::open(lease, work.caller, work.filter, work.nowUnixMs));
  constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
  const auto take = [&](const records::SlotRecord& record) {
    if (record.record)
      visits.emplace(record.provider, record.visit.id);
    return true;
  };
  DOORSTEP_TRY(query->run(std::nullopt, {kAll, kAll}, take));
  return visits;
}

Status writeFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? Status(kDone)
              : Status(Error{ErrorCode::ResourceExhausted, "WRITE_FAILED", path.string()});
}

// Writes one file per entry, named by provider and position, and the verifier key of each log.
Result<std::size_t> writeProofs(const Export& work, const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return Error{ErrorCode::FailedPrecondition, "FOLDER_FAILED", folder.string()};
  const event_log::LogSigners signers = work.context.signers();
  DOORSTEP_ASSIGN(const auto log, event_log::SqlEventLog::open(*work.context.storage, signers));
  DOORSTEP_ASSIGN(const auto visits, recordedVisits(work));
  std::set<std::pair<ProviderId, std::uint64_t>> written;
  for (const auto& [provider, visit] : visits) {
    DOORSTEP_ASSIGN(const auto found,
                    records::readVisitProofs(work.reading(work.context.storage->read()), *log,
                                             provider, visit));
    DOORSTEP_TRY(writeFile(folder / fmt::format("{}.vkey", provider.value),
                           signers.verifierKey(provider) + "\n"));
    for (const pb::EntryProof& proof : found.proofs) {
      if (!written.emplace(provider, proof.position()).second)
        continue;
      DOORSTEP_TRY(
          writeFile(folder / fmt::format("{}-{}.tlog-proof", provider.value, proof.position()),
                    proof.tlog_proof()));
    }
  }
  return written.size();
}

// Those that the filter's records may be under.
Result<std::vector<roster::Contract>> contractsOf(const Export& work, sql::Database& database) {
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  std::erase_if(contracts, [&](const roster::Contract& contract) {
    const ProviderId provider(work.message.provider_id());
    return (work.filter.contract && *work.filter.contract != contract.id) ||
           (provider && !roster::covers(contract, provider));
  });
  return contracts;
}

Result<std::string> rulesOf(const Export& work) {
  DOORSTEP_ASSIGN(const auto contracts, contractsOf(work, work.context.storage->read()));
  return records::rulesFile(contracts);
}

Status writePackages(const Export& work, const std::string& path) {
  if (work.message.first_day().empty() || work.message.last_day().empty())
    return Error{ErrorCode::InvalidArgument, "DAYS_MISSING",
                 "packages are written for a period: give --from and --to"};
  const auto lease = work.context.storage->read();
  DOORSTEP_ASSIGN(const auto contracts, contractsOf(work, lease));
  std::ofstream file(path, std::ios::binary);
  file << records::packagesHeader();
  records::Pseudonyms pseudonyms(work.pseudonymKey);
  const records::PackageWeeks weeks{londonDayNumber(work.filter.fromUnixMs),
                                    londonDayNumber(work.filter.toUnixMs - 1)};
  for (const roster::Contract& contract : contracts) {
    const ProviderId provider(work.message.provider_id());
    const auto share = provider ? roster::shareOf(contract, provider) : contract;
    DOORSTEP_TRY(records::packagesCsv(lease, share, weeks, pseudonyms,
                                      [&](const std::string& lines) -> Status {
                                        file << lines;
                                        return kDone;
                                      }));
  }
  file.close();
  return file ? Status(kDone) : Status(Error{ErrorCode::ResourceExhausted, "WRITE_FAILED", path});
}

Status writeBundle(const Export& work, const ExportFlags& flags) {
  // Rules, the log's head and records are of one moment.
  const auto lease = work.context.storage->read();
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(*lease, sql::TransactionKind::Snapshot));
  BundleAsked asked{flags.bundle, work.filter, {}, {}};
  DOORSTEP_ASSIGN(asked.rulesJson, rulesOf(work));
  asked.words.set_first_day(flags.firstDay);
  asked.words.set_last_day(flags.lastDay);
  asked.words.set_provider(flags.provider);
  asked.words.set_contract(flags.contract);
  asked.words.set_lot(flags.lot);
  return exportBundle(work.context, work.caller, work.nowUnixMs, work.pseudonymKey, asked);
}

Status exportRecords(const GlobalFlags& global, const ExportFlags& flags) {
  DOORSTEP_ASSIGN(auto context, config::openForReading(global.directory, global.clockFile));
  DOORSTEP_ASSIGN(const auto message, filterOf(context.storage->read(), flags));
  DOORSTEP_ASSIGN(const auto filter, records::readFilter(message));
  identity::AccountCaller caller;
  caller.role = identity::Role::Operator;
  const Export work{context,
                    caller,
                    message,
                    filter,
                    context.clock->wallUnixMs(),
                    config::pseudonymKey(context.directory.keys())};
  if (!flags.bundle.empty())
    DOORSTEP_TRY(writeBundle(work, flags));
  if (!flags.fhir.empty())
    DOORSTEP_TRY(exportFhir(context, work.reading(context.storage->read()),
                            {flags.fhir, flags.contract, flags.lot, flags.firstDay, flags.lastDay},
                            filter));
  if (flags.output.empty() && flags.bundle.empty() && flags.fhir.empty()) {
    DOORSTEP_TRY(writeCsv(work, std::cout));
  } else if (!flags.output.empty()) {
    std::ofstream file(flags.output, std::ios::binary);
    DOORSTEP_TRY(writeCsv(work, file));
  }
  if (!flags.rules.empty()) {
    DOORSTEP_ASSIGN(const std::string rules, rulesOf(work));
    DOORSTEP_TRY(writeFile(flags.rules, rules));
  }
  if (!flags.packages.empty())
    DOORSTEP_TRY(writePackages(work, flags.packages));
  if (!flags.proofs.empty()) {
    DOORSTEP_ASSIGN(const std::size_t count, writeProofs(work, flags.proofs));
    fmt::print(stderr, "{} proofs in {}\n", count, flags.proofs);
  }
  return kDone;
}

}  // namespace

void addExportCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "export", "Write visit records as CSV, and the evidence of each entry as .tlog-proof files");
  // shared_ptr because CLI11 copies its callbacks.
  auto exportFlags = std::make_shared<ExportFlags>();
  command->add_option("--provider", exportFlags->provider, "Name of the provider; left out: all");
  command->add_option("--contract", exportFlags->contract, "Ref of the contract; left out: all");
  command->add_option("--lot", exportFlags->lot, "Lot; left out: all");
  command->add_option("--from", exportFlags->firstDay, "First local day, 2026-11-23");
  command->add_option("--to", exportFlags->lastDay, "Last local day, that one included");
  command->add_option("--output", exportFlags->output, "File to write; left out: standard output");
  command->add_option("--rules", exportFlags->rules,
                      "File for the contracts' rules; with both files doorstep-recompute gives the "
                      "figures");
  command->add_option("--packages", exportFlags->packages,
                      "File for what was commissioned in each week that begins in the days");
  command->add_option("--proofs", exportFlags->proofs, "Folder for the proofs");
  command->add_option("--bundle", exportFlags->bundle,
                      "New folder for records, rules and all their evidence, which "
                      "doorstep-verify checks without a server");
  command->add_option("--fhir", exportFlags->fhir,
                      "New folder for a contract's visits and figures as FHIR R4, one .ndjson file "
                      "a kind of resource");
  command->callback([&flags, &exitCode, exportFlags] {
    exitCode = runWriting(
        flags, "export", [] { return Result<Attached>(Attached()); },
        [&](const Workplace& place) {
          const Status looked = recordLook(place, *exportFlags);
          if (!looked.ok())
            place.out.printError(words(looked.error()));
          return looked.ok() ? 0 : 1;
        });
    if (exitCode != 0 || flags.inside != nullptr)
      return;
    const Status done = exportRecords(flags, *exportFlags);
    exitCode = done.ok() ? 0 : 1;
    if (!done.ok())
      fmt::print(stderr, "{}", words(done.error()));
  });
}

}  // namespace doorstep::commands
