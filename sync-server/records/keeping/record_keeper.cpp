// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_keeper.h"

#include <algorithm>

#include "shared/core/local_time.h"
#include "shared/visits/measures/classification.h"
#include "sync-server/records/figures/measure_messages.h"
#include "sync-server/records/keeping/decided_changes.h"
#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/judged_visit.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/roster/changes_since.h"

namespace doorstep::records {
namespace {

// Of a version that has been read to its end. Ids are stored as signed numbers.
constexpr VisitId kAllVisits(INT64_MAX);

// The version that a record names. One without a date of its own is named by its plan's, though
// that was written too late to judge it.
std::uint32_t versionOf(const measures::ClassifiedVisit& visit, const measures::RuleBook& rules) {
  const measures::RuleVersion* version = visit.version;
  const auto& plan = visit.facts->locked ? visit.facts->locked : visit.facts->final;
  if (isUndated(visit) && plan)
    version = rules.at(visit.facts->contractId, measures::localTime(plan->startMs).day);
  return version == nullptr ? 0 : static_cast<std::uint32_t>(version->number);
}

// What a row says of the visit besides its facts.
void describe(const measures::ClassifiedVisit& visit, const measures::RuleBook& rules,
              VisitRow& row) {
  row.day = isUndated(visit) ? kUndatedDay : visit.day;
  row.basisDay = visit.basis ? visit.basisDay : row.day;
  row.ruleVersion = versionOf(visit, rules);
}

}  // namespace

RecordKeeper::RecordKeeper(sql::Database& database, std::int64_t nowUnixMs, RecordStore store,
                           roster::JudgedVisitReader plans,
                           projections::AttendanceReader attendances,
                           adjustments::AdjustmentReader adjustments, roster::PersonReader people,
                           roster::ContractLots lots, measures::RuleBook rules)
    : database_(&database),
      nowUnixMs_(nowUnixMs),
      draft_(std::move(store)),
      plans_(std::move(plans)),
      attendances_(std::move(attendances)),
      adjustments_(std::move(adjustments)),
      people_(std::move(people)),
      ordered_(database),
      lots_(std::move(lots)),
      rules_(std::move(rules)) {}

Result<RecordKeeper> RecordKeeper::open(sql::Database& database, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto store, RecordStore::open(database));
  DOORSTEP_ASSIGN(auto plans, roster::JudgedVisitReader::open(database));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  DOORSTEP_ASSIGN(auto adjustments, adjustments::AdjustmentReader::open(database));
  DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(database));
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  auto rules = ruleBook(contracts);
  return RecordKeeper(database, nowUnixMs, std::move(store), std::move(plans),
                      std::move(attendances), std::move(adjustments), std::move(people),
                      roster::ContractLots(std::move(contracts)), std::move(rules));
}

Result<Settlement> RecordKeeper::settle(std::uint32_t limit) {
  Settlement settlement;
  // Read before what they are about: who changes it afterwards touches it again.
  DOORSTEP_ASSIGN(settlement.after, settlings(*database_));
  DOORSTEP_ASSIGN(settlement.touched, projections::touchedVisits(*database_, limit));
  DOORSTEP_ASSIGN(const auto providers, roster::providers(*database_));
  for (const roster::Provider& provider : providers)
    DOORSTEP_TRY(readPlanChanges(provider, limit, settlement));
  DOORSTEP_ASSIGN(const auto due, dueVisits(*database_, nowUnixMs_, limit));
  if (settlement.touched.size() == limit || due.size() == limit)
    settlement.more = true;
  for (const projections::TouchedVisit& touched : settlement.touched)
    wait({touched.provider, touched.visit});
  for (const VisitKey& key : due)
    wait(key);
  while (!waiting_.empty()) {
    const VisitKey key = waiting_.front();
    waiting_.pop_front();
    DOORSTEP_TRY(judge(key));
    ++settlement.visits;
  }
  settlement.records = draft_.take();
  return settlement;
}

void RecordKeeper::wait(const VisitKey& key) {
  if (seen_.insert(key).second)
    waiting_.push_back(key);
}

Status RecordKeeper::readPlanChanges(const roster::Provider& provider, std::uint32_t limit,
                                     Settlement& settlement) {
  DOORSTEP_ASSIGN(const PlanProgress progress, planProgress(*database_, provider.id));
  if (progress.planVersion == provider.planVersion && progress.visit == kAllVisits)
    return kDone;
  DOORSTEP_ASSIGN(const auto changes,
                  roster::visitsChangedSince(*database_, provider.id,
                                             {progress.planVersion, progress.visit}, limit));
  for (const roster::VisitChange& change : changes)
    wait({provider.id, change.visit});
  const bool more = changes.size() == limit;
  settlement.read[provider.id] = more ? ReadPlan{changes.back().planVersion, changes.back().visit}
                                      : ReadPlan{provider.planVersion, kAllVisits};
  settlement.more = settlement.more || more;
  return kDone;
}

