// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/county_view.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "shared/core/local_time.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/office_fact_codec.h"
#include "sync-server/records/listing/record_query.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::simulation {
namespace {

constexpr std::size_t kCountyPage = 500;

// One visit as somebody sees it.
struct Seen {
  ProviderId provider;
  CouncilId council;  // absent: under no contract
  std::string ref;
  std::string providerName;
  bool operator==(const Seen&) const = default;
};
using SeenVisits = std::map<VisitId, Seen>;

identity::AccountCaller callerOf(identity::Role role, ProviderId provider, CouncilId council) {
  return {AccountId(1), role, provider, council, "Simulated"};
}

struct View {
  SeenVisits visits;
  std::set<ProviderId> parties;  // of the contracts that are listed
};

Result<View> viewOf(SimulatedServer& server, const identity::AccountCaller& caller,
                    const records::RecordFilter& filter, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const auto query,
                  records::RecordQuery::open(server.database(), caller, filter, nowUnixMs));
  View view;
  for (const roster::Contract& contract : query->visible().contracts())
    for (const roster::ContractParty& party : contract.providers)
      view.parties.insert(party.provider);
  DOORSTEP_TRY(query->run(std::nullopt, {UINT32_MAX, UINT32_MAX}, [&](const auto& record) {
    const CouncilId council = record.contract == nullptr ? CouncilId() : record.contract->council;
    view.visits[record.visit.id] = {record.provider, council, record.visit.ref,
                                    record.providerName};
    return true;
  }));
  return view;
}

template <typename Keeps>
SeenVisits only(const SeenVisits& all, Keeps keeps) {
  SeenVisits kept;
  for (const auto& [visit, seen] : all) {
    if (keeps(seen))
      kept.emplace(visit, seen);
  }
  return kept;
}

std::string differs(const SeenVisits& shown, const SeenVisits& right, const std::string& who) {
  if (shown == right)
    return {};
  const auto missed = std::find_if(right.begin(), right.end(),
                                   [&](const auto& visit) { return !shown.contains(visit.first); });
  if (missed != right.end())
    return fmt::format("I19: {} does not see visit {} of {}", who, missed->second.ref,
                       missed->second.providerName);
  const auto more = std::find_if(shown.begin(), shown.end(),
                                 [&](const auto& visit) { return !right.contains(visit.first); });
  return more == shown.end() ? fmt::format("I19: {} sees a visit otherwise than it is", who)
                             : fmt::format("I19: {} sees visit {} of {}", who, more->second.ref,
                                           more->second.providerName);
}

std::string checkOwners(const SeenVisits& all, const ProviderOfRefs& owners) {
  for (const auto& [visit, seen] : all) {
    const auto owner = owners.find(seen.ref.substr(0, seen.ref.find('-') + 1));
    if (owner == owners.end() || owner->second != seen.providerName)
      return fmt::format("I19: visit {} is shown as one of {}", seen.ref, seen.providerName);
  }
  return {};
}

std::string checkCouncil(SimulatedServer& server, const roster::Council& council,
                         const SeenVisits& all, std::int64_t nowUnixMs, Planted planted,
                         SometimesCounts& sometimes) {
  records::RecordFilter filter;
  if (planted == Planted::CouncilSeesOneProvider)
    filter.provider = server.provider();
  const auto view =
      viewOf(server, callerOf(identity::Role::Council, {}, council.id), filter, nowUnixMs);
  if (!view)
    return "the server does not give its records: " + view.error().reason;
  const auto right = only(all, [&](const Seen& seen) { return seen.council == council.id; });
  std::set<ProviderId> providers;
  for (const auto& [visit, seen] : right)
    providers.insert(seen.provider);
  if (providers.size() > 1)
    sometimes.met(Sometimes::CouncilSawBoth);
  return differs(view->visits, right, council.name);
}

std::string checkProvider(SimulatedServer& server, const roster::Provider& provider,
                          const SeenVisits& all, std::int64_t nowUnixMs, Planted planted) {
  identity::AccountCaller caller = callerOf(identity::Role::Supervisor, provider.id, {});
  if (planted == Planted::ProviderSeesContract) {
    const auto own = roster::contractsOfProvider(server.database(), provider.id);
    if (own.ok() && !own->empty())
      caller = callerOf(identity::Role::Council, {}, own->front().council);
  }
  const auto view = viewOf(server, caller, {}, nowUnixMs);
  if (!view)
    return "the server does not give its records: " + view.error().reason;
  for (const ProviderId party : view->parties) {
    if (party != provider.id)
      return fmt::format("I19: {} is shown another party of its contract", provider.name);
  }
  return differs(view->visits,
                 only(all, [&](const Seen& seen) { return seen.provider == provider.id; }),
                 provider.name);
}

