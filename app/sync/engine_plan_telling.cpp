// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include "app/sync/engine.h"
#include "app/sync/tuning.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/plan_codec.h"

// The journal's kept plan objects: how they follow the plan, and how they are sent to an office
// that has lost its plan.
namespace doorstep::sync {

namespace v1 = doorstep::sync::v1;

// Keeps changed plans of visits with records.
Status SyncEngine::keepPlansOfBegun() {
  std::map<VisitId, journal::KeptPlan> newer;
  for (const auto& [visit, plan] : journal_.keptPlans()) {
    auto planned = roster_.encoded(visit);
    if (!planned)
      continue;
    if (auto news =
            journal_.newerPlan(visit, {std::move(planned->visit), std::move(planned->person)}))
      newer[visit] = std::move(*news);
  }
  return journal_.keepPlans(newer);
}

// The first entry from n on that the office does not count for lack of a plan; 0: none.
std::uint64_t SyncEngine::nextUnplanned(std::uint64_t from) const {
  for (const journal::EntryStanding& entry : journal_.entries()) {
    if (entry.n >= from && entry.receipt &&
        entry.receipt->quarantineReason == v1::QUARANTINE_REASON_UNKNOWN_VISIT)
      return entry.n;
  }
  return 0;
}

// A server that lost its plan and has it again under other ids finds a visit by the ref in its plan
// object. Entries that it lost are sent first: it needs them before it can count them.
Result<std::vector<journal::SignedEntryBytes>> SyncEngine::tellPlans(v1::ExchangeRequest& request,
                                                                     Outstanding& outstanding) {
  std::vector<journal::SignedEntryBytes> entries;
  if (!tellFrom_ || resendFrom_)
    return entries;
  outstanding.tellNext.reset();
  std::set<VisitId> named;
  std::uint64_t n = nextUnplanned(*tellFrom_);
  for (; n != 0 && entries.size() < std::min(kToldEntriesMax, entriesMax_);
       n = nextUnplanned(n + 1)) {
    DOORSTEP_ASSIGN(auto one,
                    journal_.entriesFrom(n, journal::Journal::Which::All, 1, kEntriesBytesMax));
    DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(one.at(0).bytes));
    for (const visits::Event& event : decoded.entry.events) {
      if (event.visit)
        named.insert(event.visit);
    }
    if (!entries.empty() && named.size() > static_cast<std::size_t>(kHeldVisitsMax))
      break;
    entries.push_back(std::move(one.front()));
    outstanding.told.insert(n);
    for (const visits::Event& event : decoded.entry.events) {
      const auto kept = journal_.keptPlans().find(event.visit);
      if (kept == journal_.keptPlans().end() || request.held_visits_size() >= kHeldVisitsMax)
        continue;
      const auto isThere = [&](const v1::HeldVisit& held) {
        return held.visit().id() == event.visit.value;
      };
      if (std::any_of(request.held_visits().begin(), request.held_visits().end(), isThere))
        continue;
      const auto planned = wire::decodeVisit(event.visit, kept->second.visit);
      if (!planned.ok())
        continue;
      const auto person = wire::decodePerson(planned->person, kept->second.person);
      if (!person.ok())
        continue;
      v1::HeldVisit held;
      held.mutable_visit()->set_kind(wire::kVisitKind);
      held.mutable_visit()->set_id(event.visit.value);
      held.mutable_visit()->set_bytes(kept->second.visit);
      held.set_person_ref(person->ref);
      *request.add_held_visits() = std::move(held);
    }
  }
  if (n != 0)
    outstanding.tellNext = n;
  return entries;
}

// What was sent once is sent again after a while, or when the plan changes.
void SyncEngine::noteUnplanned(const Outstanding& outstanding, const Answer& answer) {
  if (!outstanding.told.empty())
    tellAgainBootMs_ = platform_.clock.bootMs() + static_cast<std::uint64_t>(kTellAgainMs);
  tellFrom_ = outstanding.tellNext;
  for (const journal::Receipt& receipt : answer.receipts) {
    if (receipt.quarantineReason == v1::QUARANTINE_REASON_UNKNOWN_VISIT &&
        !outstanding.told.contains(receipt.n))
      tellFrom_ = std::min(tellFrom_.value_or(receipt.n), receipt.n);
  }
}

}  // namespace doorstep::sync