Status RecordKeeper::judge(const VisitKey& key) {
  DOORSTEP_ASSIGN(const auto before, draft_.visit(key));
  DOORSTEP_ASSIGN(auto held, gather(key));
  if (!held) {
    if (!before)
      return kDone;
    DOORSTEP_ASSIGN(const auto slots, draft_.slots(key));
    draft_.remove(key);
    DOORSTEP_TRY(touchNextVisits(key, before->person, slots, {}));
    return judgeDay(key, before->person, before->basisDay, nullptr);
  }
  const auto alone = measures::classify({&held->facts, 1}, rules_);
  describe(alone.front(), rules_, held->row);
  held->before = before;
  if (before && (before->person != held->row.person || before->basisDay != held->row.basisDay)) {
    DOORSTEP_TRY(judgeDay(key, before->person, before->basisDay, nullptr));
  }
  return judgeDay(key, held->row.person, held->row.basisDay, &*held);
}

// The visit as it is in plan and attendance; nullopt: there is nothing to judge.
Result<std::optional<RecordKeeper::Held>> RecordKeeper::gather(const VisitKey& key) {
  const auto [provider, visit] = key;
  auto planned = plans_.of(provider, visit, nowUnixMs_);
  if (!planned.ok() && planned.error().reason == "VISIT_UNKNOWN")
    return std::optional<Held>();
  DOORSTEP_TRY(planned);
  DOORSTEP_ASSIGN(const auto person, people_.of(provider, planned->visit.person));
  DOORSTEP_ASSIGN(const auto attendances, attendances_.ofVisit(provider, visit));
  const std::int64_t at = planned->anchorUnixMs;
  const roster::PersonTerms& terms = roster::termsAt(person.terms, at);
  std::optional<roster::Cancellation> cancellation;
  if (planned->visit.state == visits::VisitState::Cancelled) {
    DOORSTEP_ASSIGN(cancellation, roster::cancellationOf(*database_, provider, visit));
  }
  const auto slots = projections::assignSlots(judgedVisit(*planned), attendances);
  const std::string role = lots_.roleOf(provider, terms.lot, at);
  const roster::Contract* contract = lots_.contractOf(provider, terms.lot, at);
  const ContractId contractId = contract == nullptr ? ContractId() : contract->id;
  DOORSTEP_ASSIGN(const auto adjustments, adjustments_.ofVisit(provider, visit));
  DOORSTEP_ASSIGN(const auto ordered,
                  ordered_.of(provider, planned->visit.person, {{}, planned->visit.service},
                              londonDayNumber(at), terms, contractId));
  auto facts =
      visitFacts({*planned, slots, attendances, terms, role, cancellation, adjustments, ordered});
  if (!facts)
    return std::optional<Held>();
  Held held;
  held.row.provider = provider;
  held.row.visit = visit;
  held.row.person = planned->visit.person;
  held.row.contract = contractId;
  held.facts = *std::move(facts);
  held.facts.contractId = contractKey(held.row.contract);
  held.facts.exportedMs = nowUnixMs_;
  DOORSTEP_TRY(addPriorVisits(held));
  return std::optional(std::move(held));
}

Status RecordKeeper::addPriorVisits(Held& held) {
  for (measures::SlotFacts& slot : held.facts.slots) {
    if (!slot.start.ruledMs || slot.carer.empty())
      continue;
    DOORSTEP_ASSIGN(const auto prior,
                    draft_.priorStart({held.row.provider, held.row.person, carerNamed(slot.carer)},
                                      *slot.start.ruledMs, held.row.visit));
    if (prior)
      slot.priorVisitMs = prior->unixMs;
  }
  return kDone;
}

// Whether a visit's judgement depends on the person's other calls, by any version of rules that
// judges the provider. What they say is judged again when such a version is published.
bool RecordKeeper::callsMatter(ProviderId provider) {
  const auto [known, isNew] = callsMatter_.emplace(provider, false);
  if (!isNew)
    return known->second;
  for (const roster::Contract& contract : lots_.contracts()) {
    if (!roster::covers(contract, provider))
      continue;
    for (const measures::RuleVersion& version : contract.rules)
      known->second = known->second || version.rules.counts(measures::MissedRule::NextPlanned) ||
                      version.rules.counts(measures::MissedRule::Merged);
  }
  return known->second;
}

