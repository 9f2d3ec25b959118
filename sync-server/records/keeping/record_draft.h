// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/records/keeping/record_store.h"

namespace doorstep::records {

// What is to be written of one visit.
struct DraftedRecord {
  std::optional<VisitRow> row;  // nullopt: as stored
  bool isInPlace = false;       // the stored row isFoundAlike
  bool isRemoved = false;
  std::optional<std::vector<SlotRow>> slots;  // nullopt: as stored
  bool dropsSlots = false;                    // some that are stored are not among them
  PersonId person;                            // of the slots
};

// The stored records with changes in front of them that nobody else sees until they are written:
// visits are judged on a reader's connection, each by what those before it came to. Cost of a
// question: that of the store and the drafted visits, which are those of one batch. Thread: the
// connection's.
class RecordDraft {
 public:
  using VisitKey = std::pair<ProviderId, VisitId>;
  explicit RecordDraft(RecordStore store) : store_(std::move(store)) {}

  Result<std::optional<VisitRow>> visit(const VisitKey& key);
  Result<std::vector<SlotRow>> slots(const VisitKey& key);
  // By visit.
  Result<std::vector<VisitRow>> callsOfDay(ProviderId provider, PersonId person,
                                           measures::DayNumber basisDay);
  // At another visit than `own`.
  Result<std::optional<StartedVisit>> priorStart(const CarersPerson& who, std::int64_t beforeUnixMs,
                                                 VisitId own);
  Result<std::optional<StartedVisit>> nextStart(const CarersPerson& who, std::int64_t afterUnixMs,
                                                VisitId own);

  // before: what visit() said; nullopt: nothing.
  void put(const VisitRow& row, const std::optional<VisitRow>& before);
  // before: what slots() said.
  void putSlots(const VisitRow& row, std::vector<SlotRow> slots,
                const std::vector<SlotRow>& before);
  void remove(const VisitKey& key);

  std::map<VisitKey, DraftedRecord> take() { return std::move(drafted_); }

 private:
  bool hasSlots(ProviderId provider, VisitId visit) const;
  // The carer's drafted starts at the person that `isBetter` than the one found so far.
  template <typename IsBetter>
  void look(const CarersPerson& who, VisitId own, std::optional<StartedVisit>& found,
            IsBetter isBetter) const;

  RecordStore store_;
  std::map<VisitKey, DraftedRecord> drafted_;
};

}  // namespace doorstep::records
