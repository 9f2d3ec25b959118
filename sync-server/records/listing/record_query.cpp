// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/record_query.h"

#include <limits>
#include <tuple>

#include "shared/core/bytes.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/classification.h"
#include "sync-server/projections/slot_assignment.h"
#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/judged_visit.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

// The cursor of a provider's visits from which all records after the place follow; the visit of the
// place is read again, for its later slots.
roster::VisitCursor cursorAt(const RecordPlace& place, ProviderId provider) {
  if (provider < place.provider)
    return {place.anchorUnixMs, VisitId(INT64_MAX)};
  if (provider > place.provider)
    return {place.anchorUnixMs, VisitId()};
  return {place.anchorUnixMs, VisitId(place.visit.value - 1)};
}

}  // namespace

RecordQuery::RecordQuery(sql::Database& database, VisibleContracts visible, RecordFilter filter,
                         projections::AttendanceReader attendances,
                         adjustments::AdjustmentReader adjustments, roster::PersonReader people,
                         RecordStore store, std::int64_t nowUnixMs)
    : database_(database),
      visible_(std::move(visible)),
      filter_(std::move(filter)),
      attendances_(std::move(attendances)),
      adjustments_(std::move(adjustments)),
      personReader_(std::move(people)),
      store_(std::move(store)),
      ordered_(database),
      rules_(ruleBook(visible_.lots().contracts())),
      nowUnixMs_(nowUnixMs) {}

Result<std::unique_ptr<RecordQuery>> RecordQuery::open(sql::Database& database,
                                                       const identity::AccountCaller& caller,
                                                       RecordFilter filter,
                                                       std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  DOORSTEP_ASSIGN(auto adjustments, adjustments::AdjustmentReader::open(database));
  DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(database));
  DOORSTEP_ASSIGN(auto store, RecordStore::open(database));
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  std::unique_ptr<RecordQuery> query(
      new RecordQuery(database, VisibleContracts(caller, std::move(contracts)), std::move(filter),
                      std::move(attendances), std::move(adjustments), std::move(people),
                      std::move(store), nowUnixMs));
  std::vector<ProviderId> all;
  all.reserve(providers.size());
  for (const roster::Provider& provider : providers)
    all.push_back(provider.id);
  for (const ProviderId wanted : query->visible_.providers(query->filter_, all)) {
    for (const roster::Provider& provider : providers) {
      if (provider.id == wanted)
        query->providers_.push_back(provider);
    }
  }
  return query;
}

Result<std::optional<RecordPlace>> RecordQuery::run(
    const std::optional<RecordPlace>& after, const QueryLimits& limits,
    const std::function<bool(const SlotRecord&)>& take) {
  DOORSTEP_TRY(startSources(after));
  std::optional<RecordPlace> last;
  std::uint32_t records = 0;
  std::uint32_t visits = 0;
  while (true) {
    DOORSTEP_ASSIGN(Source * source, earliest());
    if (source == nullptr)
      return std::optional<RecordPlace>();
    if (visits++ == limits.visits)
      return last;
    DOORSTEP_TRY(database_.goOn());
    const roster::JudgedVisit& planned = source->piece[source->next++];
    const VisitId visit = planned.visit.id;
    last = RecordPlace{planned.anchorUnixMs, source->provider.id, visit,
                       std::numeric_limits<std::uint32_t>::max()};
    DOORSTEP_ASSIGN(const auto found, recordsOf(*source, planned));
    for (const SlotRecord& record : found) {
      const RecordPlace place{planned.anchorUnixMs, source->provider.id, visit, record.slot};
      if (after && place <= *after)
        continue;
      if (records++ == limits.records)
        return std::optional<RecordPlace>(
            {place.anchorUnixMs, place.provider, place.visit, place.slot - 1});
      if (!take(record))
        return std::optional<RecordPlace>(place);
    }
  }
}

