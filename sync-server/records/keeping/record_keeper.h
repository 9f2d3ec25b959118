// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/classified_visit.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/projections/touched_visits.h"
#include "sync-server/records/keeping/record_draft.h"
#include "sync-server/records/keeping/visit_facts.h"
#include "sync-server/roster/contract_lots.h"
#include "sync-server/roster/judged_visit_reader.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::records {

// Up to where a provider's plan has been judged: visits by (version, id).
struct ReadPlan {
  std::uint64_t planVersion = 0;
  VisitId visit;
};

// What a batch of visits was judged as, by one state of the database; write() makes it the records.
struct Settlement {
  std::int64_t after = 0;  // settlings(): nobody wrote records since
  std::vector<projections::TouchedVisit> touched;
  std::map<ProviderId, ReadPlan> read;
  std::map<RecordDraft::VisitKey, DraftedRecord> records;
  std::uint32_t visits = 0;  // judged
  bool more = false;         // the limit was reached
};

// Judges the visits that something has touched since they were judged, and nothing else: an entry
// or an adjustment (projections::touchVisit), a plan version, terms, lots, rules or what is
// commissioned (by their numbers), or a deadline (visit_record.due_unix_ms). Where rules of
// the provider's contracts say that a stay satisfies one call, or that the next call ends one, a
// visit is judged with the same person's calls of its day; those are written again where they
// change. What it writes is a function of plan, log and decisions: from nothing it gives
// the same rows, in whatever order things came.
//
// It reads alone, in one snapshot, so that it judges beside phones' commits, and what it found is
// written in a short job (record_settling.h). A crash leaves each batch's visits judged or still
// touched. Cost: the visits touched, times the calls of a person's day. Made anew for each batch:
// contracts and rules are read once. Thread: the connection's.
class RecordKeeper {
 public:
  static Result<RecordKeeper> open(sql::Database& database, std::int64_t nowUnixMs);

  // At most `limit` visits of each kind of touch, and those that they concern. Once.
  Result<Settlement> settle(std::uint32_t limit);
  // Whether what is stored of a judged visit is what plan, log and decisions come to now. Writes
  // nothing.
  Result<bool> agrees(const VisitRow& stored);

 private:
  using VisitKey = RecordDraft::VisitKey;
  // A visit with its facts in memory.
  struct Held {
    VisitRow row;
    measures::VisitFacts facts;
    std::optional<VisitRow> before;  // as it was judged last
  };
  RecordKeeper(sql::Database& database, std::int64_t nowUnixMs, RecordStore store,
               roster::JudgedVisitReader plans, projections::AttendanceReader attendances,
               adjustments::AdjustmentReader adjustments, roster::PersonReader people,
               roster::ContractLots lots, measures::RuleBook rules);

  Status readPlanChanges(const roster::Provider& provider, std::uint32_t limit,
                         Settlement& settlement);
  void wait(const VisitKey& key);
  Status judge(const VisitKey& key);
  Result<std::optional<Held>> gather(const VisitKey& key);
  bool callsMatter(ProviderId provider);
  Result<std::vector<Held>> readDay(const VisitKey& without, PersonId person,
                                    measures::DayNumber basisDay);
  Status addPriorVisits(Held& held);
  Status judgeDay(const VisitKey& key, PersonId person, measures::DayNumber basisDay,
                  const Held* changed);
  Status write(const Held& held, const measures::ClassifiedVisit& classified, bool isNew);
  Status touchNextVisits(const VisitKey& key, PersonId person, const std::vector<SlotRow>& before,
                         const std::vector<SlotRow>& after);

  sql::Database* database_;
  std::int64_t nowUnixMs_;
  RecordDraft draft_;
  roster::JudgedVisitReader plans_;
  projections::AttendanceReader attendances_;
  adjustments::AdjustmentReader adjustments_;
  roster::PersonReader people_;
  commissioning::OrderedTermsReader ordered_;
  roster::ContractLots lots_;
  measures::RuleBook rules_;
  std::map<ProviderId, bool> callsMatter_;
  std::deque<VisitKey> waiting_;
  std::set<VisitKey> seen_;  // in waiting_, or judged by this one
};

// Whether a plan version or rules wait to be judged by.
Result<bool> isPlanBehind(sql::Database& database);
// Whether anything is to be settled: one short look at each source. Thread: the connection's.
Result<bool> isBehind(sql::Database& database, std::int64_t nowUnixMs);

}  // namespace doorstep::records
