// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/entry_anchor.h"

#include <algorithm>
#include <span>
#include <vector>

#include "shared/evidence/merkle_tree.h"

namespace doorstep::intake {
namespace {

Result<bool> isOfLog(event_log::EventLog& log, ProviderId provider, const visits::Entry& entry) {
  DOORSTEP_ASSIGN(const auto head, log.publishedHead(provider));
  if (entry.checkpointSize > head.size)
    return false;
  std::vector<Hash> hashes;
  for (const auto& subtree : evidence::coveringSubtrees(0, entry.checkpointSize)) {
    DOORSTEP_ASSIGN(const Hash hash, log.subtreeHash(provider, subtree));
    hashes.push_back(hash);
  }
  DOORSTEP_ASSIGN(const auto tree,
                  evidence::Frontier::restore(entry.checkpointSize, std::move(hashes)));
  return tree.root().view().starts_with(entry.checkpointRootPrefix);
}

// 0: nothing is known.
std::int64_t notBeforeUnixMs(event_log::EventLog& log, ProviderId provider,
                             const visits::Entry& entry) {
  if (entry.checkpointSize == 0)
    return 0;
  const auto ofLog = isOfLog(log, provider, entry);
  if (!ofLog.ok() || !*ofLog)
    return 0;
  const auto newest = log.entries(provider, entry.checkpointSize - 1, 1);
  return newest.ok() && !newest->empty() ? newest->front().receivedUnixMs : 0;
}

}  // namespace

timing::Anchor anchorOf(event_log::EventLog& log, const Submission& submission,
                        const visits::Entry& entry) {
  timing::Anchor anchor = submission.anchor;
  const auto isAnchored = [&](const visits::Event& event) {
    return timing::trustedTime(entry.boot, event.bootMs, event.wallUnixMs, std::span(&anchor, 1))
               .timeClass == timing::TimeClass::Anchored;
  };
  if (!std::all_of(entry.events.begin(), entry.events.end(), isAnchored))
    anchor.notBeforeUnixMs = notBeforeUnixMs(log, submission.provider, entry);
  return anchor;
}

}  // namespace doorstep::intake
