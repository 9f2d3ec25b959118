// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/commit_pipeline.h"

#include <algorithm>
#include <string_view>

#include "shared/visits/limits.h"
#include "sync-server/event_log/limits.h"

namespace doorstep::intake {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

const Error kCommitFailed{ErrorCode::Unavailable, "COMMIT_FAILED",
                          "nothing was changed; send it again"};

EntryOutcome quarantined(QuarantineReason reason) {
  return {.verdict = Verdict::Quarantined, .reason = reason};
}

// With the reason for which it stands in the log uncounted: the phone may not have heard it.
EntryOutcome alreadyKnown(const std::string& quarantineReason,
                          std::optional<std::uint64_t> position = std::nullopt) {
  return {.verdict = Verdict::AlreadyKnown,
          .position = position,
          .reason = quarantineFromName(quarantineReason)};
}

}  // namespace

// Where the next entry of a submission goes.
struct CommitPipeline::Placement {
  const Submission& submission;
  std::size_t submissionIndex = 0;
  std::size_t outcomeIndex = 0;
  Chain& chain;
};

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
    for (auto& outcome : outcomes)
      if (outcome.status.ok())
        outcome = {.status = Error{kCommitFailed.code, kCommitFailed.reason, written.error().text}};
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

  raiseAlarms(submission, log);
  for (auto& entry : submission.entries) {
    Placement at{submission, index, outcome.entries.size(), *chain};
    auto placed = placeEntry(at, entry);
    if (!placed.ok()) {
      *chain = before;
      batch_.commit.entries.resize(entries);
      batch_.decoded.resize(entries);
      batch_.commit.outside.resize(outside);
      batch_.commit.alarms.resize(alarms);
      batch_.pending.resize(pending);
      return placed.error();
    }
    placed->n = entry.entry.n;  // also of an entry that the log has now: a number stays
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
                             .wallAheadMs = submission.wallAheadMs});
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
  if (submission.heldLogSize > log.size)
    raise(event_log::AlarmKind::LogRegress, std::to_string(submission.heldLogSize));
}

// The verdict table of docs/sync-protocol.md, from top to bottom of what can be.
Result<EntryOutcome> CommitPipeline::placeEntry(Placement& at, SubmittedEntry& entry) {
  const std::uint64_t next = at.chain.head.n + 1;
  if (!entry.malformed && entry.entry.n < next)
    return answerHeld(at, entry);
  if (!entry.malformed && entry.entry.n > next)
    return keepOutside(at, entry, QuarantineReason::Gap);
  if (!entry.malformed)
    return takeNext(at, entry);

  // Bytes without a number stand for the next n, once: sent again they are what was passed over.
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
  for (const std::size_t i : at.chain.entries) {
    const auto& pending = batch_.commit.entries[i];
    if (pending.n != entry.entry.n)
      continue;
    if (pending.entryHash != entry.hash)
      return keepOutside(at, entry, QuarantineReason::Fork);
    batch_.pending.push_back({at.submissionIndex, at.outcomeIndex, i});
    return alreadyKnown(pending.quarantineReason);
  }
  for (const std::size_t i : at.chain.outside) {
    const auto& outside = batch_.commit.outside[i];
    if (outside.entryHash == entry.hash)
      return quarantined(quarantineFromName(outside.reason));
    const bool passedOver =
        outside.n == entry.entry.n && outside.reason != quarantineName(QuarantineReason::Gap);
    if (passedOver)
      return keepOutside(at, entry, QuarantineReason::Fork);
  }
  DOORSTEP_ASSIGN(const auto held, parts_.log.held(at.submission.provider, at.submission.device,
                                                   entry.entry.n, entry.hash));
  if (held.entry && held.entry->entryHash == entry.hash && held.entry->position)
    return alreadyKnown(held.entry->quarantineReason, held.entry->position);
  if (held.outsideReason)
    return quarantined(quarantineFromName(*held.outsideReason));
  return keepOutside(at, entry, QuarantineReason::Fork);
}