// A person's other calls of a day, as they are stored; none where they do not matter.
Result<std::vector<RecordKeeper::Held>> RecordKeeper::readDay(const VisitKey& without,
                                                              PersonId person,
                                                              measures::DayNumber basisDay) {
  if (!callsMatter(without.first))
    return std::vector<Held>();
  DOORSTEP_ASSIGN(auto rows, draft_.callsOfDay(without.first, person, basisDay));
  std::vector<Held> day;
  for (VisitRow& row : rows) {
    if (row.visit == without.second)
      continue;
    Held held{row, {}, std::move(row)};
    DOORSTEP_ASSIGN(held.facts, decodeFacts(held.row.facts));
    held.facts.person = std::to_string(person.value);
    held.facts.contractId = contractKey(held.row.contract);
    held.facts.exportedMs = nowUnixMs_;
    day.push_back(std::move(held));
  }
  return day;
}

// Classifies a person's calls of a day. changed: one of them that is not stored as it is now.
Status RecordKeeper::judgeDay(const VisitKey& key, PersonId person, measures::DayNumber basisDay,
                              const Held* changed) {
  DOORSTEP_ASSIGN(auto day, readDay(key, person, basisDay));
  if (changed != nullptr)
    day.push_back(*changed);
  std::vector<measures::VisitFacts> facts;
  for (const Held& held : day)
    facts.push_back(held.facts);
  const auto classified = measures::classify(facts, rules_);
  for (std::size_t i = 0; i < day.size(); ++i)
    DOORSTEP_TRY(write(day[i], classified[i], changed != nullptr && i + 1 == day.size()));
  return kDone;
}

Result<bool> RecordKeeper::agrees(const VisitRow& stored) {
  const VisitKey key{stored.provider, stored.visit};
  DOORSTEP_ASSIGN(const auto held, gather(key));
  if (!held)
    return false;
  const auto alone = measures::classify({&held->facts, 1}, rules_);
  VisitRow row = held->row;
  describe(alone.front(), rules_, row);
  DOORSTEP_ASSIGN(const auto day, readDay(key, row.person, row.basisDay));
  std::vector<measures::VisitFacts> facts{held->facts};
  for (const Held& other : day)
    facts.push_back(other.facts);
  const auto classified = measures::classify(facts, rules_);
  describe(classified.front(), rules_, row);
  row.facts = encodeFacts(held->facts);
  row.dueUnixMs = stored.dueUnixMs;  // says when to look, not what is
  DOORSTEP_ASSIGN(const auto slots, draft_.slots(key));
  return row == stored && slots == slotRows(classified.front());
}

// isChanged: its facts may not be those that are stored.
Status RecordKeeper::write(const Held& held, const measures::ClassifiedVisit& classified,
                           bool isChanged) {
  const VisitKey key{held.row.provider, held.row.visit};
  VisitRow row = held.row;
  describe(classified, rules_, row);
  row.dueUnixMs = nextDeadline(classified);
  if (isChanged)
    row.facts = encodeFacts(held.facts);
  if (row != held.before)
    draft_.put(row, held.before);
  const std::vector<SlotRow> slots = slotRows(classified);
  DOORSTEP_ASSIGN(const auto before, draft_.slots(key));
  if (slots == before)
    return kDone;
  draft_.putSlots(row, slots, before);
  return isChanged ? touchNextVisits(key, row.person, before, slots) : Status(kDone);
}

// Another start of a carer is another earlier visit for the one after it.
Status RecordKeeper::touchNextVisits(const VisitKey& key, PersonId person,
                                     const std::vector<SlotRow>& before,
                                     const std::vector<SlotRow>& after) {
  using Start = std::pair<CarerId, std::int64_t>;
  std::set<Start> changed;
  for (const auto* rows : {&before, &after}) {
    for (const SlotRow& slot : *rows) {
      if (!slot.startUnixMs || !slot.carer)
        continue;
      const Start start{slot.carer, *slot.startUnixMs};
      if (!changed.insert(start).second)
        changed.erase(start);  // in both
    }
  }
  for (const auto& [carer, start] : changed) {
    DOORSTEP_ASSIGN(const auto next,
                    draft_.nextStart({key.first, person, carer}, start, key.second));
    if (!next)
      continue;
    const VisitKey other{key.first, next->visit};
    seen_.insert(other);
    if (std::find(waiting_.begin(), waiting_.end(), other) == waiting_.end())
      waiting_.push_back(other);
  }
  return kDone;
}

Result<bool> isPlanBehind(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers) {
    DOORSTEP_ASSIGN(const PlanProgress progress, planProgress(database, provider.id));
    if (progress.planVersion != provider.planVersion || progress.visit != kAllVisits)
      return true;
  }
  return isDecidedAnew(database);
}

Result<bool> isBehind(sql::Database& database, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const auto touched, projections::touchedVisits(database, 1));
  if (!touched.empty())
    return true;
  DOORSTEP_ASSIGN(const auto due, dueVisits(database, nowUnixMs, 1));
  if (!due.empty())
    return true;
  return isPlanBehind(database);
}

}  // namespace doorstep::records
