// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <map>
#include <memory>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/display_text.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/limits.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/commissioning/commissioned_files.h"
#include "sync-server/commissioning/commissioned_import.h"
#include "sync-server/config/office_desk.h"
#include "sync-server/office/rota_office.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota/rota_check.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "sync-server/roster/rota_import.h"

namespace doorstep::commands {
namespace {

struct ImportFlags {
  std::string provider;
  std::string council;
  std::string rules;
  std::string directory;
  bool confirmCancellations = false;
  bool dryRun = false;
};

// Number of visits above which an import prints its progress.
constexpr std::size_t kProgressFromVisits = 20'000;
constexpr const char* kRotaFiles[] = {"people.csv", "carers.csv",    "visits.csv",
                                      "tasks.csv",  "contracts.csv", "councils.csv",
                                      "lots.csv",   "packages.csv",  "rates.csv"};

std::string lowered(std::string name) {
  for (char& byte : name)
    if (byte >= 'A' && byte <= 'Z')
      byte = static_cast<char>(byte - 'A' + 'a');
  return name;
}

Result<std::string> readRotaFile(const std::filesystem::path& path, std::uint64_t bytesMax) {
  const Error unreadable{ErrorCode::PermissionDenied, "FILE_UNREADABLE",
                         fmt::format("the file {} cannot be read", path.string())};
  std::error_code failed;
  const bool isFile = std::filesystem::is_regular_file(path, failed);
  std::ifstream file;
  if (isFile)
    file.open(path, std::ios::binary);
  if (!file.is_open())
    return unreadable;
  if (std::filesystem::file_size(path, failed) > bytesMax && !failed)
    return Error{ErrorCode::ResourceExhausted, "FILES_TOO_LARGE",
                 fmt::format("the files of a rota are {} MB at most, all together",
                             kCallFileBytesMax / (1024 * 1024))};
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad())
    return unreadable;
  return bytes;
}

// Reads those files of a rota that the folder contains; case of their names is ignored. Error if
// the folder or an existing file cannot be read.
Result<Attached> readFolder(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_directory(path, failed))
    return Error{ErrorCode::NotFound, "FOLDER_UNREADABLE",
                 fmt::format("there is no folder {}", path.string())};
  std::multimap<std::string, std::filesystem::path> found;
  std::filesystem::directory_iterator entry(path, failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed))
    found.emplace(lowered(entry->path().filename().string()), entry->path());
  if (failed)
    return Error{ErrorCode::PermissionDenied, "FOLDER_UNREADABLE",
                 fmt::format("the folder {} cannot be read", path.string())};
  Attached attached;
  std::uint64_t room = kCallFileBytesMax;
  for (const char* name : kRotaFiles) {
    const auto [first, last] = found.equal_range(name);
    if (first == last)
      continue;
    if (std::next(first) != last)
      return Error{
          ErrorCode::InvalidArgument, "FILE_TWICE",
          fmt::format("the folder has {} more than once, in small letters and capitals", name)};
    DOORSTEP_ASSIGN(auto bytes, readRotaFile(first->second, room));
    room -= std::min<std::uint64_t>(bytes.size(), room);
    attached.files.push_back({name, std::move(bytes)});
  }
  return attached;
}

// Input stream over a text that must outlive it.
class TextStream final : private std::streambuf, public std::istream {
 public:
  explicit TextStream(const std::string& text) : std::istream(static_cast<std::streambuf*>(this)) {
    char* begin = const_cast<char*>(text.data());  // a get area is not written
    setg(begin, begin, begin + text.size());
  }
};

// The attached files as streams for the reader, and as entries of the plan's history.
class RotaStreams {
 public:
  explicit RotaStreams(const std::vector<AttachedFile>& attached) {
    for (const AttachedFile& file : attached) {
      streams_[file.name] = std::make_unique<TextStream>(file.bytes);
      planFiles_.push_back(
          {file.name, file.bytes.size(), toHex(crypto::sha256(file.bytes).view())});
    }
  }
  roster::RotaFiles files() {
    return {of("people.csv"), of("carers.csv"), of("visits.csv"), of("tasks.csv"),
            of("contracts.csv")};
  }
  commissioning::CommissionedFiles commissioned() {
    return {of("councils.csv"), of("lots.csv"), of("packages.csv"), of("rates.csv")};
  }
  const std::vector<roster::PlanFile>& planFiles() const { return planFiles_; }

