// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/entry_anchor.h"

#include <algorithm>
#include <span>
#include <vector>

#include "shared/evidence/merkle_tree.h"
#include "sync-server/intake/limits.h"

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

// 0: unknown.
std::int64_t notBeforeUnixMs(event_log::EventLog& log, ProviderId provider,
                             const visits::Entry& entry) {
  const auto ofLog = isOfLog(log, provider, entry);
  if (!ofLog.ok() || !*ofLog)
    return 0;
  const auto newest = log.entries(provider, entry.checkpointSize - 1, 1);
  return newest.ok() && !newest->empty() ? newest->front().receivedUnixMs : 0;
}

}  // namespace

timing::Anchor anchorOf(event_log::EventLog& log, const Submission& submission,
                        const visits::Entry& entry, NamedCheckpoints& named) {
  timing::Anchor anchor = submission.anchor;
  const auto isAnchored = [&](const visits::Event& event) {
    return timing::trustedTime(entry.boot, event.bootMs, event.wallUnixMs, std::span(&anchor, 1))
               .timeClass == timing::TimeClass::Anchored;
  };
  if (entry.checkpointSize == 0 ||
      std::all_of(entry.events.begin(), entry.events.end(), isAnchored))
    return anchor;
  const std::pair key{entry.checkpointSize, entry.checkpointRootPrefix};
  auto found = named.find(key);
  if (found == named.end() && named.size() < kCheckpointLookUpsMax)
    found = named.emplace(key, notBeforeUnixMs(log, submission.provider, entry)).first;
  if (found != named.end())
    anchor.notBeforeUnixMs = found->second;
  return anchor;
}

}  // namespace doorstep::intake
