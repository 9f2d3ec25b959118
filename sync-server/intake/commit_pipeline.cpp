// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/commit_pipeline.h"

#include <algorithm>
#include <string_view>

#include "shared/core/durations.h"
#include "shared/core/guarded.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/limits.h"

namespace doorstep::intake {
namespace {

// Nothing was changed; the phone sends it again. A full disk has a separate reason, for the
// operator who reads the log.
Error commitFailed(const Error& cause) {
  const bool full = cause.reason == "SQLITE_FULL";
  return {ErrorCode::Unavailable, full ? "DISK_FULL" : "COMMIT_FAILED", cause.text};
}

EntryOutcome quarantined(QuarantineReason reason) {
  return {.verdict = Verdict::Quarantined, .reason = reason};
}

// Includes the reason if the entry is in the log uncounted: the phone may not know it.
EntryOutcome alreadyKnown(const std::string& quarantineReason, evidence::Arrival arrival,
                          std::optional<std::uint64_t> position = std::nullopt) {
  return {.verdict = Verdict::AlreadyKnown,
          .position = position,
          .reason = quarantineFromName(quarantineReason),
          .arrival = std::move(arrival)};
}

}  // namespace

std::vector<Outcome> CommitPipeline::commit(std::span<Submission> submissions) {
  batch_ = {};
  std::vector<Outcome> outcomes(submissions.size());
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    outcomes[i].status = place(submissions[i], i, outcomes[i]);
    if (!outcomes[i].status.ok())
      outcomes[i].entries.clear();
  }
  if (const Status written = writeAll(); !written.ok()) {
    for (auto* projection : parts_.projections)
      projection->takenBack();
    waiting_.clear();  // everything is examined again
    for (auto& outcome : outcomes)
      if (outcome.status.ok())
        outcome = {.status = commitFailed(written.error())};
    return outcomes;
  }
  finish(submissions, outcomes);
  return outcomes;
}

Status CommitPipeline::place(Submission& submission, std::size_t index, Outcome& outcome) {
  DOORSTEP_ASSIGN(const auto log, parts_.log.head(submission.provider));
  DOORSTEP_ASSIGN(Chain * chain, chainOf(submission));
  const Chain before = *chain;
  const std::size_t entries = batch_.commit.entries.size();
  const std::size_t outside = batch_.commit.outside.size();
  const std::size_t alarms = batch_.commit.alarms.size();
  const std::size_t pending = batch_.pending.size();

  DOORSTEP_TRY(bindHeldVisits(submission));
  DOORSTEP_TRY(takeWaiting(submission.provider));
  raiseAlarms(submission, log);
  for (auto& entry : submission.entries) {
    Placement at{submission, index, outcome.entries.size(), *chain};
    auto placed = guarded([&] { return placeEntry(at, entry); });
    if (!placed.ok()) {
      *chain = before;
      batch_.commit.entries.resize(entries);
      batch_.decoded.resize(entries);
      batch_.commit.outside.resize(outside);
      batch_.commit.alarms.resize(alarms);
      batch_.pending.resize(pending);
      return placed.error();
    }
    placed->n = entry.entry.n;  // also for an entry that is now in the log
    outcome.entries.push_back(*placed);
  }
  for (std::size_t i = alarms; i < batch_.commit.alarms.size(); ++i)
    outcome.alarms.push_back(batch_.commit.alarms[i].kind);
  outcome.heldN = chain->head.n;
  batch_.contacts.push_back({.provider = submission.provider,
                             .device = submission.device,
                             .carer = submission.carer,
                             .heardUnixMs = submission.receivedUnixMs,
                             .heldN = chain->head.n,
                             .planCursor = submission.planCursor,
                             .wallAheadMs = submission.wallAheadMs,
                             .formats = submission.formats});
  return kDone;
}

