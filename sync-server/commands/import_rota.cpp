// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "sync-server/commands/commands.h"
#include "sync-server/config/server_context.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota_import.h"

namespace doorstep::commands {
namespace {

struct ImportFlags {
  std::string provider;
  std::string council;
  std::string rules;
  std::string directory;
};

// The files of a folder, open for as long as they are read.
class RotaFolder {
 public:
  explicit RotaFolder(const std::filesystem::path& path) : path_(path) {}

  roster::RotaFiles files() {
    return {open(people_, "people.csv"), open(carers_, "carers.csv"), open(visits_, "visits.csv"),
            open(tasks_, "tasks.csv"), open(contracts_, "contracts.csv")};
  }

 private:
  std::istream* open(std::ifstream& file, const char* name) {
    std::error_code ignored;  // a path that is too long, for one: a file that is not there
    if (!std::filesystem::is_regular_file(path_ / name, ignored))
      return nullptr;
    file.open(path_ / name, std::ios::binary);
    return file ? &file : nullptr;
  }

  const std::filesystem::path path_;
  std::ifstream people_, carers_, visits_, tasks_, contracts_;
};

void printFaults(const roster::FaultList& faults) {
  for (const auto& fault : faults.listed())
    fmt::print("{}:{}:{} {} ({})\n", fault.file, fault.line,
               fault.column.empty() ? "" : fmt::format(" {}:", fault.column), fault.text,
               fault.reason);
  const std::uint64_t all = faults.listed().size() + faults.notListed();
  fmt::print("Nothing was imported: {} fault{}{}.\n", all, all == 1 ? "" : "s",
             faults.notListed() == 0
                 ? ""
                 : fmt::format(", the first {} are listed", faults.listed().size()));
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

Result<roster::ImportTarget> makeTarget(sqlite::Database& database, const ImportFlags& flags,
                                        const config::ServerContext& context) {
  roster::ImportTarget target;
  DOORSTEP_ASSIGN(target.rules, rulesOf(flags.rules));
  DOORSTEP_ASSIGN(target.provider,
                  roster::ensureProvider(database, flags.provider, *context.clock, *context.ids));
  if (!flags.council.empty()) {
    DOORSTEP_ASSIGN(target.council,
                    roster::ensureCouncil(database, flags.council, *context.clock, *context.ids));
  }
  return target;
}

// True: imported. False: the faults say why not.
Result<bool> importFolder(const GlobalFlags& global, const ImportFlags& flags) {
  DOORSTEP_ASSIGN(auto context, config::openForCommand(global.directory, global.clockFile));
  roster::FaultList faults;
  RotaFolder folder(flags.directory);
  const roster::Rota rota = roster::readRota(folder.files(), faults);
  roster::ImportSummary summary;
  roster::ImportTarget target;
  if (faults.empty()) {
    const auto progress = [&](std::uint64_t done, std::uint64_t all) {
      if (all > 20'000)
        fmt::print(stderr, "\r{} of {} visits", done, all);
    };
    const Status done = context.storage->write([&](sqlite::Database& database) -> Status {
      DOORSTEP_ASSIGN(target, makeTarget(database, flags, context));
      DOORSTEP_ASSIGN(summary, roster::importRota(database, rota, target, *context.clock,
                                                  *context.ids, faults, progress));
      return kDone;
    });
    if (rota.visits.size() > 20'000)
      fmt::print(stderr, "\n");
    if (!done.ok() && faults.empty())
      return done.error();
  }
  if (!faults.empty()) {
    printFaults(faults);
    return false;
  }
  fmt::print(
      "Provider {} (\"{}\"): {} people, {} carers, {} visits; {} new, {} changed, {} cancelled. "
      "Plan version {}.\n",
      target.provider.value, flags.provider, summary.people, summary.carers, summary.visits,
      summary.visitsNew, summary.visitsChanged, summary.visitsCancelled,
      summary.commit.planVersion);
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
