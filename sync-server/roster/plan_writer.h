// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/plan_root.h"
#include "shared/visits/locked_plan.h"
#include "shared/visits/plan.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/plan_history.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {

// Writes one new plan version of a provider: the changed objects, each visit as a new version, and
// a row in the change feed (plan_pull.h) for every carer whom a change concerns. All of it belongs
// to the caller's transaction. Usage: begin, any number of puts, finish, which records who made it,
// when and why (plan_history.h) and adds the fact to the office's act, with a root over the visits
// written; without finish the transaction must be rolled back, unless nothing was put. Called by
// the rota import and by reassignVisit, inside a write job.
//
// The feed is bounded: for each concerned carer, finish() deletes changes beyond
// kChangesPerCarerMax, at most twice the number written for her, and records up to where. A phone
// further behind gets its whole scope again. Thread: the connection's.
class PlanWriter {
 public:
  // The act outlives the writer. Errors: NOT_FOUND (PROVIDER_UNKNOWN), DATA_LOSS
  // (PLAN_ROWS_FOREIGN).
  static Result<PlanWriter> begin(sql::Database& database, ProviderId provider,
                                  event_log::OfficeAct& office, PlanReason reason,
                                  std::vector<PlanFile> files = {});

  std::uint64_t planVersion() const { return planVersion_; }

  // Creates no change: her name is part of her visits' slots.
  Status putCarer(const Carer& carer);
  // isNew: the provider has no such person yet, so no phone has.
  Status putPerson(const visits::Person& person, bool isNew);
  // before: the version in force, absent for a new visit. Sets after's plan version.
  Status putVisit(const visits::PlannedVisit* before, visits::PlannedVisit after,
                  visits::WantedBy wantedBy = visits::WantedBy::Office);

  // For PlanFeed::publish, after the commit.
  Result<PlanCommit> finish();
  // Instead of finish() when nothing was put: the plan is unchanged.
  PlanCommit unchanged() const {
    return {planVersion_ - 1, changeBefore_, changeBefore_, std::vector<CarerId>()};
  }

 private:
  struct Statements {
    sql::Statement carer, person, personCarers, version, lock, visit, removeCarer, addCarer, change;
  };
  enum class Kind { Visit = 1, Person = 2 };  // plan_change.kind

  PlanWriter(sql::Database& database, ProviderId provider, event_log::OfficeAct& office,
             Statements statements);
  Status sayPublished();
  // What the visit's versions come to with `after`: its start is the visit's anchor.
  Result<visits::LockState> lockWith(const visits::PlannedVisit* before,
                                     const visits::PlannedVisit& after, visits::WantedBy wantedBy);
  Status addChange(CarerId carer, Kind kind, std::uint64_t object, bool had);
  Status dropOldChanges();
  ConcernedCarers concerned() const;

  sql::Database& database_;
  ProviderId provider_;
  event_log::OfficeAct& office_;
  event_log::OfficeAct::EntryNumber entry_;  // of the fact
  evidence::PlanVisits hashes_;
  std::vector<std::pair<VisitId, Hash>> written_;  // versions of visits
  Statements statements_;
  PlanAct act_;
  PlanVersion counts_;  // visits alone
  std::uint64_t planVersion_ = 0;
  std::uint64_t changeBefore_ = 0;
  std::uint64_t newestChange_ = 0;
  std::map<CarerId, std::int64_t> changesOf_;  // number written, by concerned carer
  std::int64_t scopeBeginUnixMs_ = 0;          // no phone has earlier visits
};

// Assigns one carer slot of a visit to another carer; carer 0: unassigned. The same carer again
// makes no new version. Errors: NOT_FOUND (PROVIDER_UNKNOWN, VISIT_UNKNOWN, CARER_UNKNOWN),
// INVALID_ARGUMENT (SLOT_UNKNOWN, SAME_CARER_TWICE), FAILED_PRECONDITION (VISIT_CANCELLED).
Result<PlanCommit> reassignVisit(sql::Database& database, ProviderId provider, VisitId visit,
                                 std::uint32_t slot, CarerId carer, event_log::OfficeAct& office);

}  // namespace doorstep::roster