Result<EntryOutcome> CommitPipeline::takeNext(Placement& at, SubmittedEntry& entry) {
  auto& head = at.chain.head;
  if (!entry.signatureRight)
    return passOver(at, entry, QuarantineReason::BadSignature);
  // After an entry that was passed over there is nothing to prove: signature and n decide.
  const std::optional<Hash> expected = head.n == 0 ? std::nullopt : std::optional(head.entryHash);
  if (!head.passedOver && entry.entry.previousHash != expected)
    return passOver(at, entry, QuarantineReason::ChainBroken);

  DOORSTEP_ASSIGN(const QuarantineReason reason, contentReason(at, entry));
  const auto& submission = at.submission;
  const std::size_t index = batch_.commit.entries.size();
  head.n = entry.entry.n;
  head.entryHash = entry.hash;
  head.passedOver = false;
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
       .signature = std::move(entry.signature),
       .entryHash = entry.hash,
       .receivedUnixMs = submission.receivedUnixMs,
       .anchor = submission.anchor,
       .quarantineReason = quarantineName(reason)});
  batch_.decoded.push_back(std::move(entry.entry));
  if (reason != QuarantineReason::None)
    return quarantined(reason);
  return EntryOutcome{.verdict = Verdict::Accepted};
}

// What an authentic entry says may still be wrong; it keeps its place in the log then, uncounted.
Result<QuarantineReason> CommitPipeline::contentReason(Placement& at, const SubmittedEntry& entry) {
  if (!entry.limits.empty() || entry.entry.events.empty())
    return QuarantineReason::Limits;
  const auto& head = at.chain.head;
  const std::uint64_t first = entry.entry.events.front().number;
  // How many events an entry held that was passed over is not known.
  if (first < head.nextEventNumber || (first > head.nextEventNumber && !head.passedOver))
    return QuarantineReason::EventNumbers;
  for (const auto& event : entry.entry.events) {
    DOORSTEP_ASSIGN(const bool known, isKnownVisit(at.submission.provider, event.visit));
    if (!known)
      return QuarantineReason::UnknownVisit;
  }
  return quotaReason(at, entry.entry);
}

// Beyond its share a device is not heard about a visit, nor about anything on that day. A
// submission that is taken back leaves its events in the counts of this commit: too many for a
// moment.
Result<QuarantineReason> CommitPipeline::quotaReason(Placement& at, const visits::Entry& entry) {
  if (at.chain.eventsToday + entry.events.size() > visits::kEventsPerDeviceDayMax)
    return QuarantineReason::DeviceQuota;
  if (!parts_.countsEvents)
    return QuarantineReason::None;
  const auto& submission = at.submission;
  std::map<VisitId, std::size_t> fresh;
  for (const auto& event : entry.events)
    ++fresh[event.visit];
  for (const auto& [visit, events] : fresh) {
    VisitCount& count = batch_.counts[{submission.provider, visit}];
    if (!count.ofDevice.contains(submission.device)) {
      DOORSTEP_ASSIGN(const CountedEvents counted,
                      parts_.countsEvents(submission.provider, visit, submission.device));
      if (count.ofDevice.empty())
        count.all = counted.all;
      count.ofDevice.emplace(submission.device, counted.ofDevice);
    }
    if (count.ofDevice[submission.device] + events > visits::kEventsPerVisitOfDeviceMax ||
        count.all + events > visits::kEventsPerVisitMax)
      return QuarantineReason::VisitQuota;
  }
  for (const auto& [visit, events] : fresh) {
    VisitCount& count = batch_.counts[{submission.provider, visit}];
    count.all += events;
    count.ofDevice[submission.device] += events;
  }
  return QuarantineReason::None;
}

Result<bool> CommitPipeline::isKnownVisit(ProviderId provider, VisitId visit) {
  const std::pair key{provider, visit};
  if (const auto found = batch_.visits.find(key); found != batch_.visits.end())
    return found->second;
  DOORSTEP_ASSIGN(const bool known, parts_.knowsVisit(provider, visit));
  batch_.visits.emplace(key, known);
  return known;
}

