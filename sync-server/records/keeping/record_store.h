// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/contract_rules.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::records {

// Rows of the records' projection, which RecordKeeper makes and everybody else reads. Errors: the
// database's. Thread: the connection's.

// visit_record.day of a visit that nothing dates (isUndated): it is of the day of each reading.
constexpr measures::DayNumber kUndatedDay = INT64_MAX;

// One carer slot of a visit, as judged.
struct SlotRow {
  std::uint32_t slot = 0;
  CarerId carer;                            // who recorded, else who is planned; 0: nobody
  std::optional<std::int64_t> startUnixMs;  // ruled
  visits::SlotJudgement judgement;

  bool operator==(const SlotRow&) const = default;
};

struct VisitRow {
  ProviderId provider;
  VisitId visit;
  ContractId contract;  // 0: none
  PersonId person;
  measures::DayNumber day = 0;
  measures::DayNumber basisDay = 0;
  std::optional<std::int64_t> dueUnixMs;
  std::uint32_t ruleVersion = 0;
  std::string facts;  // encodeFacts

  bool operator==(const VisitRow&) const = default;
};

// A carer at a person.
struct CarersPerson {
  ProviderId provider;
  PersonId person;
  CarerId carer;

  auto operator<=>(const CarersPerson&) const = default;
};
struct StartedVisit {
  std::int64_t unixMs = 0;
  VisitId visit;

  auto operator<=>(const StartedVisit&) const = default;
};
using IsLeftOut = std::function<bool(VisitId)>;

// Whether both are found by the same contract, person and days.
bool isFoundAlike(const VisitRow& a, const VisitRow& b);

// What is stored. Prepared once, for many visits. Thread: the connection's.
class RecordStore {
 public:
  static Result<RecordStore> open(sql::Database& database);

  Result<std::optional<VisitRow>> visit(ProviderId provider, VisitId visit);
  // By slot. Cost: the size of the result.
  Result<std::vector<SlotRow>> slots(ProviderId provider, VisitId visit);
  // A person's visits that are judged on the day, by visit.
  Result<std::vector<VisitRow>> callsOfDay(ProviderId provider, PersonId person,
                                           measures::DayNumber basisDay);
  // The carer's last start at the person before the moment, and the first one after it. Cost: the
  // visits that are left out.
  Result<std::optional<StartedVisit>> priorStart(const CarersPerson& who, std::int64_t beforeUnixMs,
                                                 const IsLeftOut& isLeftOut);
  Result<std::optional<StartedVisit>> nextStart(const CarersPerson& who, std::int64_t afterUnixMs,
                                                const IsLeftOut& isLeftOut);

 private:
  struct Statements {
    sql::Statement visit, slots, calls, prior, next;
  };
  explicit RecordStore(Statements statements) : statements_(std::move(statements)) {}
  Statements statements_;
};

// Inside write jobs.
class RecordWriter {
 public:
  static Result<RecordWriter> open(sql::Database& database);

  Status put(const VisitRow& row);
  // The row stands where it stood (isFoundAlike): its indexes are left alone.
  Status putInPlace(const VisitRow& row);
  // dropsSlots: others that are stored go.
  Status putSlots(ProviderId provider, VisitId visit, PersonId person,
                  const std::vector<SlotRow>& slots, bool dropsSlots);
  Status remove(ProviderId provider, VisitId visit);

 private:
  struct Statements {
    sql::Statement put, putInPlace, putSlot, dropSlots, drop;
  };
  explicit RecordWriter(Statements statements) : statements_(std::move(statements)) {}
  Statements statements_;
};

// Every visit that is kept, by (provider, visit), after the given one. Cost: the size of the
// result.
Result<std::vector<std::pair<ProviderId, VisitId>>> keptVisits(sql::Database& database,
                                                               ProviderId provider, VisitId visit,
                                                               std::uint32_t limit);
// Visits that time alone may have changed, the earliest first.
Result<std::vector<std::pair<ProviderId, VisitId>>> dueVisits(sql::Database& database,
                                                              std::int64_t nowUnixMs,
                                                              std::uint32_t limit);
// Touches judged visits from a local day on (projections::touchVisit): of a person, of a provider,
// of a contract. One statement each; cost: the visits touched, for a provider all of its visits.
Status touchVisitsOfPerson(sql::Database& database, ProviderId provider, PersonId person,
                           measures::DayNumber fromDay);
Status touchVisitsOfProvider(sql::Database& database, ProviderId provider,
                             measures::DayNumber fromDay);
Status touchVisitsOfContract(sql::Database& database, ContractId contract,
                             measures::DayNumber fromDay);

// Up to where a provider's plan has been judged: visits by (version, id), terms by version.
struct PlanProgress {
  std::uint64_t planVersion = 0;
  VisitId visit;
  std::uint64_t termsVersion = 0;
};
Result<PlanProgress> planProgress(sql::Database& database, ProviderId provider);
Status putReadPlan(sql::Database& database, ProviderId provider, std::uint64_t planVersion,
                   VisitId visit);
Status putReadTerms(sql::Database& database, ProviderId provider, std::uint64_t planVersion);

// Up to which version of what is commissioned of a provider is judged by.
Result<std::uint64_t> judgedCommissioning(sql::Database& database, ProviderId provider);
Status putJudgedCommissioning(sql::Database& database, ProviderId provider, std::uint64_t version);

// How many of a contract's rule versions are judged by.
Result<std::uint32_t> judgedRules(sql::Database& database, ContractId contract);
Status putJudgedRules(sql::Database& database, ContractId contract, std::uint32_t versions);

// How often records were written: who judged by an earlier state may not write what it found.
Result<std::int64_t> settlings(sql::Database& database);
Status countSettling(sql::Database& database);

// Forgets everything, so that the next settling judges it all.
Status clearRecords(sql::Database& database);

}  // namespace doorstep::records
