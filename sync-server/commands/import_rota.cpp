// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/display_text.h"
#include "shared/crypto/sha256.h"
#include "sync-server/commands/commands.h"
#include "sync-server/config/office_desk.h"
#include "sync-server/config/server_context.h"
#include "sync-server/office/rota_office.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota_check.h"
#include "sync-server/roster/rota_import.h"
#include "sync-server/roster/rota_reader.h"

namespace doorstep::commands {
namespace {

constexpr std::uint64_t kProgressFromVisits = 20'000;  // a smaller rota takes no second

struct ImportFlags {
  std::string provider;
  std::string council;
  std::string rules;
  std::string directory;
  bool confirmCancellations = false;
  bool dryRun = false;
};

// The files of a folder, open for as long as they are read. Their names may be written in capitals.
class RotaFolder {
 public:
  explicit RotaFolder(std::filesystem::path path) : path_(std::move(path)) {}

  // Error: the folder or a file that is there cannot be read.
  Result<roster::RotaFiles> files() {
    roster::RotaFiles files;
    std::error_code failed;
    if (!std::filesystem::is_directory(path_, failed))
      return Error{ErrorCode::NotFound, "FOLDER_UNREADABLE",
                   fmt::format("there is no folder {}", path_.string())};
    std::filesystem::directory_iterator entry(path_, failed);
    for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed))
      found_.emplace(lowered(entry->path().filename().string()), entry->path());
    if (failed)
      return Error{ErrorCode::PermissionDenied, "FOLDER_UNREADABLE",
                   fmt::format("the folder {} cannot be read", path_.string())};
    DOORSTEP_ASSIGN(files.people, open(people_, "people.csv"));
    DOORSTEP_ASSIGN(files.carers, open(carers_, "carers.csv"));
    DOORSTEP_ASSIGN(files.visits, open(visits_, "visits.csv"));
    DOORSTEP_ASSIGN(files.tasks, open(tasks_, "tasks.csv"));
    DOORSTEP_ASSIGN(files.contracts, open(contracts_, "contracts.csv"));
    return files;
  }

  // Which files they were, after files().
  const std::vector<roster::PlanFile>& planFiles() const { return planFiles_; }

 private:
  // Reads the file once more: it is a stream afterwards, and may be large.
  static roster::PlanFile planFile(const char* name, const std::filesystem::path& path) {
    std::error_code failed;
    roster::PlanFile told{name, std::filesystem::file_size(path, failed), {}};
    if (failed || told.bytes > roster::kHashedFileBytesMax)
      return told;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    told.bytes = bytes.size();
    told.sha256Hex = toHex(crypto::sha256(bytes).view());
    return told;
  }

  static std::string lowered(std::string name) {
    for (char& byte : name)
      if (byte >= 'A' && byte <= 'Z')
        byte = static_cast<char>(byte - 'A' + 'a');
    return name;
  }

  // Null: there is none.
  Result<std::istream*> open(std::ifstream& file, const char* name) {
    const auto [first, last] = found_.equal_range(name);
    if (first == last)
      return static_cast<std::istream*>(nullptr);
    if (std::next(first) != last)
      return Error{
          ErrorCode::InvalidArgument, "FILE_TWICE",
          fmt::format("the folder has {} more than once, in small letters and capitals", name)};
    std::error_code failed;
    if (std::filesystem::is_regular_file(first->second, failed))
      file.open(first->second, std::ios::binary);
    if (!file.is_open())
      return Error{ErrorCode::PermissionDenied, "FILE_UNREADABLE",
                   fmt::format("the file {} cannot be read", first->second.string())};
    planFiles_.push_back(planFile(name, first->second));
    return static_cast<std::istream*>(&file);
  }

  const std::filesystem::path path_;
  std::multimap<std::string, std::filesystem::path> found_;
  std::vector<roster::PlanFile> planFiles_;
  std::ifstream people_, carers_, visits_, tasks_, contracts_;
};

void printLine(const roster::RotaFault& told, const char* word) {
  fmt::print("{}{}:{}:{} {} ({})\n", word, told.file, told.line,
             told.column.empty() ? "" : fmt::format(" {}:", told.column), told.text, told.reason);
}

void printMore(const roster::FaultList& list) {
  for (const auto& more : list.more())
    fmt::print("{}: {} more like these ({})\n", more.file, more.count, more.reason);
}

void printNotes(const roster::FaultList& notes) {
  for (const auto& note : notes.listed())
    printLine(note, "Note: ");
  printMore(notes);
}

void printFaults(const roster::FaultList& faults) {
  for (const auto& fault : faults.listed())
    printLine(fault, "");
  printMore(faults);
  const std::uint64_t all = faults.listed().size() + faults.notListed();
  fmt::print("Nothing was imported: {} fault{}{}.\n", all, all == 1 ? "" : "s",
             faults.notListed() == 0 ? "" : fmt::format(", {} are listed", faults.listed().size()));
}