Status RecordQuery::startSources(const std::optional<RecordPlace>& after) {
  sources_.clear();
  for (const roster::Provider& provider : providers_) {
    Source source;
    source.provider = provider;
    if (after)
      source.cursor = cursorAt(*after, provider.id);
    sources_.push_back(std::move(source));
  }
  return kDone;
}

Status RecordQuery::fill(Source& source) {
  if (source.next < source.piece.size() || source.ended)
    return kDone;
  DOORSTEP_ASSIGN(source.piece, roster::judgedVisits(database_, source.provider.id,
                                                     filter_.fromUnixMs, filter_.toUnixMs,
                                                     source.cursor, kVisitsPerRead, nowUnixMs_));
  source.next = 0;
  source.ended = source.piece.size() < kVisitsPerRead;
  if (!source.piece.empty())
    source.cursor = {source.piece.back().anchorUnixMs, source.piece.back().visit.id};
  return kDone;
}

// nullptr: all sources are exhausted. Linear: a caller has some dozens of providers at most.
Result<RecordQuery::Source*> RecordQuery::earliest() {
  Source* first = nullptr;
  const auto order = [](const Source& source) {
    const roster::JudgedVisit& planned = source.piece[source.next];
    return std::tuple(planned.anchorUnixMs, source.provider.id, planned.visit.id);
  };
  for (Source& source : sources_) {
    DOORSTEP_TRY(fill(source));
    if (source.next < source.piece.size() && (first == nullptr || order(source) < order(*first)))
      first = &source;
  }
  return first;
}

Result<std::vector<SlotRecord>> RecordQuery::recordsOf(const Source& source,
                                                       const roster::JudgedVisit& planned) {
  const visits::PlannedVisit& visit = planned.visit;
  std::vector<SlotRecord> found;
  const ProviderId provider = source.provider.id;
  DOORSTEP_ASSIGN(const roster::PersonWithTerms* of, person(provider, visit.person));
  const std::int64_t at = planned.anchorUnixMs;
  const roster::PersonTerms& terms = roster::termsAt(of->terms, at);
  if (!visible_.includes(filter_, provider, terms.lot, at))
    return found;
  const roster::Contract* contract = visible_.lots().contractOf(provider, terms.lot, at);
  const ContractId contractId = contract == nullptr ? ContractId() : contract->id;
  const visits::PlannedVisit plan = judgedVisit(planned);
  const std::string role = visible_.lots().roleOf(provider, terms.lot, at);
  DOORSTEP_ASSIGN(const auto correction, correctionOf(provider, visit.person, terms, at));
  DOORSTEP_ASSIGN(const auto attendances, attendances_.ofVisit(provider, visit.id));
  const auto slots = projections::assignSlots(plan, attendances);
  DOORSTEP_ASSIGN(const auto adjustments, adjustments_.ofVisit(provider, visit.id));
  DOORSTEP_ASSIGN(const Judged judgement,
                  judged(provider, {planned, slots, attendances, terms, role, {}, adjustments, {}},
                         contractId));
  for (const projections::FilledSlot& filled : slots) {
    SlotRecord record;
    record.judgement.punctuality = visits::Punctuality::NotCounted;
    for (const SlotRow& row : judgement.slots) {
      if (row.slot == filled.slot)
        record.judgement = row.judgement;
    }
    if (filter_.punctuality && record.judgement.punctuality != *filter_.punctuality)
      continue;
    record.provider = provider;
    record.providerName = source.provider.name;
    record.contract = contract;
    record.visit = visit;
    record.visit.slots = plan.slots;
    record.visit.carersRequired = plan.carersRequired;
    record.plan = planned.plan;
    record.providerRole = role;
    record.person = of->person;
    record.terms = terms;
    record.correction = correction;
    record.facts = judgement.facts;
    if (const auto said = adjustments.find(filled.slot); said != adjustments.end())
      record.adjustments = said->second;
    record.slot = filled.slot;
    record.carer = filled.carer();
    if (filled.record != nullptr)
      record.record = *filled.record;
    record.ruleVersion = judgement.ruleVersion;
    found.push_back(std::move(record));
  }
  return found;
}

