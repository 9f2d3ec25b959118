// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_draft.h"

#include <algorithm>

namespace doorstep::records {

Result<std::optional<VisitRow>> RecordDraft::visit(const VisitKey& key) {
  const auto found = drafted_.find(key);
  if (found != drafted_.end() && found->second.isRemoved)
    return std::optional<VisitRow>();
  if (found != drafted_.end() && found->second.row)
    return found->second.row;
  return store_.visit(key.first, key.second);
}

Result<std::vector<SlotRow>> RecordDraft::slots(const VisitKey& key) {
  const auto found = drafted_.find(key);
  if (found != drafted_.end() && found->second.slots)
    return *found->second.slots;
  return store_.slots(key.first, key.second);
}

Result<std::vector<VisitRow>> RecordDraft::callsOfDay(ProviderId provider, PersonId person,
                                                      measures::DayNumber basisDay) {
  DOORSTEP_ASSIGN(auto calls, store_.callsOfDay(provider, person, basisDay));
  std::erase_if(calls, [&](const VisitRow& row) {
    const auto found = drafted_.find({row.provider, row.visit});
    return found != drafted_.end() && (found->second.row || found->second.isRemoved);
  });
  for (const auto& [key, record] : drafted_) {
    if (record.row && key.first == provider && record.row->person == person &&
        record.row->basisDay == basisDay)
      calls.push_back(*record.row);
  }
  std::sort(calls.begin(), calls.end(),
            [](const VisitRow& a, const VisitRow& b) { return a.visit < b.visit; });
  return calls;
}

bool RecordDraft::hasSlots(ProviderId provider, VisitId visit) const {
  const auto found = drafted_.find({provider, visit});
  return found != drafted_.end() && found->second.slots;
}

template <typename IsBetter>
void RecordDraft::look(const CarersPerson& who, VisitId own, std::optional<StartedVisit>& found,
                       IsBetter isBetter) const {
  for (const auto& [key, record] : drafted_) {
    if (key.first != who.provider || key.second == own || !record.slots ||
        record.person != who.person)
      continue;
    for (const SlotRow& slot : *record.slots) {
      if (slot.carer != who.carer || !slot.startUnixMs)
        continue;
      const StartedVisit start{*slot.startUnixMs, key.second};
      if (isBetter(start))
        found = start;
    }
  }
}

Result<std::optional<StartedVisit>> RecordDraft::priorStart(const CarersPerson& who,
                                                            std::int64_t beforeUnixMs,
                                                            VisitId own) {
  DOORSTEP_ASSIGN(auto found, store_.priorStart(who, beforeUnixMs, [&](VisitId visit) {
    return visit == own || hasSlots(who.provider, visit);
  }));
  look(who, own, found, [&](const StartedVisit& start) {
    return start.unixMs < beforeUnixMs && (!found || start > *found);
  });
  return found;
}

Result<std::optional<StartedVisit>> RecordDraft::nextStart(const CarersPerson& who,
                                                           std::int64_t afterUnixMs, VisitId own) {
  DOORSTEP_ASSIGN(auto found, store_.nextStart(who, afterUnixMs, [&](VisitId visit) {
    return visit == own || hasSlots(who.provider, visit);
  }));
  look(who, own, found, [&](const StartedVisit& start) {
    return start.unixMs > afterUnixMs && (!found || start < *found);
  });
  return found;
}

void RecordDraft::put(const VisitRow& row, const std::optional<VisitRow>& before) {
  DraftedRecord& record = drafted_[{row.provider, row.visit}];
  const bool isMoved = record.row && !record.isInPlace;  // since it was stored
  record.isInPlace = !isMoved && before && isFoundAlike(row, *before);
  record.row = row;
  record.isRemoved = false;
}

void RecordDraft::putSlots(const VisitRow& row, std::vector<SlotRow> slots,
                           const std::vector<SlotRow>& before) {
  DraftedRecord& record = drafted_[{row.provider, row.visit}];
  for (const SlotRow& old : before) {
    const auto same = [&](const SlotRow& slot) { return slot.slot == old.slot; };
    record.dropsSlots = record.dropsSlots || std::none_of(slots.begin(), slots.end(), same);
  }
  record.slots = std::move(slots);
  record.person = row.person;
}

void RecordDraft::remove(const VisitKey& key) {
  DraftedRecord& record = drafted_[key];
  record = {};
  record.isRemoved = true;
  record.slots.emplace();
  record.dropsSlots = true;
}

}  // namespace doorstep::records