void printSummary(const ImportFlags& flags, const roster::ImportSummary& summary,
                  ProviderId provider) {
  fmt::print(
      "Provider {} (\"{}\"): {} people, {} carers, {} visits; {} new, {} changed, {} cancelled. "
      "{}\n",
      provider.value, loggedText(flags.provider), summary.people, summary.carers, summary.visits,
      summary.visitsNew, summary.visitsChanged, summary.visitsCancelled,
      flags.dryRun ? "A dry run: nothing was imported."
                   : fmt::format("Plan version {}.", summary.commit.planVersion));
}

Result<std::optional<visits::ContractRules>> rulesOf(const std::string& name) {
  if (name.empty())
    return std::optional<visits::ContractRules>();
  visits::ContractRules rules;
  if (name == "default")
    return std::optional(rules);
  if (name != "no-tolerance")
    return Error{ErrorCode::InvalidArgument, "RULES_UNKNOWN", "rules are default or no-tolerance"};
  rules.lateToleranceMin = 0;
  rules.earlyToleranceMin = 0;
  rules.timeCriticalToleranceMin = 0;
  return std::optional(rules);
}

Result<roster::ImportTarget> makeTarget(sql::Database& database, const ImportFlags& flags,
                                        const std::vector<roster::PlanFile>& files,
                                        const config::ServerContext& context) {
  roster::ImportTarget target;
  target.files = files;
  target.refuseManyCancellations = !flags.confirmCancellations && !flags.dryRun;
  DOORSTEP_ASSIGN(target.rules, rulesOf(flags.rules));
  DOORSTEP_ASSIGN(target.provider,
                  roster::ensureProvider(database, flags.provider, *context.clock, *context.ids));
  if (!flags.council.empty()) {
    DOORSTEP_ASSIGN(target.council,
                    roster::ensureCouncil(database, flags.council, *context.clock, *context.ids));
  }
  return target;
}

// The rota becomes the plan, unless it is a dry run. Faults are added.
Result<roster::ImportSummary> makePlan(const ImportFlags& flags, config::ServerContext& context,
                                       const roster::Rota& rota,
                                       const std::vector<roster::PlanFile>& files,
                                       ProviderId& provider, roster::FaultList& faults) {
  DOORSTEP_ASSIGN(auto desk, config::OfficeDesk::open(context));
  const roster::ImportProgress progress = [](std::uint64_t done, std::uint64_t all) {
    if (all > kProgressFromVisits)
      fmt::print(stderr, "\r{} of {} visits", done, all);
  };
  const auto target = [&](sql::Database& database) -> Result<roster::ImportTarget> {
    DOORSTEP_ASSIGN(auto made, makeTarget(database, flags, files, context));
    provider = made.provider;
    return made;
  };
  auto summary =
      office::importRota(desk->office(), config::commandLine(), rota,
                         {target, flags.dryRun, progress}, *context.clock, *context.ids, faults);
  if (rota.visits.size() > kProgressFromVisits)
    fmt::print(stderr, "\n");
  return summary;
}

// True: imported. False: the faults say why not.
Result<bool> importFolder(const GlobalFlags& global, const ImportFlags& flags) {
  DOORSTEP_ASSIGN(auto context, config::openForCommand(global.directory, global.clockFile));
  roster::FaultList faults;
  RotaFolder folder(flags.directory);
  DOORSTEP_ASSIGN(const roster::RotaFiles files, folder.files());
  const roster::Rota rota = roster::readRota(files, faults);
  roster::checkFilled(rota, faults);
  roster::ImportSummary summary;
  ProviderId provider;
  if (faults.empty()) {
    auto made = makePlan(flags, context, rota, folder.planFiles(), provider, faults);
    if (!made.ok() && faults.empty())
      return made.error();
    if (made.ok())
      summary = *std::move(made);
  }
  if (!faults.empty()) {
    printNotes(rota.notes);
    printFaults(faults);
    return false;
  }
  printSummary(flags, summary, provider);
  printNotes(rota.notes);
  printNotes(summary.notes);
  return true;
}

}  // namespace

void addImportRotaCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "import-rota",
      "Make a folder of CSV files the plan of a provider, wholly or not at all. A visit of a "
      "day of the rota that the rota no longer names is cancelled");
  // shared_ptr: CLI11 copies its callbacks.
  auto import = std::make_shared<ImportFlags>();
  command->add_option("--provider", import->provider, "Name of the provider; made when it is new")
      ->required();
  command->add_option("--council", import->council,
                      "Council that pays for lots that no contract has; made when it is new");
  command->add_option("--rules", import->rules, "Rules of that contract: default or no-tolerance");
  command->add_flag("--confirm-cancellations", import->confirmCancellations,
                    "Import a rota that cancels more than a fifth of what is planned on its days");
  command->add_flag("--dry-run", import->dryRun,
                    "Say what the import would change, and change nothing");
  command
      ->add_option("folder", import->directory,
                   "Folder with people.csv, carers.csv and visits.csv; tasks.csv and contracts.csv "
                   "when there are")
      ->required();
  command->callback([import, &flags, &exitCode] {
    const auto done = importFolder(flags, *import);
    exitCode = done.ok() && *done ? 0 : 1;
    if (!done.ok())
      fmt::print(stderr, "import-rota: {} ({})\n", done.error().text, done.error().reason);
  });
}

}  // namespace doorstep::commands
