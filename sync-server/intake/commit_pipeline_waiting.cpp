// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shared/wire/entry_codec.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/intake/limits.h"

// Entries that waited for a plan, once the plan is back.
namespace doorstep::intake {

// Binds ids that this server has lost to the visits named by a phone's plan objects, before its
// entries are judged.
Status CommitPipeline::bindHeldVisits(const Submission& submission) {
  if (!parts_.bindings.match)
    return kDone;
  for (const HeldVisit& held : submission.heldVisits) {
    DOORSTEP_ASSIGN(const bool known, isKnownVisit(submission.provider, held.visit));
    if (known)
      continue;
    DOORSTEP_ASSIGN(const auto planned, parts_.bindings.match(submission.provider, held));
    if (!planned)
      continue;
    batch_.bound.push_back({submission.provider, held.visit, *planned});
    batch_.visits[{submission.provider, held.visit}] = true;
  }
  return kDone;
}

// Whether the entry, in the log and uncounted because a visit of it was unknown, counts from this
// commit on.
Result<bool> CommitPipeline::countNow(ProviderId provider, std::uint64_t position) {
  const bool already =
      std::any_of(batch_.counted.begin(), batch_.counted.end(), [&](const CountedNow& counted) {
        return counted.stored.provider == provider && counted.stored.position == position;
      });
  if (already)
    return true;
  DOORSTEP_ASSIGN(auto stored, parts_.log.entries(provider, position, 1));
  if (stored.empty() || stored.front().entry.empty() ||
      stored.front().quarantineReason != quarantineName(QuarantineReason::UnknownVisit))
    return false;
  auto decoded = wire::decodeEntry(stored.front().entry);
  if (!decoded.ok())
    return false;  // `verify` reports a damaged row; exchanges continue
  for (const auto& event : decoded->entry.events) {
    if (!event.visit)
      continue;
    DOORSTEP_ASSIGN(const bool known, isKnownVisit(provider, event.visit));
    if (!known)
      return false;
  }
  stored.front().quarantineReason.clear();
  batch_.commit.counted.push_back({provider, stored.front().device, position});
  batch_.counted.push_back({std::move(stored.front()), std::move(decoded->entry)});
  return true;
}

// Examines waiting entries when the provider's plan has grown, a bounded number per commit.
Status CommitPipeline::takeWaiting(ProviderId provider) {
  if (!parts_.bindings.waiting)
    return kDone;
  const auto [at, fresh] = waiting_.try_emplace(provider);
  Waiting& waiting = at->second;
  if (fresh) {
    DOORSTEP_ASSIGN(const auto first, parts_.bindings.waiting(provider, 0, 1));
    waiting.any = !first.empty();
  }
  if (!waiting.any)
    return kDone;
  DOORSTEP_ASSIGN(const std::uint64_t version, parts_.bindings.planVersion(provider));
  if (version != waiting.planVersion) {
    waiting.planVersion = version;
    waiting.from = 0;
  }
  if (!waiting.from)
    return kDone;
  DOORSTEP_ASSIGN(const auto positions,
                  parts_.bindings.waiting(provider, *waiting.from, kWaitingPerCommitMax));
  for (const std::uint64_t position : positions)
    DOORSTEP_TRY(countNow(provider, position));
  if (positions.size() < kWaitingPerCommitMax)
    waiting.from.reset();
  else
    waiting.from = positions.back() + 1;
  return kDone;
}

bool CommitPipeline::waitsForMore(ProviderId provider) const {
  const auto found = waiting_.find(provider);
  return found != waiting_.end() && found->second.from.has_value();
}

Status CommitPipeline::countWaiting(ProviderId provider) {
  do {
    batch_ = {};
    DOORSTEP_TRY(takeWaiting(provider));
    if (batch_.counted.empty())
      continue;
    if (const Status written = writeAll(); !written.ok()) {
      for (auto* projection : parts_.projections)
        projection->takenBack();
      waiting_.erase(provider);  // examined again at the next commit
      return written;
    }
    for (auto* projection : parts_.projections)
      projection->committed();
  } while (waitsForMore(provider));
  return kDone;
}

}  // namespace doorstep::intake
