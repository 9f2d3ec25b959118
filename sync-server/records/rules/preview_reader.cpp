// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/preview_reader.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/rule_check.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/records/figures/measure_messages.h"
#include "sync-server/records/keeping/people_reader.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/records/rules/rules_preview.h"
#include "sync-server/records/rules/rules_reader.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

using measures::DayNumber;

// What a preview compares, and which visits that needs.
struct Question {
  RulesChange change;
  FactsRange range;
  std::vector<measures::RuleFault> faults;  // then nothing else is set
};

Result<DayNumber> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return *day;
}

Status readDays(const std::string& first, const std::string& last, RulesChange& change) {
  DOORSTEP_ASSIGN(change.from, dayOf(first));
  DOORSTEP_ASSIGN(change.to, dayOf(last));
  if (change.from > change.to)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED", "first_day is after last_day"};
  if (change.to - change.from >= kPreviewDaysMax)
    return Error{ErrorCode::InvalidArgument, "DAYS_TOO_MANY", "a preview is of 92 days at most"};
  return kDone;
}

// Request: with contract_id, draft, first_day and last_day.
template <typename Request>
Result<Question> readQuestion(const Reading& reading, const Request& request) {
  Question question;
  const ContractId contract(request.contract_id());
  DOORSTEP_ASSIGN(const auto versions, versionsToChange(reading, contract));
  const measures::RuleVersion& newest = versions.back().version;
  DOORSTEP_ASSIGN(const auto draft, wire::readRules(request.draft(), newest.rules));
  question.faults = measures::ruleFaults(draft);
  if (!question.faults.empty())
    return question;
  DOORSTEP_TRY(readDays(request.first_day(), request.last_day(), question.change));
  DayNumber reach = reachDays(draft);
  for (const roster::KeptRules& kept : versions) {
    reach = std::max(reach, reachDays(kept.version.rules));
    question.change.before.add(contractKey(contract), kept.version);
  }
  question.change.after.add(contractKey(contract), {newest.number + 1, 0, {}, draft});
  question.range = {contract, {}, question.change.from - reach, question.change.to + reach};
  return question;
}

void addFaults(const std::vector<measures::RuleFault>& faults, v1::RulesPreview& preview) {
  for (const measures::RuleFault& fault : faults) {
    v1::RuleFault& message = *preview.add_faults();
    message.set_reason(std::string(fault.reason));
    for (const std::string_view parameter : fault.parameters)
      message.add_parameters(std::string(parameter));
    message.set_text(fault.text);
  }
}

template <typename Names>
std::string nameIn(const Names& names, auto value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

void write(const RuledClass& ruled, v1::RuledClass& message) {
  message.set_visit_class(nameIn(measures::kVisitClasses, ruled.visitClass));
  message.set_cause(nameIn(measures::kCauses, ruled.cause));
  message.set_exclusion(nameIn(measures::kExclusions, ruled.exclusion));
  message.set_punctuality(nameIn(measures::kPunctualities, ruled.punctuality));
}

template <typename Enum, typename Names>
Status readName(const Names& names, const std::string& text, Enum& value) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    return Error{ErrorCode::InvalidArgument, "CLASS_UNKNOWN", "no class of visits is named so"};
  value = static_cast<Enum>(found - names.begin());
  return kDone;
}

Result<RuledClass> readClass(const v1::RuledClass& message) {
  RuledClass ruled;
  DOORSTEP_TRY(readName(measures::kVisitClasses, message.visit_class(), ruled.visitClass));
  DOORSTEP_TRY(readName(measures::kCauses, message.cause(), ruled.cause));
  DOORSTEP_TRY(readName(measures::kExclusions, message.exclusion(), ruled.exclusion));
  DOORSTEP_TRY(readName(measures::kPunctualities, message.punctuality(), ruled.punctuality));
  return ruled;
}

std::vector<measures::VisitFacts> factsOf(std::vector<StoredFacts>& stored) {
  std::vector<measures::VisitFacts> facts;
  facts.reserve(stored.size());
  for (StoredFacts& each : stored)
    facts.push_back(std::move(each.facts));
  return facts;
}

PreviewAnswer answerOf(RulesPreview& preview, const std::map<ClassPair, PersonVisitPlace>& firsts) {
  PreviewAnswer answer;
  answer.preview.set_visits(preview.visits());
  answer.preview.set_visits_changed(preview.visitsChanged());
  for (const RulesPreview::Measure& measure : preview.measures()) {
    v1::MeasureChange& message = *answer.preview.add_measures();
    *message.mutable_before() = toProto(measure.id, measure.before);
    *message.mutable_after() = toProto(measure.id, measure.after);
  }
  for (const auto& [classes, count] : preview.classes()) {
    v1::ClassChange& message = *answer.preview.add_classes();
    write(classes.first, *message.mutable_before());
    write(classes.second, *message.mutable_after());
    message.set_visits(count);
    answer.firsts.push_back(firsts.at(classes));
  }
  return answer;
}

// A page while it is filled.
class PageOfVisits {
 public:
  PageOfVisits(const Reading& reading, std::optional<ClassPair> wanted, std::uint32_t size)
      : reading_(reading), wanted_(std::move(wanted)), size_(size) {}