Result<EntryOutcome> CommitPipeline::passOver(Placement& at, SubmittedEntry& entry,
                                              QuarantineReason reason) {
  const Hash hash = entry.hash;
  entry.entry.n = at.chain.head.n + 1;
  DOORSTEP_ASSIGN(const auto outcome, keepOutside(at, entry, reason));
  at.chain.head.n += 1;
  at.chain.head.entryHash = hash;
  at.chain.head.passedOver = true;
  at.chain.changed = true;
  return outcome;
}

Result<EntryOutcome> CommitPipeline::keepOutside(Placement& at, SubmittedEntry& entry,
                                                 QuarantineReason reason) {
  const auto& submission = at.submission;
  const auto same =
      std::find_if(at.chain.outside.begin(), at.chain.outside.end(),
                   [&](std::size_t i) { return batch_.commit.outside[i].entryHash == entry.hash; });
  const bool isGap = reason == QuarantineReason::Gap;
  if (same != at.chain.outside.end()) {
    // Out of order a moment ago, and now known to be worse.
    if (!isGap)
      batch_.commit.outside[*same].reason = quarantineName(reason);
    return quarantined(reason);
  }
  const bool isFork = reason == QuarantineReason::Fork;
  DOORSTEP_ASSIGN(const auto held,
                  parts_.log.held(submission.provider, submission.device, 0, entry.hash));
  if (isGap && held.outsideReason)
    return quarantined(reason);
  if (isFork)
    batch_.commit.alarms.push_back({event_log::AlarmKind::Fork, submission.provider,
                                    submission.device, submission.receivedUnixMs,
                                    std::string(entry.hash.view())});
  // Beyond the bound the phone alone has the bytes. What stands for an n must still be known, or
  // the entries after it could not go on: its hash and reason are kept.
  const std::size_t kept = at.chain.head.quarantined + at.chain.outside.size();
  const bool full = !held.outsideReason && kept >= event_log::kOutsideEntriesPerDeviceMax;
  if (full && (isGap || isFork))
    return quarantined(reason);
  if (full) {
    entry.bytes.clear();
    entry.signature.clear();
  }
  at.chain.changed = true;
  at.chain.outside.push_back(batch_.commit.outside.size());
  batch_.commit.outside.push_back({.provider = submission.provider,
                                   .device = submission.device,
                                   .n = entry.entry.n,
                                   .reason = quarantineName(reason),
                                   .entry = std::move(entry.bytes),
                                   .signature = std::move(entry.signature),
                                   .entryHash = entry.hash,
                                   .receivedUnixMs = submission.receivedUnixMs});
  return quarantined(reason);
}

Status CommitPipeline::writeAll() {
  auto& commit = batch_.commit;
  for (const auto& [key, chain] : batch_.chains)
    if (chain.changed)
      commit.heads.push_back({key.first, key.second, chain.head});
  return parts_.log.commit(commit, [&]() -> Status {
    std::vector<event_log::CommittedEntry> committed;
    committed.reserve(commit.entries.size());
    for (std::size_t i = 0; i < commit.entries.size(); ++i)
      committed.push_back({commit.entries[i], batch_.decoded[i]});
    if (!committed.empty())
      for (auto* projection : parts_.projections)
        DOORSTEP_TRY(projection->apply(committed));
    for (const auto& contact : batch_.contacts)
      DOORSTEP_TRY(parts_.contacts.write(contact));
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
    auto head = parts_.log.head(submissions[i].provider);
    if (head.ok())
      outcomes[i].log = std::move(head).value();
    else
      outcomes[i].status = head.error();
  }
  for (const auto& [key, chain] : batch_.chains)
    if (!chain.entries.empty())
      eventsToday_[key] = chain.eventsToday;
  if (!batch_.commit.entries.empty())
    for (auto* projection : parts_.projections)
      projection->committed();
  for (auto* observer : parts_.contactObservers)
    observer->heard(batch_.contacts);
}

}  // namespace doorstep::intake
