// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/merged_calls.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <tuple>

#include "shared/visits/measures/wide.h"

namespace doorstep::measures {
namespace {

struct Call {
  ClassifiedVisit* visit = nullptr;
  std::int64_t beginMs = 0;
  std::int64_t endMs = 0;
  std::set<std::string_view> carers;  // known ones

  Wide gapMs() const { return Wide{visit->rules->mergeGapMin} * kMinuteMs; }
};

struct Stay {
  std::int64_t beginMs = 0;
  std::int64_t endMs = 0;
  std::set<std::string_view> carers;
  std::vector<ClassifiedVisit*> visits;
};

Call callOf(ClassifiedVisit& visit) {
  Call call;
  call.visit = &visit;
  bool first = true;
  for (const ClassifiedSlot& slot : visit.slots) {
    if (!slot.attended())
      continue;
    const std::int64_t endMs = slot.lengthMs ? *slot.endMs : *slot.startMs;
    call.beginMs = first ? *slot.startMs : std::min(call.beginMs, *slot.startMs);
    call.endMs = first ? endMs : std::max(call.endMs, endMs);
    first = false;
    if (!slot.facts->carer.empty())
      call.carers.insert(slot.facts->carer);
  }
  return call;
}

auto planOrder(const ClassifiedVisit& visit) {
  return std::tie(visit.basis->startMs, visit.facts->provider, visit.facts->visitId);
}

// The stays of one person's day. A stay that ended too long ago for every call that can still come
// is no longer looked at until it grows, so that the cost does not grow with the square of calls.
class DayOfStays {
 public:
  explicit DayOfStays(Wide greatestGapMs) : greatestGapMs_(greatestGapMs) {}

  // Calls in order of their begin.
  void add(const Call& call) {
    const std::size_t joined = newestThatFits(call);
    if (joined == stays_.size())
      stays_.push_back({call.beginMs, call.endMs, {}, {}});
    Stay& stay = stays_[joined];
    stay.endMs = std::max(stay.endMs, call.endMs);
    stay.carers.insert(call.carers.begin(), call.carers.end());
    stay.visits.push_back(call.visit);
    for (const std::string_view carer : stay.carers)
      open_[carer].insert(joined);
  }

  std::vector<Stay>& stays() { return stays_; }

 private:
  // The number of stays: none fits.
  std::size_t newestThatFits(const Call& call) {
    std::size_t best = stays_.size();
    for (const std::string_view carer : call.carers) {
      auto& open = open_[carer];
      for (auto at = open.begin(); at != open.end();) {
        const Wide sinceMs = Wide{call.beginMs} - stays_[*at].endMs;
        if (sinceMs < call.gapMs()) {
          if (best == stays_.size() || *at > best)
            best = *at;
          break;
        }
        at = sinceMs >= greatestGapMs_ ? open.erase(at) : std::next(at);
      }
    }
    return best;
  }

  Wide greatestGapMs_;
  std::vector<Stay> stays_;
  std::map<std::string_view, std::set<std::size_t, std::greater<>>> open_;  // newest first
};

void missBecauseMerged(ClassifiedVisit& visit) {
  visit.visitClass = VisitClass::Missed;
  for (ClassifiedSlot& slot : visit.slots) {
    if (!slot.attended())
      continue;
    slot.slotClass = SlotClass::Missed;
    slot.cause = Cause::Merged;
  }
}

std::int64_t distance(std::int64_t a, std::int64_t b) { return a < b ? b - a : a - b; }

void satisfyOneBlock(Stay& stay) {
  if (stay.visits.size() < 2)
    return;
  std::sort(stay.visits.begin(), stay.visits.end(),
            [](const auto* a, const auto* b) { return planOrder(*a) < planOrder(*b); });
  std::vector<std::size_t> blockOf;
  std::size_t block = 0;
  std::size_t satisfied = 0;
  std::int64_t blockEndMs = stay.visits.front()->basis->endMs;
  std::int64_t nearestMs = distance(stay.visits.front()->basis->startMs, stay.beginMs);
  for (const ClassifiedVisit* visit : stay.visits) {
    const Plan& plan = *visit->basis;
    if (plan.startMs - blockEndMs >= Wide{visit->rules->mergePlanGapMin} * kMinuteMs &&
        !blockOf.empty()) {
      ++block;
      blockEndMs = plan.endMs;
      if (distance(plan.startMs, stay.beginMs) < nearestMs) {
        nearestMs = distance(plan.startMs, stay.beginMs);
        satisfied = block;
      }
    }
    blockEndMs = std::max(blockEndMs, plan.endMs);
    blockOf.push_back(block);
  }
  for (std::size_t i = 0; i < stay.visits.size(); ++i)
    if (blockOf[i] != satisfied)
      missBecauseMerged(*stay.visits[i]);
}

void satisfyDay(std::span<Call> calls) {
  Wide greatestGapMs = 0;
  for (const Call& call : calls)
    greatestGapMs = std::max(greatestGapMs, call.gapMs());
  DayOfStays day(greatestGapMs);
  for (const Call& call : calls)
    day.add(call);
  for (Stay& stay : day.stays())
    satisfyOneBlock(stay);
}

}  // namespace

void satisfyOnePlanEach(std::vector<ClassifiedVisit>& visits) {
  std::vector<Call> calls;
  for (ClassifiedVisit& visit : visits)
    if (visit.person >= 0 && visit.exclusion == Exclusion::None && visit.isAttended() &&
        visit.isCall() && visit.rules->counts(MissedRule::Merged))
      calls.push_back(callOf(visit));
  std::sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) {
    return std::tuple_cat(std::tie(a.visit->person, a.visit->basisDay, a.beginMs),
                          planOrder(*a.visit)) <
           std::tuple_cat(std::tie(b.visit->person, b.visit->basisDay, b.beginMs),
                          planOrder(*b.visit));
  });
  for (std::size_t begin = 0; begin < calls.size();) {
    std::size_t end = begin + 1;
    while (end < calls.size() && calls[end].visit->person == calls[begin].visit->person &&
           calls[end].visit->basisDay == calls[begin].visit->basisDay)
      ++end;
    satisfyDay(std::span(calls).subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace doorstep::measures
