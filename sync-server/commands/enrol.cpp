// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/core/display_text.h"
#include "shared/crypto/certificates.h"
#include "shared/wire/enrolment_text.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/listen_check.h"
#include "sync-server/identity/enrolment.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commands {
namespace {

struct EnrolFlags {
  std::string provider;
  std::string carer;
  bool all = false;
  bool json = false;
};

constexpr std::uint32_t kCarersPage = 1000;

struct Offered {
  roster::Carer carer;
  std::string text;
};

// The port that phones connect to: the advertised or configured one, else that of the running
// server or the stored one. If there is none, a free port is chosen and stored for the next start.
Result<std::uint16_t> devicePort(const config::ServerDirectory& directory) {
  const auto& config = directory.config();
  if (config.advertisedDevicePort != 0)
    return config.advertisedDevicePort;
  if (config.devicePort != 0)
    return config.devicePort;
  if (const auto running = directory.readPorts(); running.ok())
    return running->device;
  if (const std::uint16_t kept = directory.keptDevicePort(); kept != 0)
    return kept;
  DOORSTEP_ASSIGN(const std::uint16_t chosen, config::freePort(config.deviceAddress));
  DOORSTEP_TRY(directory.keepDevicePort(chosen));
  return chosen;
}

Result<ProviderId> findProvider(sql::Database& database, const std::string& name) {
  if (name.empty()) {
    DOORSTEP_ASSIGN(const auto all, roster::providers(database));
    if (all.size() != 1)
      return Error{ErrorCode::InvalidArgument, "PROVIDER_MISSING",
                   "name the provider with --provider"};
    return all.front().id;
  }
  DOORSTEP_ASSIGN(const auto found, roster::providerByName(database, name));
  if (!found)
    return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "no provider has this name"};
  return *found;
}

Result<std::vector<roster::Carer>> findCarers(sql::Database& database, ProviderId provider,
                                              const EnrolFlags& flags) {
  std::vector<roster::Carer> found;
  if (!flags.all) {
    DOORSTEP_ASSIGN(auto carer, roster::carerByRef(database, provider, flags.carer));
    found.push_back(std::move(carer));
    return found;
  }
  while (true) {
    const CarerId after = found.empty() ? CarerId() : found.back().id;
    DOORSTEP_ASSIGN(const auto page, roster::carers(database, provider, after, kCarersPage));
    found.insert(found.end(), page.begin(), page.end());
    if (page.size() < kCarersPage)
      return found;
  }
}

std::string textOf(const Offered& each, ProviderId provider, bool json) {
  if (!json)
    return fmt::format("{} {}\n{}\n\n", loggedText(each.carer.ref), loggedText(each.carer.name),
                       each.text);
  return nlohmann::json{{"provider_id", provider.value},
                        {"carer_id", each.carer.id.value},
                        {"carer_ref", each.carer.ref},
                        {"carer_name", each.carer.name},
                        {"enrolment_text", each.text}}
             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

Status enrol(const Workplace& place, const EnrolFlags& flags) {
  DOORSTEP_ASSIGN(const std::uint16_t port, devicePort(place.directory));
  DOORSTEP_ASSIGN(const std::string authority,
                  crypto::certificateDer(place.directory.keys().authority.pem));
  ProviderId provider;
  std::vector<Offered> offered;
  DOORSTEP_TRY(place.storage.write([&](sql::Database& database) -> Status {
    offered.clear();
    DOORSTEP_ASSIGN(provider, findProvider(database, flags.provider));
    DOORSTEP_ASSIGN(const auto carers, findCarers(database, provider, flags));
    for (const roster::Carer& carer : carers) {
      DOORSTEP_ASSIGN(const auto code,
                      identity::createEnrolmentCode(database, provider, carer.id,
                                                    place.clock.wallUnixMs(), place.ids));
      offered.push_back({carer, wire::writeEnrolmentText(
                                    {place.directory.config().host, port, code.code, authority})});
    }
    return place.mayGoOn();
  }));
  for (const Offered& each : offered)
    place.out.print(textOf(each, provider, flags.json));
  return kDone;
}

// Checks the options. No files are attached.
Result<Attached> checked(const EnrolFlags& flags) {
  if (!flags.all && flags.carer.empty())
    return Error{ErrorCode::InvalidArgument, "CARER_MISSING",
                 "name a carer with --carer, or --all"};
  return Attached();
}

int enrolAndTell(const Workplace& place, const EnrolFlags& flags) {
  const Status done = enrol(place, flags);
  if (!done.ok())
    place.out.printError(fmt::format("enrol: {} ({})\n", done.error().text, done.error().reason));
  return done.ok() ? 0 : 1;
}

}  // namespace

void addEnrolCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand("enrol",
                                     "Print the text that makes a carer's phone a device. It works "
                                     "once, within seven days; an earlier "
                                     "text of the carer that was not used ends");
  // shared_ptr because CLI11 copies its callbacks.
  auto enrolFlags = std::make_shared<EnrolFlags>();
  command->add_option("--provider", enrolFlags->provider,
                      "Name of the provider, when there are several");
  auto* carer = command->add_option("--carer", enrolFlags->carer, "The carer's ref in the rota");
  auto* all = command->add_flag("--all", enrolFlags->all, "Every carer of the provider");
  carer->excludes(all);
  command->add_flag("--json", enrolFlags->json, "One JSON object a line");
  command->callback([enrolFlags, &flags, &exitCode] {
    exitCode = runWriting(
        flags, "enrol", [&] { return checked(*enrolFlags); },
        [&](const Workplace& place) { return enrolAndTell(place, *enrolFlags); });
  });
}

}  // namespace doorstep::commands
