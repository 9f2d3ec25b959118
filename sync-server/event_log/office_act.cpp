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
                    visits::OfficeDecision decision) {
  for (EntryNumber entry = entries_.size(); entry > 0; --entry) {
    const Entry& each = entries_[entry - 1];
    if (each.provider == provider && each.facts.size() < kOfficeFactsPerEntryMax)
      return say(entry - 1, reason, std::move(decision));
  }
  say(openEntry(provider), reason, std::move(decision));
}

}  // namespace doorstep::event_log