Result<CommitPipeline::Chain*> CommitPipeline::chainOf(const Submission& submission) {
  const std::pair key{submission.provider, submission.device};
  if (const auto found = batch_.chains.find(key); found != batch_.chains.end())
    return &found->second;
  DOORSTEP_ASSIGN(const auto head, parts_.log.deviceHead(submission.provider, submission.device));
  if (const std::int64_t day = submission.receivedUnixMs / kDayMs; day != day_) {
    eventsToday_.clear();
    day_ = day;
  }
  const auto today = eventsToday_.find(key);
  return &batch_.chains
              .emplace(key, Chain{.head = head,
                                  .eventsToday = today == eventsToday_.end() ? 0 : today->second})
              .first->second;
}

void CommitPipeline::raiseAlarms(const Submission& submission, const event_log::LogHead& log) {
  const auto raise = [&](event_log::AlarmKind kind, std::string evidence) {
    batch_.commit.alarms.push_back({kind, submission.provider, submission.device,
                                    submission.receivedUnixMs, std::move(evidence)});
  };
  if (!submission.contradictedCheckpoint.empty())
    raise(event_log::AlarmKind::ContradictedCheckpoint, submission.contradictedCheckpoint);
  if (!submission.disputedTime.empty())
    raise(event_log::AlarmKind::TimeDisputed, submission.disputedTime);
  if (submission.heldLogSize > log.size)
    raise(event_log::AlarmKind::LogRegress, std::to_string(submission.heldLogSize));
}

// The verdict table of docs/sync-protocol.md, from top to bottom.
Result<EntryOutcome> CommitPipeline::placeEntry(Placement& at, SubmittedEntry& entry) {
  const std::uint64_t next = at.chain.head.n + 1;
  if (!entry.malformed && entry.entry.n < next)
    return answerHeld(at, entry);
  if (!entry.malformed && entry.entry.n > next) {
    // Bytes that the device did not sign are not stored: their turn may never come.
    return entry.signatureRight ? keepOutside(at, entry, QuarantineReason::Gap)
                                : Result(quarantined(QuarantineReason::Gap));
  }
  if (!entry.malformed)
    return takeNext(at, entry);

  // Bytes without a number take the next n, once: a repetition is recognised as passed over.
  DOORSTEP_ASSIGN(const auto held,
                  parts_.log.held(at.submission.provider, at.submission.device, 0, entry.hash));
  const bool inBatch =
      std::any_of(at.chain.outside.begin(), at.chain.outside.end(),
                  [&](std::size_t i) { return batch_.commit.outside[i].entryHash == entry.hash; });
  if (held.outsideReason || inBatch)
    return quarantined(QuarantineReason::Malformed);
  return passOver(at, entry, QuarantineReason::Malformed);
}

Result<EntryOutcome> CommitPipeline::answerHeld(Placement& at, SubmittedEntry& entry) {
  // Only an entry signed by the device can be a fork of another one.
  const auto other = entry.signatureRight ? QuarantineReason::Fork : QuarantineReason::BadSignature;
  for (const std::size_t i : at.chain.entries) {
    const auto& pending = batch_.commit.entries[i];
    if (pending.n != entry.entry.n)
      continue;
    if (pending.entryHash != entry.hash)
      return keepOutside(at, entry, other);
    batch_.pending.push_back({at.submissionIndex, at.outcomeIndex, i});
    return alreadyKnown(pending.quarantineReason, pending.arrival());
  }
  DOORSTEP_ASSIGN(const event_log::OpenNs* open, openOf(at));
  if (open->contains(entry.entry.n))
    return entry.signatureRight ? takeLate(at, entry)
                                : keepOutside(at, entry, QuarantineReason::BadSignature);
  DOORSTEP_ASSIGN(const auto held, parts_.log.held(at.submission.provider, at.submission.device,
                                                   entry.entry.n, entry.hash));
  if (held.entry && held.entry->entryHash == entry.hash) {
    const bool waits =
        held.entry->quarantineReason == quarantineName(QuarantineReason::UnknownVisit);
    DOORSTEP_ASSIGN(const bool counts, waits
                                           ? countNow(at.submission.provider, held.entry->position)
                                           : Result<bool>(false));
    DOORSTEP_ASSIGN(const auto stored,
                    parts_.log.entries(at.submission.provider, held.entry->position, 1));
    if (stored.empty())
      return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "a position of the log has no entry"};
    return alreadyKnown(counts ? std::string() : held.entry->quarantineReason,
                        stored.front().arrival(), held.entry->position);
  }
  return keepOutside(at, entry, other);
}