std::string checkViews(SimulatedServer& server, const ProviderOfRefs& owners,
                       const std::vector<roster::Provider>& providers, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes) {
  const auto all = viewOf(server, callerOf(identity::Role::Operator, {}, {}), {}, nowUnixMs);
  const auto councils = roster::councils(server.database());
  if (!all || !councils)
    return "the server does not give its records";
  if (std::string broken = checkOwners(all->visits, owners); !broken.empty())
    return broken;
  for (const roster::Council& council : *councils) {
    if (std::string broken =
            checkCouncil(server, council, all->visits, nowUnixMs, planted, sometimes);
        !broken.empty())
      return broken;
  }
  for (const roster::Provider& provider : providers) {
    if (std::string broken = checkProvider(server, provider, all->visits, nowUnixMs, planted);
        !broken.empty())
      return broken;
  }
  return {};
}

// Versions of one contract's rules that a provider's log says.
using LoggedRules = std::map<std::pair<ContractId, std::uint32_t>, visits::RulesSet>;

Result<LoggedRules> loggedRules(SimulatedServer& server, ProviderId provider) {
  LoggedRules found;
  std::uint64_t position = 0;
  DOORSTEP_ASSIGN(const auto head, server.log().publishedHead(provider));
  while (position < head.size) {
    DOORSTEP_ASSIGN(const auto entries, server.log().entries(provider, position, kCountyPage));
    if (entries.empty())
      break;
    position += entries.size();
    for (const event_log::StoredEntry& stored : entries) {
      DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.entry));
      for (const visits::Event& event : decoded.entry.events) {
        const auto* bytes = std::get_if<visits::UnknownFact>(&event.fact);
        if (event.subjectKind != visits::SubjectKind::Office || bytes == nullptr)
          continue;
        DOORSTEP_ASSIGN(const auto fact, wire::decodeOfficeFact(bytes->bytes));
        if (const auto* rules = std::get_if<visits::RulesSet>(&fact.decision))
          found[{rules->contract, rules->ruleVersion}] = *rules;
      }
    }
  }
  return found;
}

std::string checkRules(SimulatedServer& server, const std::vector<roster::Provider>& providers) {
  std::map<ProviderId, LoggedRules> logs;
  for (const roster::Provider& provider : providers) {
    auto rules = loggedRules(server, provider.id);
    if (!rules)
      return "the log does not give its entries: " + rules.error().reason;
    logs[provider.id] = *std::move(rules);
  }
  const auto contracts = roster::contracts(server.database());
  if (!contracts)
    return "the server does not give its contracts";
  for (const roster::Contract& contract : *contracts) {
    for (const measures::RuleVersion& version : contract.rules) {
      const std::pair key{contract.id, static_cast<std::uint32_t>(version.number)};
      for (const roster::ContractParty& party : contract.providers) {
        const auto said = logs[party.provider].find(key);
        if (said == logs[party.provider].end())
          return fmt::format("I19: the log of {} does not say version {} of the rules of {}",
                             party.name, version.number, contract.ref);
        if (said->second.rules != version.rules ||
            londonDayNumber(said->second.fromUnixMs) != version.effectiveFrom ||
            said->second != logs[contract.providers.front().provider].at(key))
          return fmt::format("I19: the log of {} says version {} of the rules of {} otherwise",
                             party.name, version.number, contract.ref);
      }
    }
  }
  return {};
}

}  // namespace

std::string checkCounty(SimulatedServer& server, const ProviderOfRefs& owners,
                        std::int64_t nowUnixMs, Planted planted, SometimesCounts& sometimes) {
  const auto providers = roster::providers(server.database());
  if (!providers)
    return "the server does not give its providers";
  if (std::string broken = checkRules(server, *providers); !broken.empty())
    return broken;
  return checkViews(server, owners, *providers, nowUnixMs, planted, sometimes);
}

}  // namespace doorstep::simulation
