// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/people_reader.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "sync-server/records/keeping/record_store.h"

namespace doorstep::records {
namespace {

// How many visits of the range each provider has. The index holds all that is read.
Result<std::map<ProviderId, std::uint64_t>> countProviders(sql::Database& database,
                                                           const FactsRange& range) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT provider_id, COUNT(*) FROM visit_record
WHERE contract_id = ? AND day BETWEEN ? AND ? GROUP BY provider_id)sql"));
  std::map<ProviderId, std::uint64_t> found;
  for (const auto& [first, last] : {std::pair(range.from, range.to), {kUndatedDay, kUndatedDay}}) {
    rows.reset();
    rows.bindId(0, range.contract.value).bind(1, first).bind(2, last);
    while (true) {
      DOORSTEP_ASSIGN(const bool row, rows.step());
      if (!row)
        break;
      found[ProviderId(rows.columnId(0))] += static_cast<std::uint64_t>(rows.columnInt(1));
    }
  }
  return found;
}

// Ids grow with time: their low bits alone are drawn at random.
std::uint64_t numberOf(PersonId person) { return person.value * 0x9E3779B97F4A7C15ULL >> 32; }

}  // namespace

Result<PeopleReader> PeopleReader::open(sql::Database& database, const FactsRange& range,
                                        std::int64_t nowUnixMs, const Limits& limits) {
  DOORSTEP_ASSIGN(auto facts, StoredFactsReader::open(database, range.contract, nowUnixMs));
  // Day by day: each is one place in the index, so that no other provider's visits are passed over.
  // SQLite would read all visits of the provider for each.
  DOORSTEP_ASSIGN(auto day, database.prepare(R"sql(
SELECT visit_id, person_id, facts FROM visit_record INDEXED BY visit_record_by_day
WHERE contract_id = ? AND day = ? AND provider_id = ?)sql"));
  PeopleReader reader(database, range, limits, std::move(facts), std::move(day));
  DOORSTEP_TRY(reader.count());
  return reader;
}

Status PeopleReader::count() {
  DOORSTEP_ASSIGN(const auto providers, countProviders(database_, range_));
  for (const auto& [provider, visits] : providers) {
    visits_ += visits;
    addPart(provider, visits);
  }
  if (visits_ > limits_.visitsMax)
    return Error{ErrorCode::ResourceExhausted, "VISITS_TOO_MANY",
                 "more than " + std::to_string(limits_.visitsMax) + " visits: ask for fewer days"};
  return kDone;
}

void PeopleReader::addPart(ProviderId provider, std::uint64_t visits) {
  if (visits > limits_.held) {
    const std::uint64_t of = (visits + limits_.held - 1) / limits_.held;
    for (std::uint64_t number = 0; number < of; ++number)
      parts_.push_back({{provider}, number, of});
    lastPartVisits_ = limits_.held;
    return;
  }
  if (parts_.empty() || lastPartVisits_ + visits > limits_.held) {
    parts_.emplace_back();
    lastPartVisits_ = 0;
  }
  parts_.back().providers.push_back(provider);
  lastPartVisits_ += visits;
}

Result<std::vector<StoredFacts>> PeopleReader::next(std::size_t visits) {
  std::vector<StoredFacts> found;
  while (at_ == rows_.size()) {
    if (parts_.empty())
      return found;
    rows_.clear();
    at_ = 0;
    DOORSTEP_TRY(load(parts_.front()));
    parts_.pop_front();
  }
  while (at_ < rows_.size()) {
    const Row& row = rows_[at_];
    const bool isSame = !found.empty() && found.back().person == row.person &&
                        found.back().provider == row.provider;
    if (found.size() >= visits && !isSame)
      break;
    DOORSTEP_ASSIGN(auto stored, facts_.read(row.provider, row.visit, row.person, row.kept));
    found.push_back(std::move(stored));
    ++at_;
  }
  return found;
}

Status PeopleReader::load(const Part& part) {
  for (const ProviderId provider : part.providers) {
    for (measures::DayNumber day = range_.from; day <= range_.to; ++day)
      DOORSTEP_TRY(loadDay(part, provider, day));
    DOORSTEP_TRY(loadDay(part, provider, kUndatedDay));
  }
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return std::tie(a.provider, a.person, a.visit) < std::tie(b.provider, b.person, b.visit);
  });
  return kDone;
}

Status PeopleReader::loadDay(const Part& part, ProviderId provider, measures::DayNumber day) {
  day_.reset();
  day_.bindId(0, range_.contract.value).bind(1, day).bindId(2, provider.value);
  while (true) {
    DOORSTEP_TRY(database_.goOn());
    DOORSTEP_ASSIGN(const bool row, day_.step());
    if (!row)
      break;
    const PersonId person(day_.columnId(1));
    if (part.of == 1 || numberOf(person) % part.of == part.number)
      rows_.push_back({provider, person, VisitId(day_.columnId(0)), day_.columnBlob(2)});
  }
  day_.reset();  // no statement keeps the state of before while the visits are judged
  return kDone;
}

Result<PersonReader> PersonReader::open(sql::Database& database, const FactsRange& range,
                                        std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto facts, StoredFactsReader::open(database, range.contract, nowUnixMs));
  DOORSTEP_ASSIGN(auto people, database.prepare(R"sql(
SELECT person_id FROM visit_record INDEXED BY visit_record_by_person
WHERE provider_id = ? AND person_id >= ? ORDER BY person_id LIMIT 1)sql"));
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit_id, facts FROM visit_record INDEXED BY visit_record_by_person
WHERE provider_id = ? AND person_id = ? AND contract_id = ?
  AND (day BETWEEN ? AND ? OR day = ?)
ORDER BY visit_id)sql"));
  PersonReader reader(database, range, std::move(facts), std::move(people), std::move(rows));
  DOORSTEP_ASSIGN(const auto providers, countProviders(database, range));
  for (const auto& [provider, visits] : providers)
    reader.providers_.push_back(provider);
  return reader;
}

Result<std::optional<PersonReader::Person>> PersonReader::from(const Person& person) {
  for (const ProviderId provider : providers_) {
    if (provider < person.provider)
      continue;
    people_.reset();
    people_.bindId(0, provider.value);
    people_.bindId(1, provider == person.provider ? person.person.value : 0);
    DOORSTEP_ASSIGN(const bool row, people_.step());
    if (!row)
      continue;
    const Person found{provider, PersonId(people_.columnId(0))};
    people_.reset();
    return std::optional(found);
  }
  return std::optional<Person>();
}

Result<std::vector<StoredFacts>> PersonReader::visits(const Person& person) {
  rows_.reset();
  rows_.bindId(0, person.provider.value).bindId(1, person.person.value);
  rows_.bindId(2, range_.contract.value).bind(3, range_.from).bind(4, range_.to);
  rows_.bind(5, kUndatedDay);
  std::vector<StoredFacts> found;
  while (true) {
    DOORSTEP_TRY(database_.goOn());
    DOORSTEP_ASSIGN(const bool row, rows_.step());
    if (!row)
      break;
    DOORSTEP_ASSIGN(auto stored, facts_.read(person.provider, VisitId(rows_.columnId(0)),
                                             person.person, rows_.columnBlob(1)));
    found.push_back(std::move(stored));
  }
  rows_.reset();
  return found;
}

}  // namespace doorstep::records