Result<RecordQuery::Judged> RecordQuery::judged(ProviderId provider, const VisitSources& sources,
                                                ContractId contract) {
  const VisitId visit = sources.planned.visit.id;
  Judged found;
  DOORSTEP_ASSIGN(const auto row, store_.visit(provider, visit));
  if (row) {
    DOORSTEP_ASSIGN(found.facts, decodeFacts(row->facts));
    DOORSTEP_ASSIGN(found.slots, store_.slots(provider, visit));
    found.ruleVersion = row->ruleVersion;
    return found;
  }
  std::optional<roster::Cancellation> cancellation;
  if (sources.planned.visit.state == visits::VisitState::Cancelled) {
    DOORSTEP_ASSIGN(cancellation, roster::cancellationOf(database_, provider, visit));
  }
  const visits::PlannedVisit& planned = sources.planned.visit;
  DOORSTEP_ASSIGN(const auto ordered, ordered_.of(provider, planned.person, {{}, planned.service},
                                                  londonDayNumber(sources.planned.anchorUnixMs),
                                                  sources.terms, contract));
  found.facts = visitFacts({sources.planned, sources.slots, sources.attendances, sources.terms,
                            sources.providerRole, cancellation, sources.adjustments, ordered});
  if (!found.facts) {
    const auto* version =
        rules_.at(contractKey(contract), measures::localTime(sources.planned.anchorUnixMs).day);
    found.ruleVersion = version == nullptr ? 0 : static_cast<std::uint32_t>(version->number);
    return found;
  }
  found.facts->contractId = contractKey(contract);
  found.facts->exportedMs = nowUnixMs_;
  const auto classified = measures::classify({&*found.facts, 1}, rules_);
  found.slots = slotRows(classified.front());
  if (classified.front().version != nullptr)
    found.ruleVersion = static_cast<std::uint32_t>(classified.front().version->number);
  return found;
}

// Reads replaced rows only for visits whose terms or lot were corrected.
Result<std::optional<TermsCorrection>> RecordQuery::correctionOf(ProviderId provider,
                                                                 PersonId person,
                                                                 const roster::PersonTerms& terms,
                                                                 std::int64_t at) {
  std::optional<TermsCorrection> found;
  const std::int64_t day = londonDayNumber(at);
  const auto isLate = [&](const std::string& reason, const std::optional<std::int64_t>& made) {
    return !reason.empty() && made && *made > at;
  };
  if (isLate(terms.reason, terms.madeUnixMs)) {
    found = TermsCorrection{*terms.madeUnixMs, terms.reason, {}, {}};
    DOORSTEP_ASSIGN(found->terms, roster::replacedTerms(database_, provider, person, day));
  }
  const roster::LotPeriod* lot = visible_.lots().lotPeriodOf(provider, terms.lot, at);
  if (lot != nullptr && isLate(lot->reason, lot->madeUnixMs)) {
    if (!found || found->madeUnixMs < *lot->madeUnixMs) {
      auto before = found ? std::move(found->terms) : std::vector<roster::ReplacedTerms>();
      found = TermsCorrection{*lot->madeUnixMs, lot->reason, std::move(before), {}};
    }
    DOORSTEP_ASSIGN(found->lots, roster::replacedLots(database_, provider, terms.lot, day));
  }
  return found;
}

Result<const roster::PersonWithTerms*> RecordQuery::person(ProviderId provider, PersonId id) {
  auto known = people_.find({provider, id});
  if (known == people_.end()) {
    if (people_.size() >= kPeopleRememberedMax)
      people_.clear();
    DOORSTEP_ASSIGN(auto read, personReader_.of(provider, id));
    known = people_.emplace(std::pair(provider, id), std::move(read)).first;
  }
  return &known->second;
}

}  // namespace doorstep::records