Result<EntryOutcome> CommitPipeline::takeNext(Placement& at, SubmittedEntry& entry) {
  auto& head = at.chain.head;
  if (!entry.signatureRight)
    return passOver(at, entry, QuarantineReason::BadSignature);
  // After an open n the chain cannot be checked: signature and n decide.
  const std::optional<Hash> expected = head.n == 0 ? std::nullopt : std::optional(head.entryHash);
  QuarantineReason reason = QuarantineReason::ChainBroken;
  if (head.passedOver || entry.entry.previousHash == expected) {
    const EventRange range{head.nextEventNumber, UINT64_MAX, !head.passedOver};
    DOORSTEP_ASSIGN(reason, contentReason(at, entry, range));
  }
  if (head.open > 0 && !entry.entry.events.empty()) {
    DOORSTEP_ASSIGN(event_log::OpenNs * open, openOf(at));
    for (auto& [n, range] : *open) {
      if (range.eventHigh == UINT64_MAX)
        range.eventHigh = std::max(range.eventLow, entry.entry.events.front().number);
    }
    at.chain.openChanged = true;
  }
  head.n = entry.entry.n;
  head.entryHash = entry.hash;
  head.passedOver = false;
  return append(at, entry, reason, false);
}

// The device did sign an entry for an n at which other bytes arrived first. Chain and event numbers
// are checked against the entries before and after it in the log, once.
Result<EntryOutcome> CommitPipeline::takeLate(Placement& at, SubmittedEntry& entry) {
  DOORSTEP_ASSIGN(event_log::OpenNs * open, openOf(at));
  const event_log::OpenN range = open->at(entry.entry.n);
  DOORSTEP_ASSIGN(const bool fits, fitsNeighbours(at, entry));
  QuarantineReason reason = QuarantineReason::ChainBroken;
  if (fits) {
    DOORSTEP_ASSIGN(reason, contentReason(at, entry, {range.eventLow, range.eventHigh, false}));
  }
  open->erase(entry.entry.n);
  if (fits && reason != QuarantineReason::EventNumbers && !entry.entry.events.empty()) {
    for (auto& [n, other] : *open) {
      if (n < entry.entry.n)
        other.eventHigh = std::min(other.eventHigh, entry.entry.events.front().number);
      else
        other.eventLow = std::max(other.eventLow, entry.entry.events.back().number + 1);
    }
  }
  at.chain.openChanged = true;
  auto& head = at.chain.head;
  head.open = static_cast<std::uint32_t>(open->size());
  if (entry.entry.n == head.n) {
    head.entryHash = entry.hash;
    head.passedOver = false;
  }
  return append(at, entry, reason, true);
}

EntryOutcome CommitPipeline::append(Placement& at, SubmittedEntry& entry, QuarantineReason reason,
                                    bool late) {
  const auto& submission = at.submission;
  const std::size_t index = batch_.commit.entries.size();
  auto& head = at.chain.head;
  at.chain.eventsToday += entry.entry.events.size();
  if (!entry.entry.events.empty())
    head.nextEventNumber = std::max(head.nextEventNumber, entry.entry.events.back().number + 1);
  at.chain.changed = true;
  at.chain.entries.push_back(index);
  batch_.pending.push_back({at.submissionIndex, at.outcomeIndex, index});
  batch_.commit.entries.push_back(
      {.provider = submission.provider,
       .device = submission.device,
       .carer = entry.entry.carer ? entry.entry.carer : submission.carer,
       .n = entry.entry.n,
       .entry = std::move(entry.bytes),
       .entryHash = entry.hash,
       .arrivalHash =
           evidence::arrivalHash(entry.arrivalSalt, {submission.receivedUnixMs, submission.clock}),
       .receivedUnixMs = submission.receivedUnixMs,
       .clock = submission.clock,
       .anchor = anchorOf(parts_.log, submission, entry.entry, at.chain.checkpoints),
       .quarantineReason = quarantineName(reason),
       .late = late});
  batch_.decoded.push_back(std::move(entry.entry));
  if (reason != QuarantineReason::None)
    return quarantined(reason);
  return EntryOutcome{.verdict = Verdict::Accepted};
}

