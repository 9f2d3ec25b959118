// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/office_view.h"

#include <algorithm>
#include <optional>

#include "sync-server/event_log/log_audit.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::simulation {
namespace {

constexpr std::size_t kOfficePage = 500;
constexpr const char* kOtherHistory = "its phone had verified another history of this log";

std::string broken(const office::OfficeReport& report) {
  return report.texts.empty() ? std::string() : "I18: " + report.texts.front();
}

}  // namespace

Status OfficeView::read(SimulatedServer& server, office::OfficeAudit& audit, ProviderId provider) {
  Log& log = logs_[provider];
  const auto head = server.log().publishedHead(provider);
  while (head.ok() && log.read < head->size) {
    DOORSTEP_ASSIGN(const auto entries, server.log().entries(provider, log.read, kOfficePage));
    if (entries.empty())
      return Error{ErrorCode::DataLoss, "ENTRIES_MISSING", ""};
    log.read += entries.size();
    for (const event_log::StoredEntry& entry : entries) {
      if (!audit.isOffices(entry.device))
        continue;
      DOORSTEP_ASSIGN(auto opened, wire::openEntry(entry.entry));
      log.decided.push_back({entry, std::move(opened)});
    }
  }
  for (const Decided& each : log.decided)
    audit.see(each.stored, each.opened);
  return kDone;
}

std::string OfficeView::check(SimulatedServer& server) {
  auto audit = office::OfficeAudit::begin(server.database(), server.officeKeySpki());
  const auto providers = roster::providers(server.database());
  if (!audit || !providers)
    return {};  // no rota yet
  for (const roster::Provider& provider : *providers) {
    if (const Status done = read(server, *audit, provider.id); !done.ok())
      return "the log does not give its entries: " + done.error().reason;
    const auto report = audit->report(provider.id);
    if (!report)
      return "the server does not give its plan: " + report.error().reason;
    if (std::string found = broken(*report); !found.empty())
      return found + " (" + provider.name + ")";
  }
  return {};
}

std::string checkAudit(SimulatedServer& server,
                       const std::map<DeviceId, crypto::P256PublicKey>& keys, bool restored) {
  auto audit = office::OfficeAudit::begin(server.database(), server.officeKeySpki());
  if (!audit)
    return "the server does not give its plan: " + audit.error().reason;
  const event_log::DeviceKeys keyOf =
      [&](DeviceId id) -> Result<std::optional<crypto::P256PublicKey>> {
    if (const auto phone = keys.find(id); phone != keys.end())
      return std::optional(phone->second);
    DOORSTEP_ASSIGN(const auto device, identity::device(server.database(), id));
    DOORSTEP_ASSIGN(auto key, crypto::P256PublicKey::fromSpki(device.signingKeySpki));
    return std::optional(std::move(key));
  };
  const auto reports =
      event_log::LogAudit(server.database(), server.signers(), keyOf,
                          [&](const event_log::StoredEntry& stored,
                              const wire::OpenedEntry& opened) { audit->see(stored, opened); })
          .run([](auto, auto) {});
  if (!reports)
    return "the server does not give its log: " + reports.error().reason;
  for (const event_log::AuditReport& report : *reports) {
    for (const std::string& text : report.texts)
      if (!restored || text.find(kOtherHistory) == std::string::npos)
        return "I18: " + text;
  }
  for (const event_log::AuditReport& log : *reports) {
    const auto report = audit->report(log.provider);
    if (!report)
      return "the server does not give its plan: " + report.error().reason;
    if (std::string found = broken(*report); !found.empty())
      return found;
  }
  return {};
}

}  // namespace doorstep::simulation
