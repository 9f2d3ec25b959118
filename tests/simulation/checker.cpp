// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/checker.h"

#include <algorithm>
#include <iterator>

#include "shared/core/local_time.h"
#include "shared/evidence/entry_chain.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/scope_days.h"

namespace doorstep::simulation {
namespace {

constexpr std::size_t kPage = 500;

std::string name(DeviceId device) { return "device " + std::to_string(device.value % 1000); }

}  // namespace

std::string Checker::take(const event_log::StoredEntry& stored) {
  const auto decoded = wire::decodeEntry(stored.entry);
  if (!decoded)
    return "the log holds bytes that are no entry";
  Logged logged{stored.device,
                stored.n,
                stored.entryHash,
                evidence::leafHash(evidence::leafData(stored.entryHash, stored.arrivalHash)),
                decoded->entry.events.front().number,
                decoded->entry.events.size(),
                stored.carer,
                stored.quarantineReason.empty(),
                {}};
  const visits::SubjectKind subject = decoded->entry.events.front().subjectKind;
  const bool isOffice = subject == visits::SubjectKind::Office;
  for (const visits::Event& event : decoded->entry.events) {
    if (subject == visits::SubjectKind::Visit)
      logged.facts.push_back(factOf(event));
  }
  if (subject > visits::SubjectKind::Office)
    sometimes_.met(Sometimes::LaterSubjectLogged);
  if (stolen_[stored.device].contains(stored.n))
    sometimes_.met(Sometimes::HonestEntryTakenLate);
  if (stored.quarantineReason == kNoPlan)
    sometimes_.met(Sometimes::EntrySetAsideForPlan);
  if (std::string broken = place(logged); !broken.empty())
    return broken;
  logged.ofOffice = isOffice;
  events_ += isOffice ? 0 : logged.events;
  frontier_.append(logged.leaf);
  roots_.push_back(frontier_.root());
  logged_.push_back(logged);
  return {};
}

// The numbers between a device's entries in the log are those of entries that it signed wrongly,
// and those that a thief used first and the device's own entry will still take.
std::string Checker::place(const Logged& logged) {
  auto& placed = placed_[logged.device];
  const Span span{logged.firstEvent, logged.events};
  const std::string which = "I3: " + name(logged.device) + " has n " + std::to_string(logged.n) +
                            " with event " + std::to_string(logged.firstEvent);
  const auto [at, fresh] = placed.emplace(logged.n, span);
  if (!fresh)
    return which + " twice";
  static const std::map<std::uint64_t, std::uint64_t> kNone;  // of an office
  const auto ofPhone = spoiled_.find(logged.device);
  const auto& spoiled = ofPhone == spoiled_.end() ? kNone : *ofPhone->second;
  std::uint64_t between = 0;
  bool known = true;
  std::uint64_t n = logged.n - 1;
  for (; n > 0 && !placed.contains(n); --n) {
    const auto one = spoiled.find(n);
    if (one != spoiled.end())
      between += one->second;
    else if (stolen_[logged.device].contains(n))
      known = false;
    else
      return which + " where n " + std::to_string(n) + " is not there";
  }
  const std::uint64_t from = n == 0 ? 1 : placed.at(n).end();
  if (known ? span.first != from + between : span.first < from)
    return which + " where event " + std::to_string(from + between) + " belongs";
  const auto after = std::next(at);
  if (after != placed.end() &&
      (after->second.first < span.end() ||
       (after->first == logged.n + 1 && after->second.first != span.end())))
    return which + " before event " + std::to_string(after->second.first);
  return {};
}

// How many of a device's events are in the log or were signed wrongly, in a row from the first.
std::uint64_t Checker::heldEvents(DeviceId device) {
  const auto& placed = placed_[device];
  const auto& spoiled = *spoiled_.at(device);
  std::uint64_t events = 0;
  for (std::uint64_t n = 1;; ++n) {
    if (const auto one = placed.find(n); one != placed.end())
      events += one->second.count;
    else if (const auto other = spoiled.find(n); other != spoiled.end())
      events += other->second;
    else
      return events;
  }
}

std::string Checker::followLog(SimulatedServer& server) {
  const auto head = server.log().publishedHead(server.provider());
  if (!head)
    return logged_.empty() ? std::string() : "I2: the log is gone";
  if (head->size < logged_.size())
    return "I2: the log had " + std::to_string(logged_.size()) + " entries and has " +
           std::to_string(head->size);
  while (logged_.size() < head->size) {
    const auto entries = server.log().entries(server.provider(), logged_.size(), kPage);
    if (!entries || entries->empty())
      return "the log does not give its entries";
    for (const event_log::StoredEntry& entry : *entries) {
      if (std::string broken = take(entry); !broken.empty())
        return broken;
    }
  }
  if (head->root != roots_[head->size])
    return "I4: the checkpoint's root is not that of the log's entries";
  return {};
}

std::string Checker::serverRestarted(SimulatedServer& server) {
  std::uint64_t position = 0;
  while (position < logged_.size()) {
    const auto entries = server.log().entries(server.provider(), position, kPage);
    if (!entries || entries->empty())
      return "I2: acknowledged entries are gone after a restart, from position " +
             std::to_string(position);
    for (const event_log::StoredEntry& entry : *entries) {
      if (position < logged_.size() && entry.entryHash != logged_[position].hash)
        return "I4: position " + std::to_string(position) + " holds another entry after a restart";
      ++position;
    }
  }
  if (std::string broken = followLog(server); !broken.empty())
    return broken;
  return office_.check(server);
}

void Checker::cutTo(std::uint64_t size) {
  logged_.resize(size);
  roots_.resize(size + 1);
  frontier_ = {};
  placed_.clear();
  events_ = 0;
  for (const Logged& logged : logged_) {
    frontier_.append(logged.leaf);
    placed_[logged.device][logged.n] = {logged.firstEvent, logged.events};
    events_ += logged.ofOffice ? 0 : logged.events;
  }
}

std::string Checker::serverRestored(SimulatedServer& server) {
  ++era_;
  office_.forget();
  const auto head = server.log().publishedHead(server.provider());
  cutTo(std::min<std::uint64_t>(head ? head->size : 0, logged_.size()));
  return serverRestarted(server);
}

void Checker::phoneHolds(SimulatedPhone& phone) {
  const evidence::Frontier& frontier = phone.phone().journal().syncState().frontier;
  held_[phone.device()] = {frontier.size(), frontier.root()};
}

std::string Checker::phoneExchanged(SimulatedPhone& phone, std::uint64_t era, bool screens) {
  if (era != era_)
    return {};  // an answer of the server before it was restored: true when it was given
  const journal::Journal& journal = phone.phone().journal();
  std::set<std::uint64_t> received;
  for (const journal::EntryStanding& entry : journal.entries()) {
    if (!entry.receipt || !entry.receipt->position)
      continue;
    const std::uint64_t position = *entry.receipt->position;
    if (position >= logged_.size() || logged_[position].hash != entry.hash ||
        logged_[position].device != phone.device())
      return "I7: " + name(phone.device()) + " shows entry " + std::to_string(entry.n) +
             " as received at position " + std::to_string(position) + " of " +
             std::to_string(logged_.size()) + ", where it is not";
    for (std::uint64_t event = entry.firstEvent; screens && event <= entry.lastEvent(); ++event)
      received.insert(event);
  }
  if (screens) {
    if (std::string broken = checkOffice(phone, received, planted_); !broken.empty())
      return broken;
  }
  const evidence::Frontier& now = journal.syncState().frontier;
  if (now.size() >= roots_.size() || now.root() != roots_[now.size()])
    return "I4: " + name(phone.device()) + " holds a log that the server does not have";
  const auto& [size, root] = held_[phone.device()];
  const bool extends = size < roots_.size() && roots_[size] == root;
  if (!extends && !journal.syncState().logContradicted)
    return "I4: the log contradicts what " + name(phone.device()) +
           " had verified, and it does not know";
  return {};
}

std::string Checker::phoneStarted(SimulatedPhone& phone) {
  if (std::string broken = phone.checkConfirmed(); !broken.empty())
    return broken;
  return keepsUnsent(phone);
}

std::string Checker::keepsUnsent(SimulatedPhone& phone) {
  const journal::Journal& journal = phone.phone().journal();
  const auto events = phone.phone().journal().readEvents();
  if (!events)
    return "I8: the journal does not give its events: " + events.error().reason + " " +
           events.error().text;
  std::set<std::uint64_t> present;
  for (const visits::RecordedEvent& event : *events)
    present.insert(event.event.number);
  for (std::uint64_t number = 1; number <= journal.lastEvent(); ++number) {
    if (!present.contains(number) &&
        journal.standing(number) == journal::EventStanding::OnThisPhone)
      return "I8: event " + std::to_string(number) + " left the journal of " +
             name(phone.device()) + " without a receipt";
  }
  return {};
}

std::string Checker::checkPassedOver(SimulatedServer& server, SimulatedPhone& phone) {
  const auto outside = server.log().outsideEntries(server.provider(), 0, UINT32_MAX);
  if (!outside)
    return "the server does not give what it keeps outside the log";
  std::set<Hash> kept;
  for (const event_log::OutsideEntry& entry : *outside)
    kept.insert(entry.entryHash);
  std::set<Hash> logged;
  for (const Logged& entry : logged_)
    logged.insert(entry.hash);
  const journal::Journal& journal = phone.phone().journal();
  for (const journal::EntryStanding& entry : journal.entries()) {
    if (logged.contains(entry.hash))
      continue;
    const std::string which = "entry " + std::to_string(entry.n) + " of " + name(phone.device());
    if (!spoiled_.at(phone.device())->contains(entry.n))
      return "I9: " + which + " is right and not in the log";
    if (!kept.contains(entry.hash))
      return "I9: the server does not show " + which + ", which it passed over";
    if (journal.standing(entry.firstEvent) != journal::EventStanding::OfficeMustLook)
      return "I9: the phone does not say that the office must look at " + which;
  }
  return {};
}

std::string Checker::checkPlan(SimulatedServer& server, SimulatedPhone& phone,
                               std::int64_t nowUnixMs) {
  const std::int64_t today = londonDayNumber(nowUnixMs);
  const auto visits = roster::visitsInWindow(
      server.database(), server.provider(), londonDayBeginUnixMs(today - roster::kScopeDaysBack),
      londonDayBeginUnixMs(today + roster::kScopeDaysAhead + 1), {}, UINT32_MAX);
  if (!visits)
    return "the server does not give its plan";
  std::map<VisitId, visits::PlannedVisit> expected;
  for (const visits::PlannedVisit& visit : *visits) {
    if (std::any_of(visit.slots.begin(), visit.slots.end(),
                    [&](const auto& slot) { return slot.carer == phone.carer(); }))
      expected[visit.id] = visit;
  }
  const auto& held = phone.phone().roster().visits();
  if (held.size() != expected.size())
    return "I6: " + name(phone.device()) + " holds " + std::to_string(held.size()) +
           " visits, its carer has " + std::to_string(expected.size());
  for (const auto& [id, visit] : expected) {
    const visits::PlannedVisit* other = phone.phone().roster().visit(id);
    if (other == nullptr || !(*other == visit))
      return "I6: " + name(phone.device()) + " holds another version of a visit";
    if (phone.phone().roster().person(visit.person) == nullptr)
      return "I6: " + name(phone.device()) + " does not know the person of a visit";
  }
  return {};
}

std::string Checker::checkTimes(SimulatedServer& server,
                                const std::map<DeviceId, SimulatedPhone*>& phones) {
  for (std::uint64_t position = 0; position < logged_.size();) {
    const auto entries = server.log().entries(server.provider(), position, kPage);
    if (!entries || entries->empty())
      return "the log does not give its entries";
    for (const event_log::StoredEntry& stored : *entries) {
      ++position;
      const auto phone = phones.find(stored.device);
      if (phone == phones.end())
        continue;  // the office, or a phone of a later release
      const auto decoded = wire::decodeEntry(stored.entry);
      const timing::Anchor anchors[] = {stored.anchor};
      for (const visits::Event& event : decoded->entry.events) {
        const auto time =
            timing::trustedTime(decoded->entry.boot, event.bootMs, event.wallUnixMs, anchors);
        if (time.timeClass != timing::TimeClass::Anchored)
          continue;
        const std::int64_t truth = phone->second->confirmed()[event.number - 1];
        ++intervals_;
        if (truth < time.earliestUnixMs || truth > time.latestUnixMs)
          return "I10: event " + std::to_string(event.number) + " of " + name(stored.device) +
                 " happened at " + unixMsToUtc(truth) + ", its interval is " +
                 unixMsToUtc(time.earliestUnixMs) + " to " + unixMsToUtc(time.latestUnixMs);
      }
    }
  }
  return {};
}

std::string Checker::atEnd(SimulatedServer& server,
                           std::vector<std::unique_ptr<SimulatedPhone>>& phones,
                           const std::map<VisitId, std::string>& refs, std::int64_t nowUnixMs) {
  if (std::string broken = serverRestarted(server); !broken.empty())
    return broken;
  if (std::string broken = checkAudit(server, keys_, era_ > 0); !broken.empty())
    return broken;
  std::map<DeviceId, SimulatedPhone*> byDevice;
  for (auto& phone : phones) {
    byDevice[phone->device()] = phone.get();
    const std::uint64_t logged = heldEvents(phone->device());
    if (!phone->phone().engine().isDrained())
      return "I12: " + name(phone->device()) +
             " still waits long after healing: " + phone->phone().engine().lastFailureReason();
    if (logged != phone->confirmed().size())
      return "I2: " + name(phone->device()) + " confirmed " +
             std::to_string(phone->confirmed().size()) + " events, the log holds " +
             std::to_string(logged);
    if (std::string broken = checkPassedOver(server, *phone); !broken.empty())
      return broken;
    if (std::string broken = checkPlan(server, *phone, nowUnixMs); !broken.empty())
      return broken;
  }
  for (const Ended& ended : ended_)
    byDevice[ended.phone->device()] = ended.phone;
  if (std::string broken = checkEnded(); !broken.empty())
    return broken;
  if (std::string broken = checkCounted(server, refs, nowUnixMs); !broken.empty())
    return broken;
  if (std::string broken = lookAtBoard(server, nowUnixMs); !broken.empty())
    return broken;
  return checkTimes(server, byDevice);
}

}  // namespace doorstep::simulation