 private:
  // Null if the file is not attached.
  std::istream* of(const char* name) {
    const auto found = streams_.find(name);
    return found == streams_.end() ? nullptr : found->second.get();
  }
  std::map<std::string, std::unique_ptr<TextStream>> streams_;
  std::vector<roster::PlanFile> planFiles_;
};

void printLine(Output& out, const roster::RotaFault& told, const char* word) {
  out.print(fmt::format("{}{}:{}:{} {} ({})\n", word, told.file, told.line,
                        told.column.empty() ? "" : fmt::format(" {}:", told.column), told.text,
                        told.reason));
}

void printMore(Output& out, const roster::FaultList& list) {
  for (const auto& more : list.more())
    out.print(fmt::format("{}: {} more like these ({})\n", more.file, more.count, more.reason));
}

void printNotes(Output& out, const roster::FaultList& notes) {
  for (const auto& note : notes.listed())
    printLine(out, note, "Note: ");
  printMore(out, notes);
}

void printFaults(Output& out, const roster::FaultList& faults) {
  for (const auto& fault : faults.listed())
    printLine(out, fault, "");
  printMore(out, faults);
  const std::uint64_t all = faults.listed().size() + faults.notListed();
  out.print(fmt::format(
      "Nothing was imported: {} fault{}{}.\n", all, all == 1 ? "" : "s",
      faults.notListed() == 0 ? "" : fmt::format(", {} are listed", faults.listed().size())));
}

void printSummary(Output& out, const ImportFlags& flags, const roster::ImportSummary& summary,
                  ProviderId provider) {
  out.print(fmt::format(
      "Provider {} (\"{}\"): {} people, {} carers, {} visits; {} new, {} changed, {} cancelled. "
      "{}\n",
      provider.value, loggedText(flags.provider), summary.people, summary.carers, summary.visits,
      summary.visitsNew, summary.visitsChanged, summary.visitsCancelled,
      flags.dryRun ? "A dry run: nothing was imported."
                   : fmt::format("Plan version {}.", summary.commit.planVersion)));
}

// Nothing when the folder has no such files and nothing is known.
void printCommissioned(Output& out, const ImportFlags& flags,
                       const commissioning::CommissionedSummary& summary) {
  if (summary.changed + summary.same == 0)
    return;
  out.print(fmt::format(
      "What is commissioned: {} changed, {} as it was.{}\n", summary.changed, summary.same,
      flags.dryRun ? "" : fmt::format(" Commissioning version {}.", summary.version)));
}

Result<std::optional<roster::StatedRules>> rulesOf(const std::string& name) {
  if (name.empty())
    return std::optional<roster::StatedRules>();
  roster::StatedRules stated;
  if (const auto* pack = measures::findRulePack(name)) {
    stated.pack = pack->rules;
    return std::optional(std::move(stated));
  }
  if (name != "default" && name != "no-tolerance") {
    std::string names = "default, no-tolerance";
    for (const measures::RulePack& pack : measures::rulePacks())
      names += fmt::format(", {}", pack.name);
    return Error{ErrorCode::InvalidArgument, "RULES_UNKNOWN", "rules are one of " + names};
  }
  const std::int64_t tolerance = name == "default" ? measures::unstatedRules().lateToleranceMin : 0;
  stated.lateToleranceMin = tolerance;
  stated.earlyToleranceMin = tolerance;
  stated.timeCriticalToleranceMin = tolerance;
  stated.missedAfterMin = measures::unstatedRules().missedAfterMin;
  return std::optional(std::move(stated));
}

Result<roster::ImportTarget> makeTarget(sql::Database& database, const ImportFlags& flags,
                                        const std::vector<roster::PlanFile>& files,
                                        const Workplace& place) {
  roster::ImportTarget target;
  target.files = files;
  target.refuseManyCancellations = !flags.confirmCancellations && !flags.dryRun;
  DOORSTEP_ASSIGN(target.rules, rulesOf(flags.rules));
  DOORSTEP_ASSIGN(target.provider,
                  roster::ensureProvider(database, flags.provider, place.clock, place.ids));
  if (!flags.council.empty()) {
    DOORSTEP_ASSIGN(target.council,
                    roster::ensureCouncil(database, flags.council, place.clock, place.ids));
  }
  return target;
}

// What is imported, from all files.
struct ReadFiles {
  roster::Rota rota;
  commissioning::Commissioned commissioned;
};
struct Imported {
  ProviderId provider;
  roster::ImportSummary rota;
  commissioning::CommissionedSummary commissioned;
};

