// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "shared/core/local_time.h"
#include "sync-server/commands/commands.h"
#include "sync-server/config/server_context.h"
#include "sync-server/event_log/log_audit.h"
#include "sync-server/event_log/log_tables.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/office/office_audit.h"
#include "sync-server/records/keeping/record_audit.h"

namespace doorstep::commands {
namespace {

void showProgress(std::uint64_t done, std::uint64_t all) {
  if (isatty(STDERR_FILENO) != 0)
    fmt::print(stderr, "\r{} of {} entries", done, all);
}

constexpr std::size_t kAlarmsShown = 100;  // newest first; a device has at most 16

// Prints quarantined entries and alarms. They are not faults of the log, so they do not change the
// exit code.
Status showQuarantineAndAlarms(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(const auto counts, event_log::countQuarantined(database, provider));
  for (const auto& [reason, count] : counts)
    fmt::print("  in quarantine: {} {}\n", count, reason);
  DOORSTEP_ASSIGN(const auto alarms,
                  event_log::readAlarms(database, provider, 0, kAlarmsShown + 1));
  for (std::size_t i = 0; i < std::min(alarms.size(), kAlarmsShown); ++i)
    fmt::print("  alarm: {} device {} {}\n", event_log::alarmName(alarms[i].kind),
               alarms[i].device.value, unixMsToUtc(alarms[i].raisedUnixMs));
  if (alarms.size() > kAlarmsShown)
    fmt::print("  and older alarms: OfficeService.ListAlarms has them all\n");
  return kDone;
}

// Prints the number of decisions of the office and each difference between database and log.
void showOffice(const office::OfficeReport& report) {
  fmt::print("  decisions of the office: {}, {}\n", report.decisions.size(),
             report.findings == 0 ? "all right" : fmt::format("{} FINDINGS", report.findings));
  for (const auto& text : report.texts)
    fmt::print("  {}\n", text);
  if (report.findings > report.texts.size())
    fmt::print("  and {} more\n", report.findings - report.texts.size());
  const std::uint64_t before =
      report.versionsBefore + report.rulesBefore + report.revocationsBefore;
  if (before > 0)
    fmt::print(
        "    from before the office's log: {} plan versions, {} versions of rules, {} "
        "devices out of use\n",
        report.versionsBefore, report.rulesBefore, report.revocationsBefore);
  for (const auto& decision : report.decisions)
    fmt::print("    {}\n", decision);
}

// Judges a sample of the visits again and prints where another record is stored.
Result<bool> verifyRecords(sql::Database& database, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const auto audit, records::auditRecords(database, nowUnixMs));
  fmt::print("records: {} of {} visits judged again, {}\n", audit.looked, audit.kept,
             audit.wrong.empty() ? "all right" : fmt::format("{} FINDINGS", audit.wrong.size()));
  for (const auto& [provider, visit] : audit.wrong)
    fmt::print("  visit {} of provider {}: what is stored is not what log and plan come to\n",
               visit.value, provider.value);
  return audit.wrong.empty();
}

// Returns true if there are no findings.
Result<bool> verify(const GlobalFlags& flags) {
  DOORSTEP_ASSIGN(auto context, config::openForReading(flags.directory, flags.clockFile));
  const event_log::LogSigners signers = context.signers();
  auto lease = context.storage->read();
  DOORSTEP_TRY((*lease).quickCheck());
  const event_log::DeviceKeys keys =
      [&](DeviceId id) -> Result<std::optional<crypto::P256PublicKey>> {
    auto device = identity::device(*lease, id);
    if (!device.ok())
      return std::optional<crypto::P256PublicKey>();
    DOORSTEP_ASSIGN(auto key, crypto::P256PublicKey::fromSpki(device->signingKeySpki));
    return std::optional(std::move(key));
  };
  // A folder of an older release, in which no office has signed, has no office key.
  const std::string officeKey = context.officeKey ? context.officeKey->publicKey().spki() : "";
  DOORSTEP_ASSIGN(auto offices, office::OfficeAudit::begin(*lease, officeKey));
  event_log::LogAudit audit(*lease, signers, keys,
                            [&](const event_log::StoredEntry& stored,
                                const wire::OpenedEntry& opened) { offices.see(stored, opened); });
  DOORSTEP_ASSIGN(const auto reports, audit.run(showProgress));
  bool clean = true;
  for (const auto& report : reports) {
    clean = clean && report.findings == 0;
    fmt::print("log {}: {} entries, {} signatures, {}\n", report.provider.value, report.entries,
               report.signatures,
               report.findings == 0 ? "all right" : fmt::format("{} FINDINGS", report.findings));
    for (const auto& text : report.texts)
      fmt::print("  {}\n", text);
    if (report.findings > report.texts.size())
      fmt::print("  and {} more\n", report.findings - report.texts.size());
    DOORSTEP_ASSIGN(const auto office, offices.report(report.provider));
    clean = clean && office.findings == 0;
    showOffice(office);
    DOORSTEP_TRY(showQuarantineAndAlarms(*lease, report.provider));
  }
  DOORSTEP_ASSIGN(const bool records, verifyRecords(*lease, context.clock->wallUnixMs()));
  return clean && records;
}

}  // namespace

void addVerifyCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand("verify",
                                     "Recompute the whole log from its entries and say what is "
                                     "wrong (exit code 2 when anything is), which decisions of the "
                                     "office it holds, what is in quarantine and which alarms "
                                     "there are");
  command->callback([&flags, &exitCode] {
    const auto clean = verify(flags);
    exitCode = !clean.ok() ? 1 : *clean ? 0 : 2;
    if (!clean.ok())
      fmt::print(stderr, "verify: {} ({})\n", clean.error().text, clean.error().reason);
  });
}

}  // namespace doorstep::commands
