// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/measure_reading.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "shared/core/durations.h"
#include "shared/visits/measures/rule_parameters.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/records/figures/measure_messages.h"
#include "sync-server/records/keeping/facts_reader.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/records/tuning.h"
#include "sync-server/records/visible_contracts.h"

namespace doorstep::records {
namespace {

using measures::ClassifiedVisit;
using measures::DayNumber;
using measures::Dimension;
using measures::Group;
using measures::Measure;

Error invalid(const char* reason, std::string text) {
  return {ErrorCode::InvalidArgument, reason, std::move(text)};
}

Result<const Dimension*> dimensionOf(const std::string& name) {
  const Dimension* found = measures::findDimension(name);
  if (found == nullptr)
    return invalid("DIMENSION_UNKNOWN", "there is no dimension " + name);
  return found;
}

Result<DayNumber> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day)
    return invalid("DAY_FORMAT", "a day is written 2026-11-23");
  return *day;
}

// The name of the plan that judges under the rules, as the rules' file has it.
std::string planBasis(const measures::Rules& rules) {
  const auto& form =
      std::get<measures::ChoiceForm>(measures::findRuleParameter("punctuality_basis")->form);
  return std::string(form.names[static_cast<std::size_t>(form.get(rules))]);
}

// How many visits each version of rules classed.
class RuleUses {
 public:
  void add(const measures::RuleVersion& version, std::uint64_t visits) {
    Use& use = uses_[version.number];
    use.version = &version;
    use.visits += visits;
  }
  void add(const RuleUses& others) {
    for (const auto& [number, use] : others.uses_)
      add(*use.version, use.visits);
  }
  void write(google::protobuf::RepeatedPtrField<v1::RuleUse>& to) const {
    for (const auto& [number, use] : uses_) {
      v1::RuleUse& message = *to.Add();
      message.set_rule_version(static_cast<std::uint32_t>(number));
      message.set_visits(use.visits);
      message.set_plan_basis(planBasis(use.version->rules));
    }
  }

 private:
  struct Use {
    const measures::RuleVersion* version = nullptr;
    std::uint64_t visits = 0;
  };
  std::map<std::int64_t, Use> uses_;  // by number; the versions are the contract's
};

}  // namespace

DayNumber reachDays(const roster::Contract& contract) {
  DayNumber reach = 1;
  for (const measures::RuleVersion& version : contract.rules)
    reach = std::max(reach, records::reachDays(version.rules));
  return reach;
}

Result<std::unique_ptr<MeasureReading>> MeasureReading::open(const Reading& reading,
                                                             const v1::MeasureFilter& filter,
                                                             const std::vector<std::string>& by) {
  std::unique_ptr<MeasureReading> opened(new MeasureReading(reading));
  DOORSTEP_TRY(opened->choose(filter, by));
  DOORSTEP_TRY(opened->read(filter));
  opened->recomputation_ =
      std::make_unique<measures::Recomputation>(opened->input_, opened->query_);
  return opened;
}

Status MeasureReading::choose(const v1::MeasureFilter& filter, const std::vector<std::string>& by) {
  if (filter.contract_id() == 0)
    return invalid("CONTRACT_MISSING", "figures are those of one contract");
  if (by.size() > kGroupedByMax)
    return invalid("DIMENSIONS_TOO_MANY", "at most 3 dimensions to group by");
  if (static_cast<std::size_t>(filter.where_size()) > measures::dimensions().size())
    return invalid("DIMENSIONS_TOO_MANY", "a dimension is chosen by once");
  for (const std::string& name : by) {
    DOORSTEP_ASSIGN(const Dimension* dimension, dimensionOf(name));
    query_.by.push_back(dimension);
  }
  byCount_ = query_.by.size();
  for (const v1::DimensionValue& where : filter.where()) {
    DOORSTEP_ASSIGN(const Dimension* dimension, dimensionOf(where.dimension()));
    query_.by.push_back(dimension);
    where_.push_back(where.value());
  }
  const auto same = [](std::size_t begin, std::size_t end, const auto& all) {
    return std::set(all.begin() + begin, all.begin() + end).size() != end - begin;
  };
  if (same(0, byCount_, query_.by) || same(byCount_, query_.by.size(), query_.by))
    return invalid("DIMENSION_TWICE", "a dimension stands twice");
  DOORSTEP_ASSIGN(query_.from, dayOf(filter.first_day()));
  DOORSTEP_ASSIGN(query_.to, dayOf(filter.last_day()));
  if (*query_.from > *query_.to)
    return invalid("DAYS_REVERSED", "first_day is after last_day");
  return kDone;
}