// Imports the rota as the plan and what is commissioned beside it, or only checks both in a dry
// run. Adds to faults.
Result<Imported> makePlan(const ImportFlags& flags, const Workplace& place, const ReadFiles& read,
                          const std::vector<roster::PlanFile>& files, roster::FaultList& faults) {
  const roster::Rota& rota = read.rota;
  Imported imported;
  DOORSTEP_ASSIGN(office::OfficeLog* const office, place.office());
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    if (all > kProgressFromVisits)
      place.out.progress(fmt::format("\r{} of {} visits", done, all));
  };
  const auto target = [&](sql::Database& database) -> Result<roster::ImportTarget> {
    DOORSTEP_ASSIGN(auto made, makeTarget(database, flags, files, place));
    imported.provider = made.provider;
    return made;
  };
  const auto beside = [&](sql::Database& database, event_log::OfficeAct& act, ProviderId provider,
                          roster::FaultList& found) -> Status {
    DOORSTEP_ASSIGN(imported.commissioned,
                    commissioning::importCommissioned(database, provider, read.commissioned,
                                                      place.clock, place.ids, act, found));
    return kDone;
  };
  auto summary = office::importRota(*office, config::commandLine(), rota,
                                    {target, flags.dryRun, progress, place.mayGoOn, beside},
                                    place.clock, place.ids, faults);
  if (rota.visits.size() > kProgressFromVisits)
    place.out.progress("\n");
  DOORSTEP_ASSIGN(imported.rota, std::move(summary));
  return imported;
}

// Returns whether the rota was imported; if not, the faults are printed.
Result<bool> importFiles(const Workplace& place, const ImportFlags& flags) {
  roster::FaultList faults;
  RotaStreams streams(place.attached.files);
  ReadFiles read;
  read.rota = roster::readRota(streams.files(), faults);
  read.commissioned = commissioning::readCommissioned(streams.commissioned(), faults);
  roster::checkFilled(read.rota, faults);
  if (faults.empty())
    commissioning::giveTerms(read.commissioned, read.rota, faults);
  Imported imported;
  if (faults.empty()) {
    auto made = makePlan(flags, place, read, streams.planFiles(), faults);
    if (!made.ok() && faults.empty())
      return made.error();
    if (made.ok())
      imported = *std::move(made);
  }
  if (!faults.empty()) {
    printNotes(place.out, read.rota.notes);
    printNotes(place.out, read.commissioned.notes);
    printFaults(place.out, faults);
    return false;
  }
  printSummary(place.out, flags, imported.rota, imported.provider);
  printCommissioned(place.out, flags, imported.commissioned);
  printNotes(place.out, read.rota.notes);
  printNotes(place.out, read.commissioned.notes);
  printNotes(place.out, imported.rota.notes);
  return true;
}

int importRota(const Workplace& place, const ImportFlags& flags) {
  const auto done = importFiles(place, flags);
  if (!done.ok())
    place.out.printError(
        fmt::format("import-rota: {} ({})\n", done.error().text, done.error().reason));
  return done.ok() && *done ? 0 : 1;
}

}  // namespace

void addImportRotaCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "import-rota",
      "Make a folder of CSV files the plan of a provider, wholly or not at all. A visit of a "
      "day of the rota that the rota no longer names is cancelled");
  // shared_ptr because CLI11 copies its callbacks.
  auto import = std::make_shared<ImportFlags>();
  command->add_option("--provider", import->provider, "Name of the provider; made when it is new")
      ->required();
  command->add_option("--council", import->council,
                      "Council that pays for lots that no contract has; made when it is new");
  command->add_option("--rules", import->rules,
                      "Rules of that contract: default, no-tolerance or a pack, such as qs123");
  command->add_flag("--confirm-cancellations", import->confirmCancellations,
                    "Import a rota that cancels more than a fifth of what is planned on its days");
  command->add_flag("--dry-run", import->dryRun,
                    "Say what the import would change, and change nothing");
  command
      ->add_option("folder", import->directory,
                   "Folder with people.csv, carers.csv and visits.csv; tasks.csv, contracts.csv, "
                   "councils.csv, lots.csv, packages.csv and rates.csv when there are")
      ->required();
  command->callback([import, &flags, &exitCode] {
    exitCode = runWriting(
        flags, "import-rota", [&] { return readFolder(import->directory); },
        [&](const Workplace& place) { return importRota(place, *import); });
  });
}

}  // namespace doorstep::commands
