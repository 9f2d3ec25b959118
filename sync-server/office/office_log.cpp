// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/office_log.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/plan_root.h"
#include "shared/wire/arrival_codec.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/office_fact_codec.h"
#include "sync-server/event_log/decision_places.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/roster/plan_evidence.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/terms_evidence.h"

namespace doorstep::office {

Status OfficeLog::write(const event_log::OfficeActor& by, const Job& job) {
  return parts_.storage.onWriter([&]() -> Status {
    event_log::Commit commit;
    return parts_.log.commitAfter(commit, [&]() -> Status {
      sql::Database& database = parts_.storage.writer();
      event_log::OfficeActor actor = by;
      if (actor.account && actor.name.empty()) {
        DOORSTEP_ASSIGN(actor.name, identity::accountName(database, actor.account));
      }
      event_log::OfficeAct act(std::move(actor), parts_.clock.wallUnixMs(), parts_.ids);
      DOORSTEP_TRY(job(database, act));
      return fill(act, commit);
    });
  });
}

Status OfficeLog::fill(event_log::OfficeAct& act, event_log::Commit& commit) {
  const bool saysSomething = std::any_of(act.entries_.begin(), act.entries_.end(),
                                         [](const auto& entry) { return !entry.facts.empty(); });
  if (!saysSomething)
    return kDone;
  DOORSTEP_ASSIGN(const std::int64_t receivedUnixMs, parts_.stamp());
  if (receivedUnixMs < act.decidedUnixMs())
    return Error{ErrorCode::Unavailable, "SERVER_CLOCK",
                 "the clock was set back meanwhile: try again"};
  OfficeChains chains;
  // By index: an office's first entry is appended during the loop.
  const std::size_t count = act.entries_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (act.entries_[i].facts.empty())
      continue;
    const ProviderId provider = act.entries_[i].provider;
    DOORSTEP_ASSIGN(OfficeChain * at, chainOf(chains, act, commit, provider, receivedUnixMs));
    DOORSTEP_TRY(append(commit, act.entries_[i], *at, receivedUnixMs));
  }
  for (const auto& [provider, at] : chains)
    commit.heads.push_back({provider, at.device, at.head});
  return kDone;
}

Result<OfficeLog::OfficeChain*> OfficeLog::chainOf(OfficeChains& chains, event_log::OfficeAct& act,
                                                   event_log::Commit& commit, ProviderId provider,
                                                   std::int64_t receivedUnixMs) {
  if (const auto found = chains.find(provider); found != chains.end())
    return &found->second;
  OfficeChain made;
  DOORSTEP_ASSIGN(made.device, ensureDevice(provider));
  DOORSTEP_ASSIGN(made.head, parts_.log.deviceHead(provider, made.device));
  OfficeChain& chain = chains.emplace(provider, made).first->second;
  if (chain.head.n > 0)
    return &chain;
  const auto first = act.openEntry(provider);
  DOORSTEP_ASSIGN(const auto before, opened(act, provider, act.saltOf(first)));
  act.say(first, visits::OfficeReason::Opening, before);
  DOORSTEP_TRY(append(commit, act.entries_[first], chain, receivedUnixMs));
  return &chain;
}

Result<DeviceId> OfficeLog::ensureDevice(ProviderId provider) {
  sql::Database& database = parts_.storage.writer();
  const std::string spki = parts_.key.publicKey().spki();
  DOORSTEP_ASSIGN(const auto known, identity::officeDevice(database, provider));
  if (known) {
    if (known->signingKeySpki != spki)
      return Error{ErrorCode::FailedPrecondition, "OFFICE_KEY_FOREIGN",
                   "keys/office.key is not the key that signed what this office decided before"};
    return known->id;
  }
  const DeviceId id(parts_.ids.newId(parts_.clock));
  DOORSTEP_TRY(identity::addDevice(
      database, {.id = id,
                 .provider = provider,
                 .carer = {},
                 .signingKeySpki = spki,
                 .tlsFingerprint = crypto::sha256("office " + std::to_string(id.value)),
                 .description = "office",
                 .enrolledUnixMs = parts_.clock.wallUnixMs(),
                 .kind = identity::DeviceKind::Office}));
  return id;
}

