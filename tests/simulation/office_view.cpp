// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/office_view.h"

#include <algorithm>
#include <optional>

#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/log_audit.h"
#include "sync-server/office/office_audit.h"

namespace doorstep::simulation {
namespace {

constexpr std::size_t kPage = 500;
constexpr const char* kOtherHistory = "its phone had verified another history of this log";

std::string broken(const office::OfficeReport& report) {
  return report.texts.empty() ? std::string() : "I18: " + report.texts.front();
}

}  // namespace

std::string checkDecisions(SimulatedServer& server) {
  auto audit = office::OfficeAudit::begin(server.database(), server.officeKeySpki());
  const auto head = server.log().publishedHead(server.provider());
  if (!audit || !head)
    return {};  // no rota yet
  std::uint64_t position = 0;
  while (position < head->size) {
    const auto entries = server.log().entries(server.provider(), position, kPage);
    if (!entries || entries->empty())
      return "the log does not give its entries";
    for (const event_log::StoredEntry& entry : *entries) {
      ++position;
      if (!audit->isOffices(entry.device))
        continue;
      const auto opened = wire::openEntry(entry.entry);
      if (opened)
        audit->see(entry, *opened);
    }
  }
  const auto report = audit->report(server.provider());
  return report ? broken(*report) : "the server does not give its plan: " + report.error().reason;
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
  const auto report = audit->report(server.provider());
  return report ? broken(*report) : "the server does not give its plan: " + report.error().reason;
}

}  // namespace doorstep::simulation