Status MeasureReading::read(const v1::MeasureFilter& filter) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading_.database));
  const VisibleContracts visible(reading_.caller, std::move(all));
  const auto found = std::find_if(
      visible.contracts().begin(), visible.contracts().end(),
      [&](const roster::Contract& contract) { return contract.id.value == filter.contract_id(); });
  if (found == visible.contracts().end())
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
  contract_ = *found;
  const DayNumber reach = reachDays(contract_);
  FactsRange range{contract_.id, {}, *query_.from - reach, *query_.to + reach};
  if (filter.provider_id() != 0)
    range.provider = ProviderId(filter.provider_id());
  if (reading_.caller.role == identity::Role::Supervisor) {
    if (range.provider && *range.provider != reading_.caller.provider)
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "not the caller's provider"};
    range.provider = reading_.caller.provider;
  }
  DOORSTEP_ASSIGN(auto stored,
                  readFacts(reading_.database, range, kMeasureVisitsMax, reading_.nowUnixMs));
  input_.visits.reserve(stored.size());
  for (StoredFacts& each : stored) {
    each.facts.person = pseudonyms_.of(contract_.id, each.person);
    each.facts.contractId = contract_.ref;
    ids_.push_back({each.provider, each.visit, each.person});
    input_.visits.push_back(std::move(each.facts));
  }
  input_.rules = ruleBook(contract_.ref, contract_);
  return kDone;
}

std::map<std::vector<std::string>, const Group*> MeasureReading::groups() const {
  std::map<std::vector<std::string>, const Group*> chosen;
  for (const auto& [key, group] : recomputation_->groups()) {
    if (std::equal(where_.begin(), where_.end(), key.begin() + static_cast<long>(byCount_)))
      chosen.emplace(std::vector(key.begin(), key.begin() + static_cast<long>(byCount_)), &group);
  }
  return chosen;
}

std::set<VisitId> MeasureReading::visitsOfDays() const {
  std::set<VisitId> found;
  for (const auto& [key, group] : recomputation_->groups())
    for (const ClassifiedVisit* visit : group.visits)
      found.insert(idsOf(*visit).visit);
  return found;
}

const MeasureReading::Ids& MeasureReading::idsOf(const ClassifiedVisit& visit) const {
  return ids_[static_cast<std::size_t>(visit.facts - input_.visits.data())];
}

Result<v1::GetMeasuresResponse> MeasureReading::figures(const std::vector<std::string>& ids) const {
  std::set<std::string> wanted;
  for (const std::string& id : ids) {
    if (measures::findMeasure(id) == nullptr && id.rfind(measures::kRechargePrefix, 0) != 0)
      return invalid("MEASURE_UNKNOWN", "there is no measure " + id);
    wanted.insert(id);
  }
  const auto chosen = groups();
  const std::size_t each = wanted.empty() ? measures::measureTable().size() : wanted.size();
  if (chosen.size() * each > kFiguresMax)
    return Error{ErrorCode::ResourceExhausted, "GROUPS_TOO_MANY",
                 "ask for fewer groups or measures"};
  v1::GetMeasuresResponse response;
  response.set_as_of_unix_ms(reading_.nowUnixMs);
  RuleUses uses;
  for (const auto& [key, group] : chosen) {
    DOORSTEP_TRY(reading_.database.goOn());
    const measures::GroupFigures figures = recomputation_->figuresOf(*group, wanted);
    v1::MeasureGroup& message = *response.add_groups();
    for (const std::string& value : key)
      message.add_key(value);
    *message.mutable_counts() = toProto(figures.counts);
    for (const measures::NamedFigure& figure : figures.figures) {
      if (wanted.empty() || wanted.count(figure.id) != 0)
        *message.add_figures() = toProto(figure.id, figure.figure);
    }
    RuleUses ofGroup;
    for (const ClassifiedVisit* visit : group->visits)
      if (visit->version != nullptr)
        ofGroup.add(*visit->version, 1);
    ofGroup.write(*message.mutable_rules());
    uses.add(ofGroup);
  }
  uses.write(*response.mutable_rules());
  DOORSTEP_ASSIGN(*response.mutable_completeness(), completeness());
  return response;
}