Result<event_log::OpenNs*> CommitPipeline::openOf(Placement& at) {
  if (!at.chain.open) {
    DOORSTEP_ASSIGN(at.chain.open, parts_.log.openNs(at.submission.provider, at.submission.device));
  }
  return &*at.chain.open;
}

// The authentic entry with another n; nullopt when there is none yet.
Result<std::optional<CommitPipeline::Neighbour>> CommitPipeline::neighbour(const Placement& at,
                                                                           std::uint64_t n) {
  for (const std::size_t i : at.chain.entries) {
    if (batch_.commit.entries[i].n == n)
      return std::optional(
          Neighbour{batch_.commit.entries[i].entryHash, batch_.decoded[i].previousHash});
  }
  const auto& submission = at.submission;
  DOORSTEP_ASSIGN(const auto held, parts_.log.held(submission.provider, submission.device, n, {}));
  if (!held.entry)
    return std::optional<Neighbour>();
  DOORSTEP_ASSIGN(const auto stored,
                  parts_.log.entries(submission.provider, held.entry->position, 1));
  Neighbour found{held.entry->entryHash, std::nullopt};
  if (!stored.empty() && !stored.front().entry.empty()) {
    DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.front().entry));
    found.previousHash = decoded.entry.previousHash;
  }
  return std::optional(found);
}

Result<bool> CommitPipeline::fitsNeighbours(const Placement& at, const SubmittedEntry& entry) {
  const std::uint64_t n = entry.entry.n;
  if (n == 1 && entry.entry.previousHash)
    return false;
  if (n > 1) {
    DOORSTEP_ASSIGN(const auto before, neighbour(at, n - 1));
    if (before && entry.entry.previousHash != before->hash)
      return false;
  }
  DOORSTEP_ASSIGN(const auto after, neighbour(at, n + 1));
  return !after || !after->previousHash || *after->previousHash == entry.hash;
}

// Bytes that the device did not sign take the next n, so that they block nothing; the n stays open.
Result<EntryOutcome> CommitPipeline::passOver(Placement& at, SubmittedEntry& entry,
                                              QuarantineReason reason) {
  auto& head = at.chain.head;
  const bool mayGoOn = head.open < event_log::kOpenNsPerDeviceMax;
  entry.entry.n = head.n + 1;
  DOORSTEP_ASSIGN(const auto outcome, keepOutside(at, entry, reason));
  if (!mayGoOn)
    return outcome;
  DOORSTEP_ASSIGN(event_log::OpenNs * open, openOf(at));
  head.n += 1;
  (*open)[head.n] = {head.nextEventNumber, UINT64_MAX};
  head.open = static_cast<std::uint32_t>(open->size());
  head.passedOver = true;
  at.chain.openChanged = at.chain.changed = true;
  return outcome;
}

