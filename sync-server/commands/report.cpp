// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/core/display_text.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/contract_by_ref.h"
#include "sync-server/commands/pdf_printer.h"
#include "sync-server/commands/report_page.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/derived_keys.h"
#include "sync-server/config/server_context.h"
#include "sync-server/records/figures/month_report.h"
#include "sync-server/records/keeping/record_settling.h"

namespace doorstep::commands {
namespace {

namespace pb = doorstep::records::v1;

struct ReportFlags {
  std::string contract;
  std::string provider;
  std::string month;
  std::string pdf;
  std::string pack{kReportPacks.front()};
  std::string chromium = "/usr/bin/chromium";
};

std::string words(const Error& error) {
  return fmt::format("report: {} ({})\n", error.text, error.reason);
}

Result<records::ReportAsked> askedOf(sql::Database& database, const ReportFlags& flags) {
  DOORSTEP_ASSIGN(const ContractChoice choice,
                  contractByRef(database, flags.provider, flags.contract));
  if (!choice.contract)
    return Error{ErrorCode::InvalidArgument, "CONTRACT_MISSING", "--contract names none"};
  return records::ReportAsked{choice.contract, choice.provider, flags.month};
}

// What can be said before anybody is asked to work.
Status checkHere(const GlobalFlags& global, const ReportFlags& flags) {
  DOORSTEP_TRY(config::ServerDirectory::open(global.directory));
  if (std::find(kReportPacks.begin(), kReportPacks.end(), flags.pack) == kReportPacks.end())
    return Error{ErrorCode::InvalidArgument, "PACK_UNKNOWN",
                 fmt::format("there is no list of measures {}; there are {}",
                             loggedText(flags.pack), fmt::join(kReportPacks, " "))};
  std::error_code failed;
  const std::filesystem::path parent = std::filesystem::path(flags.pdf).parent_path();
  if (!parent.empty() && !std::filesystem::is_directory(parent, failed))
    return Error{ErrorCode::InvalidArgument, "FOLDER_MISSING",
                 loggedText(parent.string()) + " is no folder: make it, or name another one"};
  if (std::filesystem::is_directory(flags.pdf, failed))
    return Error{ErrorCode::InvalidArgument, "FILE_IS_FOLDER",
                 loggedText(flags.pdf) + " is a folder: name a file in it"};
  return checkChromium(flags.chromium);
}

// In a running server, or here under the lock: judges what waits, so that the report says of each
// visit what is known of it.
Status prepare(const Workplace& place, const ReportFlags& flags) {
  {
    const auto lease = place.storage.read();
    DOORSTEP_TRY(askedOf(lease, flags));
  }
  DOORSTEP_TRY(records::checkReportMonth(flags.month, place.clock.wallUnixMs()));
  DOORSTEP_TRY(place.mayGoOn());
  return records::settleAll(place.storage, place.clock, place.mayGoOn);
}

Result<pb::MonthReport> readReport(const config::ServerContext& context, const ReportFlags& flags) {
  const auto lease = context.storage->read();
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(*lease, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(const auto asked, askedOf(lease, flags));
  identity::AccountCaller caller;
  caller.role = identity::Role::Operator;
  const auto pseudonyms = config::pseudonymKey(context.directory.keys());
  DOORSTEP_ASSIGN(
      auto report,
      records::readMonthReport({lease, caller, context.clock->wallUnixMs(), pseudonyms}, asked));
  report.set_pack(flags.pack);
  return report;
}

Status printReport(const GlobalFlags& global, const ReportFlags& flags) {
  std::string page;
  {
    // Nothing of the database is held while Chromium prints.
    DOORSTEP_ASSIGN(const auto context, config::openForReading(global.directory, global.clockFile));
    DOORSTEP_ASSIGN(const auto report, readReport(context, flags));
    DOORSTEP_ASSIGN(page, reportPage(context.directory.config().dashboardDirectory, report));
  }
  return printPdf({flags.chromium, page, std::string(kReportReady), flags.pdf});
}

}  // namespace

void addReportCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command =
      app.add_subcommand("report", "Print a contract's figures of one month as PDF, on A4");
  // shared_ptr because CLI11 copies its callbacks.
  auto asked = std::make_shared<ReportFlags>();
  command->add_option("--contract", asked->contract, "Ref of the contract")->required();
  command->add_option("--month", asked->month, "2026-11")->required();
  command->add_option("--pdf", asked->pdf, "File to write")->required();
  command->add_option("--provider", asked->provider,
                      "Name of a provider: its share of the contract; left out: all");
  command
      ->add_option("--pack", asked->pack,
                   fmt::format("List of measures: {}", fmt::join(kReportPacks, ", ")))
      ->capture_default_str();
  command->add_option("--chromium", asked->chromium, "Chromium's program")->capture_default_str();
  command->callback([&flags, &exitCode, asked] {
    const auto end = [&](const Status& done) {
      if (!done.ok())
        fmt::print(stderr, "{}", words(done.error()));
      return done.ok() ? 0 : 1;
    };
    if (flags.inside == nullptr) {
      exitCode = end(checkHere(flags, *asked));
      if (exitCode != 0)
        return;
    }
    exitCode = runWriting(
        flags, "report", [] { return Result<Attached>(Attached()); },
        [&](const Workplace& place) {
          const Status prepared = prepare(place, *asked);
          if (!prepared.ok())
            place.out.printError(words(prepared.error()));
          return prepared.ok() ? 0 : 1;
        });
    if (exitCode == 0 && flags.inside == nullptr)
      exitCode = end(printReport(flags, *asked));
  });
}

}  // namespace doorstep::commands