// A phone is expected after the last planned end of its carer that is over.
Result<v1::Completeness> MeasureReading::completeness() const {
  std::map<std::pair<ProviderId, std::string>, std::int64_t> lastEnd;
  for (const auto& [key, group] : groups()) {
    for (const ClassifiedVisit* visit : group->visits) {
      if (!visit->basis || visit->basis->endMs > reading_.nowUnixMs)
        continue;
      for (const measures::SlotFacts& slot : visit->facts->slots) {
        if (slot.carer.empty())
          continue;
        std::int64_t& last = lastEnd[{idsOf(*visit).provider, slot.carer}];
        last = std::max(last, visit->basis->endMs);
      }
    }
  }
  v1::Completeness message;
  message.set_phones_expected(lastEnd.size());
  std::set<ProviderId> providers;
  for (const auto& [who, end] : lastEnd)
    providers.insert(who.first);
  std::uint64_t heard = 0;
  for (const ProviderId provider : providers) {
    DOORSTEP_ASSIGN(const auto contacts, event_log::readContacts(reading_.database, provider));
    std::map<std::string, std::int64_t> heardOf;
    for (const event_log::DeviceContact& contact : contacts) {
      std::int64_t& last = heardOf[std::to_string(contact.carer.value)];
      last = std::max(last, contact.heardUnixMs);
    }
    for (const auto& [who, end] : lastEnd) {
      const auto found = heardOf.find(who.second);
      if (who.first == provider && found != heardOf.end() && found->second >= end)
        ++heard;
    }
  }
  message.set_phones_heard_since(heard);
  return message;
}

Result<v1::GetSpreadResponse> MeasureReading::spread(const std::string& name) const {
  const auto& names = measures::kSpreadNames;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return invalid("SPREAD_UNKNOWN", "there is no spread " + name);
  const measures::SpreadEntry& entry =
      measures::spreadTable()[static_cast<std::size_t>(found - names.begin())];
  std::vector<std::int64_t> values;
  for (const auto& [key, group] : groups()) {
    for (const ClassifiedVisit* visit : group->visits)
      entry.ofVisit(*visit, values);
  }
  std::map<std::int64_t, std::uint64_t> bins;
  for (const std::int64_t value : values)
    ++bins[std::clamp<std::int64_t>(value / entry.unitMs, 0, kSpreadBinsMax - 1)];
  v1::GetSpreadResponse response;
  response.set_values(values.size());
  response.set_unit(entry.unitMs == kMinuteMs ? v1::MEASURE_UNIT_MINUTES
                                              : v1::MEASURE_UNIT_SECONDS);
  for (const auto& [bin, count] : bins) {
    v1::SpreadBin& message = *response.add_bins();
    message.set_from(bin);
    message.set_to(bin + 1);
    message.set_count(count);
  }
  return response;
}

Result<MeasureVisitPage> MeasureReading::visits(const std::string& id, v1::MeasurePart part,
                                                const std::optional<RecordPlace>& after,
                                                std::uint32_t size) {
  const Measure* measure = measures::findMeasure(id);
  if (measure == nullptr)
    return invalid("MEASURE_UNKNOWN", "there is no measure " + id);
  if (part == v1::MEASURE_PART_UNSPECIFIED || !v1::MeasurePart_IsValid(part) ||
      (measure->ofVisit == nullptr && part != v1::MEASURE_PART_DENOMINATOR))
    return invalid("PART_UNKNOWN", "of a measure that does not add up, the denominator is known");
  std::vector<std::pair<RecordPlace, const ClassifiedVisit*>> found;
  for (const auto& [key, group] : groups()) {
    for (const ClassifiedVisit* visit : group->visits) {
      if (!isPartOf(*measure, part, *visit))
        continue;
      const Ids& ids = idsOf(*visit);
      const RecordPlace place{visit->anchorMs, ids.provider, ids.visit, 0};
      if (!after || place > *after)
        found.emplace_back(place, visit);
    }
  }
  std::sort(found.begin(), found.end());
  MeasureVisitPage page;
  std::set<std::pair<ProviderId, PersonId>> seen;
  for (const auto& [place, visit] : found) {
    if (static_cast<std::uint32_t>(page.response.visits_size()) == size)
      break;
    DOORSTEP_ASSIGN(*page.response.add_visits(), message(*visit, *measure));
    page.next = place;
    const Ids& ids = idsOf(*visit);
    if (!seen.emplace(ids.provider, ids.person).second)
      continue;
    identity::Look look;
    look.account = reading_.caller.account;
    look.provider = ids.provider;
    look.person = ids.person;
    look.atUnixMs = reading_.nowUnixMs;
    page.looks.push_back(std::move(look));
  }
  if (found.size() <= size)
    page.next.reset();
  return page;
}

Result<v1::MeasureVisit> MeasureReading::message(const ClassifiedVisit& visit,
                                                 const Measure& measure) {
  const Ids& ids = idsOf(visit);
  v1::MeasureVisit message = toProto(visit, measure);
  message.set_provider_id(ids.provider.value);
  message.set_visit_id(ids.visit.value);
  DOORSTEP_ASSIGN(const auto person, roster::person(reading_.database, ids.provider, ids.person));
  message.set_person_ref(person.ref);
  for (v1::MeasureSlot& slot : *message.mutable_slots()) {
    if (!slot.carer_pseudonym().empty())
      slot.set_carer_pseudonym(pseudonyms_.of(contract_.id, carerNamed(slot.carer_pseudonym())));
  }
  return message;
}

}  // namespace doorstep::records