Result<EntryOutcome> CommitPipeline::keepOutside(Placement& at, SubmittedEntry& entry,
                                                 QuarantineReason reason) {
  const auto& submission = at.submission;
  const auto isSame = [&](std::size_t i) {
    return batch_.commit.outside[i].entryHash == entry.hash;
  };
  const auto same = std::find_if(at.chain.outside.begin(), at.chain.outside.end(), isSame);
  if (same != at.chain.outside.end()) {
    // Was stored as out of order, and now has a worse reason.
    if (reason != QuarantineReason::Gap)
      batch_.commit.outside[*same].reason = quarantineName(reason);
    return quarantined(reason);
  }
  DOORSTEP_ASSIGN(const auto held,
                  parts_.log.held(submission.provider, submission.device, 0, entry.hash));
  if (held.outsideReason && *held.outsideReason == quarantineName(reason))
    return quarantined(reason);
  if (reason == QuarantineReason::Fork)
    batch_.commit.alarms.push_back({event_log::AlarmKind::Fork, submission.provider,
                                    submission.device, submission.receivedUnixMs,
                                    std::string(entry.hash.view())});
  if (!held.outsideReason && isFull(at.chain, reason)) {
    // Only the phone has the bytes. Bytes without a number must be recognised when repeated, or
    // they would take another n each time.
    const bool standsForNext = reason == QuarantineReason::Malformed &&
                               at.chain.head.open < event_log::kOpenNsPerDeviceMax;
    if (!standsForNext)
      return quarantined(reason);
    entry.bytes.clear();
  }
  at.chain.changed = true;
  at.chain.outside.push_back(batch_.commit.outside.size());
  batch_.commit.outside.push_back({.provider = submission.provider,
                                   .device = submission.device,
                                   .n = entry.entry.n,
                                   .reason = quarantineName(reason),
                                   .entry = std::move(entry.bytes),
                                   .entryHash = entry.hash,
                                   .receivedUnixMs = submission.receivedUnixMs});
  return quarantined(reason);
}

// Unsigned bytes have a separate, smaller limit, so that they cannot use up the other.
bool CommitPipeline::isFull(const Chain& chain, QuarantineReason reason) const {
  const bool notSigned = event_log::isNotSigned(quarantineName(reason));
  std::size_t kept =
      notSigned ? chain.head.notSigned : chain.head.quarantined - chain.head.notSigned;
  for (const std::size_t i : chain.outside)
    kept += event_log::isNotSigned(batch_.commit.outside[i].reason) == notSigned ? 1 : 0;
  return kept >=
         (notSigned ? event_log::kUnsignedPerDeviceMax : event_log::kOutsideEntriesPerDeviceMax);
}

Status CommitPipeline::writeAll() {
  auto& commit = batch_.commit;
  for (const auto& [key, chain] : batch_.chains) {
    if (chain.changed)
      commit.heads.push_back({key.first, key.second, chain.head});
    if (chain.openChanged)
      commit.open.push_back({key.first, key.second, *chain.open});
  }
  return parts_.log.commit(commit, [&]() -> Status {
    std::vector<event_log::CommittedEntry> committed;
    committed.reserve(commit.entries.size() + batch_.counted.size());
    for (const Bound& bound : batch_.bound)
      DOORSTEP_TRY(parts_.bindings.bind(bound.provider, bound.alias, bound.planned));
    for (const CountedNow& counted : batch_.counted)
      committed.push_back({counted.stored, counted.entry, true});
    for (std::size_t i = 0; i < commit.entries.size(); ++i)
      committed.push_back({commit.entries[i], batch_.decoded[i]});
    if (!committed.empty())
      for (auto* projection : parts_.projections)
        DOORSTEP_TRY(projection->apply(committed));
    for (const auto& contact : batch_.contacts) {
      DOORSTEP_ASSIGN(const bool hasSaid, parts_.contacts.write(contact));
      batch_.formatsWanted[contact.device] = !hasSaid;
    }
    return kDone;
  });
}

void CommitPipeline::finish(std::span<Submission> submissions, std::vector<Outcome>& outcomes) {
  for (const auto& pending : batch_.pending)
    outcomes[pending.submission].entries[pending.outcome].position =
        batch_.commit.entries[pending.entry].position;
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    if (!outcomes[i].status.ok())
      continue;
    outcomes[i].formatsWanted = batch_.formatsWanted[submissions[i].device];
    auto head = parts_.log.head(submissions[i].provider);
    if (head.ok())
      outcomes[i].log = std::move(head).value();
    else
      outcomes[i].status = head.error();
  }
  for (const auto& [key, chain] : batch_.chains)
    if (!chain.entries.empty())
      eventsToday_[key] = chain.eventsToday;
  if (!batch_.commit.entries.empty() || !batch_.counted.empty())
    for (auto* projection : parts_.projections)
      projection->committed();
  for (auto* observer : parts_.contactObservers)
    observer->heard(batch_.contacts);
}

}  // namespace doorstep::intake
