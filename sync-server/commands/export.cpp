// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>

#include "shared/wire/office_fact_codec.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/export_bundle.h"
#include "sync-server/commands/export_fhir.h"
#include "sync-server/commands/export_folder.h"
#include "sync-server/commands/export_work.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/derived_keys.h"
#include "sync-server/config/office_desk.h"
#include "sync-server/config/server_context.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/exports/export_store.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::commands {
namespace {

namespace pb = doorstep::records::v1;
using records::RecordPlace;

FhirAsked fhirOf(const ExportFlags& flags) {
  return {flags.fhir, flags.contract, flags.lot, flags.firstDay, flags.lastDay};
}

// Records the look before anything is read, in a running server or here under the lock.
Status recordLook(const Workplace& place, const ExportFlags& flags) {
  if (!flags.fhir.empty())
    DOORSTEP_TRY(checkFhir(fhirOf(flags)));
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

// Says in the logs that the export was made, in a running server or here under the lock. bytes: the
// fact, of what was written.
Status recordMade(const Workplace& place, const ExportFlags& flags, const std::string& bytes) {
  DOORSTEP_ASSIGN(const auto fact, wire::decodeOfficeFact(bytes));
  const auto* said = std::get_if<visits::ExportMade>(&fact.decision);
  if (said == nullptr)
    return Error{ErrorCode::InvalidArgument, "EXPORT_FORMAT",
                 "what was attached does not say what was exported"};
  visits::ExportMade made = *said;
  DOORSTEP_ASSIGN(const auto message, filterOf(place.storage.read(), flags));
  DOORSTEP_ASSIGN(const auto filter, records::readFilter(message));
  made.contract = ContractId(message.contract_id());
  made.provider = ProviderId(message.provider_id());
  identity::AccountCaller caller;
  caller.role = identity::Role::Operator;
  DOORSTEP_ASSIGN(const auto providers,
                  records::providersRead(place.storage.read(), caller, filter));
  if (providers.empty())
    return kDone;  // nobody's records
  DOORSTEP_TRY(place.mayGoOn());
  DOORSTEP_ASSIGN(office::OfficeLog* const office, place.office());
  return office->write(config::commandLine(),
                       [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                         made.id = place.ids.newId(place.clock);
                         DOORSTEP_TRY(exports::addExport(database, made, providers, act));
                         return kDone;
                       });
}

std::string words(const Error& error) {
  return fmt::format("export: {} ({})\n", error.text, error.reason);
}

Status writeCsv(ExportWork& work, std::ostream& out) {
  HashedStream file(out, "visits.csv");
  std::optional<RecordPlace> after;
  do {
    DOORSTEP_ASSIGN(
        const auto piece,
        records::exportPiece(work.reading(work.context.storage->read()), work.filter, after));
    file.write(piece.text, piece.rows);
    after = piece.next;
  } while (after && file.good());
  DOORSTEP_ASSIGN(auto written, file.finish());
  work.written.push_back(std::move(written));
  return kDone;
}

// Visits with an attendance record that match the filter.
Result<std::set<std::pair<ProviderId, VisitId>>> recordedVisits(const ExportWork& work) {
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
Result<std::size_t> writeProofs(ExportWork& work, const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return Error{ErrorCode::FailedPrecondition, "FOLDER_FAILED", folder.string()};
  const event_log::LogSigners signers = work.context.signers();
  DOORSTEP_ASSIGN(const auto log, event_log::SqlEventLog::open(*work.context.storage, signers));
  DOORSTEP_ASSIGN(const auto visits, recordedVisits(work));
  std::set<std::pair<ProviderId, std::uint64_t>> written;
  std::map<std::string, Hash> hashes;
  std::uint64_t bytes = 0;
  for (const auto& [provider, visit] : visits) {
    DOORSTEP_ASSIGN(const auto found,
                    records::readVisitProofs(work.reading(work.context.storage->read()), *log,
                                             provider, visit));
    DOORSTEP_TRY(writeFile(folder / fmt::format("{}.vkey", provider.value),
                           signers.verifierKey(provider) + "\n"));
    for (const pb::EntryProof& proof : found.proofs) {
      if (!written.emplace(provider, proof.position()).second)
        continue;
      const std::string name = fmt::format("{}-{}.tlog-proof", provider.value, proof.position());
      DOORSTEP_TRY(writeFile(folder / name, proof.tlog_proof()));
      hashes.emplace(name, crypto::sha256(proof.tlog_proof()));
      bytes += proof.tlog_proof().size();
    }
  }
  visits::ExportedFile said{.format = "proofs", .bytes = bytes};
  std::string sums;
  for (const auto& [name, hash] : hashes)
    sums += toHex(hash.view()) + "  " + name + "\n";
  said.sha256 = crypto::sha256(sums);
  work.written.push_back(std::move(said));
  return written.size();
}

Status writeBundle(ExportWork& work, const ExportFlags& flags) {
  // Rules, the log's head and records are of one moment.
  const auto lease = work.context.storage->read();
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(*lease, sql::TransactionKind::Snapshot));
  BundleAsked asked{flags.bundle, work.filter, {}, {}};
  DOORSTEP_ASSIGN(asked.rulesJson, rulesOf(work, lease));
  asked.words.set_first_day(flags.firstDay);
  asked.words.set_last_day(flags.lastDay);
  asked.words.set_provider(flags.provider);
  asked.words.set_contract(flags.contract);
  asked.words.set_lot(flags.lot);
  DOORSTEP_ASSIGN(
      auto said, exportBundle(work.context, work.caller, work.nowUnixMs, work.pseudonymKey, asked));
  work.written.push_back(std::move(said));
  return kDone;
}

// Files that are named one by one, or standard output.
Status writeNamed(ExportWork& work, const ExportFlags& flags) {
  if (flags.output.empty() && flags.bundle.empty() && flags.fhir.empty() && flags.out.empty()) {
    DOORSTEP_TRY(writeCsv(work, std::cout));
  } else if (!flags.output.empty()) {
    std::ofstream file(flags.output, std::ios::binary);
    DOORSTEP_TRY(writeCsv(work, file));
  }
  if (!flags.rules.empty()) {
    std::ofstream file(flags.rules, std::ios::binary);
    HashedStream hashed(file, "rules.json");
    DOORSTEP_ASSIGN(const std::string rules, rulesOf(work, work.context.storage->read()));
    hashed.write(rules);
    DOORSTEP_ASSIGN(auto written, hashed.finish());
    work.written.push_back(std::move(written));
  }
  if (!flags.packages.empty()) {
    std::ofstream file(flags.packages, std::ios::binary);
    HashedStream hashed(file, "packages.csv");
    DOORSTEP_TRY(writePackages(work, work.context.storage->read(), hashed));
    DOORSTEP_ASSIGN(auto written, hashed.finish());
    work.written.push_back(std::move(written));
  }
  if (!flags.proofs.empty()) {
    DOORSTEP_ASSIGN(const std::size_t count, writeProofs(work, flags.proofs));
    fmt::print(stderr, "{} proofs in {}\n", count, flags.proofs);
  }
  return kDone;
}

// What was written, as its fact: without the ids of server, which are set where it is recorded.
std::string factOf(const ExportWork& work, const ExportFlags& flags) {
  visits::OfficeFact fact;
  fact.decision = visits::ExportMade{.contractRef = flags.contract,
                                     .lot = flags.lot,
                                     .firstDay = flags.firstDay,
                                     .lastDay = flags.lastDay,
                                     .asOfUnixMs = work.nowUnixMs,
                                     .files = work.written};
  return wire::encodeOfficeFact(fact);
}

// recorded: writes the fact down; an export without it was not made, and a folder gets no name.
Status exportRecords(const GlobalFlags& global, const ExportFlags& flags,
                     const std::function<Status(const std::string& fact)>& recorded) {
  DOORSTEP_ASSIGN(auto context, config::openForReading(global.directory, global.clockFile));
  DOORSTEP_ASSIGN(const auto message, filterOf(context.storage->read(), flags));
  DOORSTEP_ASSIGN(const auto filter, records::readFilter(message));
  identity::AccountCaller caller;
  caller.role = identity::Role::Operator;
  ExportWork work{context,
                  caller,
                  message,
                  filter,
                  context.clock->wallUnixMs(),
                  config::pseudonymKey(context.directory.keys())};
  if (!flags.bundle.empty())
    DOORSTEP_TRY(writeBundle(work, flags));
  if (!flags.fhir.empty()) {
    DOORSTEP_ASSIGN(auto said, exportFhir(context, work.reading(context.storage->read()),
                                          fhirOf(flags), filter));
    work.written.push_back(std::move(said));
  }
  std::optional<ExportFolder> folder;
  if (!flags.out.empty()) {
    DOORSTEP_ASSIGN(folder, ExportFolder::write(work, flags));
  }
  DOORSTEP_TRY(writeNamed(work, flags));
  DOORSTEP_TRY(recorded(factOf(work, flags)));
  return folder ? folder->finish() : Status(kDone);
}

void addFileOptions(CLI::App& command, ExportFlags& flags) {
  auto* output =
      command.add_option("--output", flags.output, "File to write; left out: standard output");
  auto* rules = command.add_option(
      "--rules", flags.rules,
      "File for the contracts' rules; with both files doorstep-recompute gives the figures");
  auto* packages =
      command.add_option("--packages", flags.packages,
                         "File for what was commissioned in each week that begins in the days");
  command.add_option("--proofs", flags.proofs, "Folder for the proofs");
  command.add_option("--bundle", flags.bundle,
                     "New folder for records, rules and all their evidence, which "
                     "doorstep-verify checks without a server");
  command.add_option(
      "--fhir", flags.fhir,
      "New folder for a contract's visits and figures as FHIR R4, one .ndjson file a "
      "kind of resource");
  auto* out = command.add_option(
      "--out", flags.out,
      "New folder for files of the formats, with datapackage.json and checksums.txt");
  out->excludes(output)->excludes(rules)->excludes(packages);
  command
      .add_option("--format", flags.formats,
                  "Of --out: csv, jsonl, packages, rules, measures; left out: csv,rules")
      ->delimiter(',')
      ->needs(out)
      ->check(
          CLI::IsMember(std::vector<std::string>(kExportFormats.begin(), kExportFormats.end())));
}

// Both steps that write: what is attached says which one it is.
int writeStep(const GlobalFlags& global, const ExportFlags& flags, const std::string& fact) {
  return runWriting(
      global, "export",
      [&] {
        return Result<Attached>(Attached{{}, fact});
      },
      [&](const Workplace& place) {
        const std::string& made = place.attached.input;
        const Status done =
            made.empty() ? recordLook(place, flags) : recordMade(place, flags, made);
        if (!done.ok())
          place.out.printError(words(done.error()));
        return done.ok() ? 0 : 1;
      });
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
  addFileOptions(*command, *exportFlags);
  command->callback([&flags, &exitCode, exportFlags] {
    if (exportFlags->formats.empty())
      exportFlags->formats = {"csv", "rules"};
    exitCode = writeStep(flags, *exportFlags, "");
    if (exitCode != 0 || flags.inside != nullptr)
      return;
    const auto recorded = [&](const std::string& fact) {
      exitCode = writeStep(flags, *exportFlags, fact);
      return exitCode == 0 ? Status(kDone)
                           : Status(Error{ErrorCode::Unavailable, "EXPORT_NOT_RECORDED",
                                          "the export could not be written down, and does not "
                                          "count as made"});
    };
    const Status done = exportRecords(flags, *exportFlags, recorded);
    exitCode = done.ok() ? 0 : 1;
    if (!done.ok())
      fmt::print(stderr, "{}", words(done.error()));
  });
}

}  // namespace doorstep::commands
