// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sync-server/records/keeping/facts_reader.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {

// The facts of a contract's days (readFacts), a few people at a time, each with all her visits of
// the days, so that whoever judges and adds them up needs no other visit. In memory are the encoded
// facts of a few providers, or of one large provider's people in parts: about Limits::held rows,
// 300 bytes each. A visit that changes meanwhile is read as it was or as it is. Errors: the
// database's, RECORD_DAMAGED. Thread: the connection's.
class PeopleReader {
 public:
  struct Limits {
    std::uint64_t visitsMax = kPreviewVisitsMax;
    std::uint64_t held = kVisitsHeld;
  };
  // range.provider is ignored. Error: RESOURCE_EXHAUSTED (VISITS_TOO_MANY) beyond visitsMax.
  // Cost: one pass over an index of the days.
  static Result<PeopleReader> open(sql::Database& database, const FactsRange& range,
                                   std::int64_t nowUnixMs, const Limits& limits);

  // As they were when it was opened.
  std::uint64_t visits() const { return visits_; }
  // About so many visits of the next people, by (provider, person) within a part. Empty: the end.
  Result<std::vector<StoredFacts>> next(std::size_t visits);

 private:
  // Read together: providers whole, or of one provider every person whose number falls into a part.
  struct Part {
    std::vector<ProviderId> providers;
    std::uint64_t number = 0;
    std::uint64_t of = 1;
  };
  struct Row {
    ProviderId provider;
    PersonId person;
    VisitId visit;
    std::string kept;
  };
  PeopleReader(sql::Database& database, const FactsRange& range, const Limits& limits,
               StoredFactsReader facts, sql::Statement day)
      : database_(database),
        range_(range),
        limits_(limits),
        facts_(std::move(facts)),
        day_(std::move(day)) {}

  Status count();
  void addPart(ProviderId provider, std::uint64_t visits);
  Status load(const Part& part);
  Status loadDay(const Part& part, ProviderId provider, measures::DayNumber day);

  sql::Database& database_;
  FactsRange range_;
  Limits limits_;
  StoredFactsReader facts_;
  sql::Statement day_;
  std::uint64_t visits_ = 0;
  std::uint64_t lastPartVisits_ = 0;
  std::deque<Part> parts_;
  std::vector<Row> rows_;  // of the part being read, by person
  std::size_t at_ = 0;
};

// One person after another, for lists that go on where a page ended. Errors as above. Thread: the
// connection's.
class PersonReader {
 public:
  struct Person {
    ProviderId provider;
    PersonId person;
    auto operator<=>(const Person&) const = default;
  };
  static Result<PersonReader> open(sql::Database& database, const FactsRange& range,
                                   std::int64_t nowUnixMs);

  // The person at or after this one who has records with a provider of the contract, by (provider,
  // person). Absent: there is none.
  Result<std::optional<Person>> from(const Person& person);
  // Her visits of the range. Cost: all her visits.
  Result<std::vector<StoredFacts>> visits(const Person& person);

 private:
  PersonReader(sql::Database& database, const FactsRange& range, StoredFactsReader facts,
               sql::Statement people, sql::Statement rows)
      : database_(database),
        range_(range),
        facts_(std::move(facts)),
        people_(std::move(people)),
        rows_(std::move(rows)) {}

  sql::Database& database_;
  FactsRange range_;
  StoredFactsReader facts_;
  sql::Statement people_;
  sql::Statement rows_;
  std::vector<ProviderId> providers_;  // by id
};

}  // namespace doorstep::records
