// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/sql/database.h"
#include "shared/visits/contract_rules.h"
#include "shared/visits/measures/rules.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/keeping/visit_facts.h"
#include "sync-server/records/visible_contracts.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/lot_periods.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::records {

// Terms of a visit's day, or the contract of its lot, that were said otherwise after it had begun.
struct TermsCorrection {
  std::int64_t madeUnixMs = 0;
  std::string reason;
  // What records of the day showed before, of the person and of the lot.
  std::vector<roster::ReplacedTerms> terms;
  std::vector<roster::ReplacedLot> lots;
};

// One carer slot of one visit, judged under the rules in force on the day of its anchor: the start
// of the locked plan's window.
struct SlotRecord {
  ProviderId provider;
  std::string providerName;
  const roster::Contract* contract = nullptr;  // null: the lot has none; owned by the query
  visits::PlannedVisit visit;                  // the newest plan, with the carers who are judged
  roster::JudgedPlan plan;                     // what punctuality is judged on
  visits::Person person;
  roster::PersonTerms terms;  // of the judged plan's day, as contract and rules are
  std::string providerRole;
  std::optional<TermsCorrection> correction;
  // What the visit is judged by, of all its slots. Absent: its provider took it out of its plan
  // before the lock, and nobody recorded anything.
  std::optional<measures::VisitFacts> facts;
  adjustments::SlotAdjustments adjustments;
  std::uint32_t slot = 0;
  CarerId carer;  // who recorded, else who is planned; 0: none
  std::optional<projections::AttendanceRecord> record;
  std::uint32_t ruleVersion = 0;
  visits::SlotJudgement judgement;
};

// Cursor: continue after this record. Records are ordered by (anchor, provider, visit, slot).
struct RecordPlace {
  std::int64_t anchorUnixMs = 0;
  ProviderId provider;
  VisitId visit;
  std::uint32_t slot = 0;

  auto operator<=>(const RecordPlace&) const = default;
};

struct QueryLimits {
  std::uint32_t records = 0;
  std::uint32_t visits = 0;  // examined
};

// Reads the records that match a filter and that the caller may see, in order, merging providers.
// Lists, totals and exports share the judgement that RecordKeeper has stored, so they cannot
// disagree; a visit that it has not seen yet is judged by itself. Cost: the visits of the filter's
// providers and days; a filter by lot or punctuality examines and skips the others. Used for one
// reading. Thread: the connection's.
class RecordQuery {
 public:
  // now: the time at which open visits are judged. Errors: the database's.
  static Result<std::unique_ptr<RecordQuery>> open(sql::Database& database,
                                                   const identity::AccountCaller& caller,
                                                   RecordFilter filter, std::int64_t nowUnixMs);

  // Passes each record after the cursor to `take`, until a limit is reached or take returns false.
  // Returns the cursor to continue from; nullopt at the end.
  Result<std::optional<RecordPlace>> run(const std::optional<RecordPlace>& after,
                                         const QueryLimits& limits,
                                         const std::function<bool(const SlotRecord&)>& take);

  const VisibleContracts& visible() const { return visible_; }

 private:
  // The visits of one provider, read ahead in pages.
  struct Source {
    roster::Provider provider;
    std::vector<roster::JudgedVisit> piece;
    std::size_t next = 0;
    roster::VisitCursor cursor;
    bool ended = false;
  };

  // A visit's judgement, as stored or, before it is, by itself.
  struct Judged {
    std::optional<measures::VisitFacts> facts;
    std::uint32_t ruleVersion = 0;
    std::vector<SlotRow> slots;
  };

  RecordQuery(sql::Database& database, VisibleContracts visible, RecordFilter filter,
              projections::AttendanceReader attendances, adjustments::AdjustmentReader adjustments,
              roster::PersonReader people, RecordStore store, std::int64_t nowUnixMs);
  Result<Judged> judged(ProviderId provider, const VisitSources& sources, ContractId contract);
  Status startSources(const std::optional<RecordPlace>& after);
  Status fill(Source& source);
  Result<Source*> earliest();
  Result<std::optional<TermsCorrection>> correctionOf(ProviderId provider, PersonId person,
                                                      const roster::PersonTerms& terms,
                                                      std::int64_t at);
  Result<std::vector<SlotRecord>> recordsOf(const Source& source,
                                            const roster::JudgedVisit& planned);
  Result<const roster::PersonWithTerms*> person(ProviderId provider, PersonId person);

  sql::Database& database_;
  const VisibleContracts visible_;
  const RecordFilter filter_;
  projections::AttendanceReader attendances_;
  adjustments::AdjustmentReader adjustments_;
  roster::PersonReader personReader_;
  RecordStore store_;
  commissioning::OrderedTermsReader ordered_;
  const measures::RuleBook rules_;
  const std::int64_t nowUnixMs_;
  std::vector<roster::Provider> providers_;
  std::vector<Source> sources_;
  std::map<std::pair<ProviderId, PersonId>, roster::PersonWithTerms> people_;
};

}  // namespace doorstep::records