  // Adds a person's visits behind the place. False: the page is full, page().next says where.
  Result<bool> add(const PersonReader::Person& person, std::vector<StoredFacts> stored,
                   const RulesChange& change, const std::optional<PersonVisitPlace>& after) {
    std::vector<measures::VisitFacts> facts;
    for (const StoredFacts& each : stored)
      facts.push_back(each.facts);
    std::vector<TwiceRuled> found = ruleTwice(std::move(facts), change);
    std::sort(found.begin(), found.end(), [&](const TwiceRuled& a, const TwiceRuled& b) {
      return std::tie(a.anchorMs, stored[a.visit].visit) <
             std::tie(b.anchorMs, stored[b.visit].visit);
    });
    std::string ref;
    for (const TwiceRuled& each : found) {
      const StoredFacts& visit = stored[each.visit];
      const bool isBehind =
          !after || !after->visit ||
          std::tie(each.anchorMs, visit.visit) > std::tie(after->anchorUnixMs, after->visit);
      if (!isBehind || !isWanted(each.classes))
        continue;
      if (static_cast<std::uint32_t>(page_.response.visits_size()) == size_) {
        page_.next = last_;
        return false;
      }
      if (ref.empty()) {
        DOORSTEP_ASSIGN(const auto row,
                        roster::person(reading_.database, person.provider, person.person));
        ref = row.ref;
        look(person);
      }
      write(each, visit, ref);
    }
    return true;
  }

  RuledVisitPage& page() { return page_; }

 private:
  bool isWanted(const ClassPair& classes) const {
    return wanted_ ? classes == *wanted_ : classes.first != classes.second;
  }
  void look(const PersonReader::Person& person) {
    identity::Look look;
    look.account = reading_.caller.account;
    look.provider = person.provider;
    look.person = person.person;
    look.atUnixMs = reading_.nowUnixMs;
    page_.looks.push_back(std::move(look));
  }
  void write(const TwiceRuled& ruled, const StoredFacts& visit, const std::string& personRef) {
    v1::RuledVisit& message = *page_.response.add_visits();
    message.set_provider_id(visit.provider.value);
    message.set_visit_id(visit.visit.value);
    message.set_provider_name(visit.facts.provider);
    message.set_day(measures::dayText(ruled.day));
    records::write(ruled.classes.first, *message.mutable_before());
    records::write(ruled.classes.second, *message.mutable_after());
    message.set_visit_ref(visit.facts.visitId);
    message.set_person_ref(personRef);
    last_ = {visit.provider, visit.person, ruled.anchorMs, visit.visit};
  }

  const Reading& reading_;
  const std::optional<ClassPair> wanted_;
  const std::uint32_t size_;
  PersonVisitPlace last_;
  RuledVisitPage page_;
};

}  // namespace

Result<PreviewAnswer> previewRules(const Reading& reading, const v1::PreviewRulesRequest& request,
                                   const PreviewProgress& progress) {
  DOORSTEP_ASSIGN(const Question question, readQuestion(reading, request));
  if (!question.faults.empty()) {
    PreviewAnswer answer;
    addFaults(question.faults, answer.preview);
    return answer;
  }
  DOORSTEP_ASSIGN(auto people,
                  PeopleReader::open(reading.database, question.range, reading.nowUnixMs, {}));
  DOORSTEP_TRY(progress(0, people.visits()));
  RulesPreview preview(question.change);
  std::map<ClassPair, PersonVisitPlace> firsts;
  std::uint64_t done = 0;
  while (true) {
    DOORSTEP_ASSIGN(auto stored, people.next(kPreviewStepVisits));
    if (stored.empty())
      break;
    for (const TwiceRuled& each : preview.add(factsOf(stored)))
      firsts.try_emplace(each.classes, PersonVisitPlace{stored[each.visit].provider,
                                                        stored[each.visit].person, 0, VisitId()});
    done += stored.size();
    DOORSTEP_TRY(progress(std::min(done, people.visits()), people.visits()));
  }
  PreviewAnswer answer = answerOf(preview, firsts);
  answer.preview.set_as_of_unix_ms(reading.nowUnixMs);
  return answer;
}

Result<RuledVisitPage> listRuledVisits(const Reading& reading,
                                       const v1::ListRuledVisitsRequest& request,
                                       const std::optional<PersonVisitPlace>& after,
                                       std::uint32_t size) {
  DOORSTEP_ASSIGN(const Question question, readQuestion(reading, request));
  if (!question.faults.empty())
    return Error{ErrorCode::InvalidArgument, "RULES_REFUSED", question.faults.front().text};
  std::optional<ClassPair> wanted;
  if (request.has_before() || request.has_after()) {
    wanted.emplace();
    DOORSTEP_ASSIGN(wanted->first, readClass(request.before()));
    DOORSTEP_ASSIGN(wanted->second, readClass(request.after()));
  }
  DOORSTEP_ASSIGN(auto people,
                  PersonReader::open(reading.database, question.range, reading.nowUnixMs));
  PageOfVisits page(reading, wanted, size);
  PersonReader::Person at;
  if (after)
    at = {after->provider, after->person};
  for (std::size_t looked = 0;;) {
    DOORSTEP_ASSIGN(const auto person, people.from(at));
    if (!person)
      break;
    if (looked >= kVisitsPerPageMax) {
      page.page().next = PersonVisitPlace{person->provider, person->person, 0, VisitId()};
      break;
    }
    DOORSTEP_ASSIGN(auto stored, people.visits(*person));
    looked += stored.size() + 1;
    const bool isFirst = after && *person == PersonReader::Person{after->provider, after->person};
    DOORSTEP_ASSIGN(const bool room, page.add(*person, std::move(stored), question.change,
                                              isFirst ? after : std::nullopt));
    if (!room)
      break;
    at = {person->provider, PersonId(person->person.value + 1)};
  }
  return std::move(page.page());
}

}  // namespace doorstep::records