// The state before this office's log that no fact of this act describes.
Result<visits::OfficeOpened> OfficeLog::opened(const event_log::OfficeAct& act, ProviderId provider,
                                               std::string_view salt) {
  std::optional<std::uint64_t> firstVersion;
  std::set<std::pair<ContractId, std::uint32_t>> said;
  for (const auto& entry : act.entries_) {
    for (const visits::OfficeFact& fact : entry.facts) {
      if (entry.provider != provider)
        continue;
      if (const auto* plan = std::get_if<visits::PlanPublished>(&fact.decision))
        firstVersion = std::min(firstVersion.value_or(UINT64_MAX), plan->planVersion);
      if (const auto* rules = std::get_if<visits::RulesSet>(&fact.decision))
        said.emplace(rules->contract, rules->ruleVersion);
    }
  }
  sql::Database& database = parts_.storage.writer();
  visits::OfficeOpened before;
  if (firstVersion) {
    before.planVersion = *firstVersion - 1;
  } else {
    DOORSTEP_ASSIGN(const auto known, roster::provider(database, provider));
    before.planVersion = known.planVersion;
  }
  const evidence::PlanVisits hashes(salt);
  evidence::VisitsRoot root;
  DOORSTEP_TRY(roster::forEachVisitVersion(
      database, provider, [&](const roster::VisitVersion& version) -> Status {
        if (version.planVersion <= before.planVersion)
          root.add(
              hashes.hashOf(version.visit, version.planVersion, version.wantedBy, version.bytes));
        return kDone;
      }));
  before.visitsRoot = root.root();
  DOORSTEP_ASSIGN(auto rules, roster::rulesVersions(database, provider));
  std::erase_if(rules, [&](const visits::RulesSet& each) {
    return said.contains({each.contract, each.ruleVersion});
  });
  before.rulesHash = roster::hashOfRules(rules);
  using roster::TermsKind;
  DOORSTEP_ASSIGN(before.termsRoot, roster::termsRootBefore(database, provider, TermsKind::Persons,
                                                            before.planVersion, salt));
  DOORSTEP_ASSIGN(before.lotsRoot, roster::termsRootBefore(database, provider, TermsKind::Lots,
                                                           before.planVersion, salt));
  // No rows have the hash of nothing, which differs from an absent hash.
  const Hash nothing = evidence::VisitsRoot().root();
  before.termsRoot = before.termsRoot.value_or(nothing);
  before.lotsRoot = before.lotsRoot.value_or(nothing);
  return before;
}

Status OfficeLog::append(event_log::Commit& commit, const event_log::OfficeAct::Entry& entry,
                         OfficeChain& chain, std::int64_t receivedUnixMs) {
  visits::Entry made{.n = chain.head.n + 1, .salt = entry.salt};
  if (chain.head.n > 0)
    made.previousHash = chain.head.entryHash;
  for (const visits::OfficeFact& fact : entry.facts) {
    visits::Event& event = made.events.emplace_back();
    event.number = chain.head.nextEventNumber++;
    event.subjectKind = visits::SubjectKind::Office;
    event.otherSubject = entry.provider.value;
    event.wallUnixMs = fact.decidedUnixMs;
    event.fact = visits::UnknownFact{wire::encodeOfficeFact(fact)};
  }
  for (const event_log::DecisionKey& decision : event_log::decisionsIn(made))
    commit.decided.push_back({commit.entries.size(), decision});
  std::string bytes = wire::encodeEntry(made);
  DOORSTEP_ASSIGN(const std::string message, wire::messageToSign(chain.device, bytes));
  chain.head.n = made.n;
  chain.head.entryHash = crypto::sha256(message);
  const evidence::Arrival arrival{receivedUnixMs, {}};
  commit.entries.push_back(
      {.provider = entry.provider,
       .device = chain.device,
       .carer = {},
       .n = made.n,
       .entry = wire::withSignature(std::move(bytes), parts_.key.sign(message)),
       .entryHash = chain.head.entryHash,
       .arrivalHash = evidence::arrivalHash(evidence::EntrySalts(entry.salt).ofArrival(), arrival),
       .receivedUnixMs = receivedUnixMs,
       .clock = {},
       .anchor = wire::anchorOf(arrival)});
  return kDone;
}

}  // namespace doorstep::office
