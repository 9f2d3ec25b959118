// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "app/sync/engine.h"
#include "app/sync/tuning.h"

// Compatibility of a phone and a server of different releases.
namespace doorstep::sync {

namespace v1 = doorstep::sync::v1;

void SyncEngine::fillFormats(v1::ExchangeRequest& request, Outstanding& outstanding) const {
  outstanding.carriedFormats =
      !options_.formats.empty() && journal_.syncState().formatsHeard != formatsDigest_;
  if (outstanding.carriedFormats)
    request.set_formats(options_.formats);
}

// An answered exchange was committed, including what it carried.
void SyncEngine::noteFormats(const Outstanding& outstanding, bool wanted,
                             journal::SyncState& state) const {
  if (wanted)
    state.formatsHeard.clear();
  else if (outstanding.carriedFormats)
    state.formatsHeard = formatsDigest_;
}

// An entry with a verdict unknown to this release stays here without blocking others, and is sent
// again after a while: a server that means it must not be asked continuously.
void SyncEngine::noteSetAside(const Answer& answer) {
  if (answer.unknown.empty())
    return;
  setAside_.insert(answer.unknown.begin(), answer.unknown.end());
  setAsideUntilBootMs_ =
      platform_.clock.bootMs() + static_cast<std::uint64_t>(kUnknownVerdictAgainMs);
}

// The first entry from n on without a receipt and not set aside; lastEntry() + 1: none.
std::uint64_t SyncEngine::nextToSend(std::uint64_t from) const {
  std::uint64_t n = from;
  while (n <= journal_.lastEntry()) {
    const journal::EntryStanding* entry = journal_.entry(n);
    if (entry != nullptr && !entry->receipt && !setAside_.contains(n))
      return n;
    ++n;
  }
  return n;
}

}  // namespace doorstep::sync
