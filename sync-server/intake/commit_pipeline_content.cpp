// SPDX-License-Identifier: Apache-2.0
// Why an authentic entry does not count: its content, its carer, and quotas.
#include "shared/visits/limits.h"
#include "sync-server/intake/commit_pipeline.h"

namespace doorstep::intake {

// An authentic entry may have invalid content; it then keeps its place in the log, uncounted.
Result<QuarantineReason> CommitPipeline::contentReason(Placement& at, const SubmittedEntry& entry,
                                                       const EventRange& range) {
  if (!entry.limits.empty() || entry.entry.events.empty())
    return QuarantineReason::Limits;
  // The number of events of a missing entry is unknown.
  const std::uint64_t first = entry.entry.events.front().number;
  const std::uint64_t last = entry.entry.events.back().number;
  if (first < range.low || (range.exact && first != range.low) || last >= range.high)
    return QuarantineReason::EventNumbers;
  // The device records only for the carer that it is enrolled for.
  if (entry.entry.carer && entry.entry.carer != at.submission.carer)
    return QuarantineReason::OtherCarer;
  for (const auto& event : entry.entry.events) {
    if (!event.visit)
      continue;  // another subject, or sealed
    DOORSTEP_ASSIGN(const bool known, isKnownVisit(at.submission.provider, event.visit));
    if (!known) {
      waiting_[at.submission.provider].any = true;
      return QuarantineReason::UnknownVisit;
    }
  }
  return quotaReason(at, entry.entry);
}

// Above its quota, a device's events about a visit, or of that day, do not count. A submission that
// is rolled back leaves its events in this commit's counts, which are then too high until it ends.
Result<QuarantineReason> CommitPipeline::quotaReason(Placement& at, const visits::Entry& entry) {
  if (at.chain.eventsToday + entry.events.size() > visits::kEventsPerDeviceDayMax)
    return QuarantineReason::DeviceQuota;
  if (!parts_.countsEvents)
    return QuarantineReason::None;
  const auto& submission = at.submission;
  std::map<VisitId, std::size_t> fresh;
  for (const auto& event : entry.events) {
    if (event.visit)
      ++fresh[event.visit];
  }
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

}  // namespace doorstep::intake
