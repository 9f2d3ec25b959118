// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/office_act.h"

#include <array>

#include "shared/evidence/entry_chain.h"
#include "sync-server/event_log/limits.h"

namespace doorstep::event_log {

OfficeAct::EntryNumber OfficeAct::openEntry(ProviderId provider) {
  std::array<std::uint8_t, evidence::kSaltBytes> salt{};
  ids_.fillRandom(salt);
  entries_.push_back(
      {provider, std::string(reinterpret_cast<const char*>(salt.data()), salt.size()), {}});
  return entries_.size() - 1;
}

void OfficeAct::say(EntryNumber entry, visits::OfficeReason reason,
                    visits::OfficeDecision decision) {
  entries_.at(entry).facts.push_back(
      {by_.account, by_.name, decidedUnixMs_, reason, {}, std::move(decision)});
}

void OfficeAct::say(ProviderId provider, visits::OfficeReason reason,
                    visits::OfficeDecision decision, std::string reasonText) {
  sayWithId(provider, reason, std::move(decision), 0).reasonText = std::move(reasonText);
}

void OfficeAct::sayToEach(const std::vector<ProviderId>& providers, visits::OfficeReason reason,
                          const visits::OfficeDecision& decision, const std::string& reasonText) {
  const std::uint64_t act = providers.size() > 1 ? newActId() : 0;
  for (const ProviderId provider : providers)
    sayWithId(provider, reason, decision, act).reasonText = reasonText;
}

// Random, and never 0: it names the act among all logs, also those of other servers.
std::uint64_t OfficeAct::newActId() {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  ids_.fillRandom(bytes);
  std::uint64_t act = 0;
  for (const std::uint8_t byte : bytes)
    act = act << 8 | byte;
  return act == 0 ? 1 : act;
}

visits::OfficeFact& OfficeAct::sayWithId(ProviderId provider, visits::OfficeReason reason,
                                         visits::OfficeDecision decision, std::uint64_t act) {
  const auto hasRoom = [&](const Entry& each) {
    return each.provider == provider && each.facts.size() < kOfficeFactsPerEntryMax;
  };
  EntryNumber entry = entries_.size();
  while (entry > 0 && !hasRoom(entries_[entry - 1]))
    --entry;
  entry = entry > 0 ? entry - 1 : openEntry(provider);
  say(entry, reason, std::move(decision));
  visits::OfficeFact& fact = entries_.at(entry).facts.back();
  fact.act = act;
  return fact;
}

}  // namespace doorstep::event_log
