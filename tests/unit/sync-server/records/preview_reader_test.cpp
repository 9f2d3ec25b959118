// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/preview_reader.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measures/recomputation.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/records/keeping/people_reader.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Two providers in one contract, three people, visits on three days: in time, late, very late,
// missed, and two that follow one another.
struct Week {
  ProviderDay day;
  ProviderId dales = add("Dales Care");
  ProviderId vale = add("Vale Care");
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};
  ContractId contract;
  int visits = 0;

  Week() {
    care(dales, "Ann", "p1", {{"08:00", "08:10"}, {"10:00", "10:20"}, {"12:00", ""}});
    care(dales, "Bea", "p2", {{"08:00", "08:50"}, {"09:00", "09:02"}});
    care(vale, "Eve", "p3", {{"08:00", "08:25"}, {"18:00", "19:40"}});
    day.setNow("2026-11-27T20:00:00");
    day.judge();
    contract = roster::contracts(day.storage().writer()).value().at(0).id;
  }
  ProviderId add(const std::string& name) {
    ProviderId provider;
    REQUIRE(day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                 DOORSTEP_ASSIGN(provider,
                                 roster::ensureProvider(database, name, day.clock(), day.ids()));
                 roster::ContractTerms terms;
                 terms.ref = "k1";
                 DOORSTEP_ASSIGN(terms.council,
                                 roster::ensureCouncil(database, "County", day.clock(), day.ids()));
                 terms.provider = provider;
                 terms.lots = {"north"};
                 DOORSTEP_TRY(roster::ensureContract(database, terms, day.clock(), day.ids(), act));
                 DOORSTEP_ASSIGN(auto writer,
                                 roster::PlanWriter::begin(database, provider, act,
                                                           roster::PlanReason::Unknown));
                 DOORSTEP_TRY(writer.finish());
                 return kDone;
               })
                .ok());
    return provider;
  }
  // Of each day: planned start, and when the carer came for half an hour ("": not at all).
  void care(ProviderId provider, const char* carer, const char* ref,
            const std::vector<std::pair<std::string, std::string>>& starts) {
    const CarerId who = day.addCarer(provider, carer);
    const PersonId person = day.addPerson(provider, ref, "north");
    for (const char* date : {"2026-11-23T", "2026-11-24T", "2026-11-25T"}) {
      for (const auto& [planned, came] : starts) {
        ProviderDay::PlannedCare plan{.person = person, .carers = {who}};
        plan.from = plan.to = date + planned + ":00";
        plan.ref = "v" + std::to_string(visits++);
        const VisitId visit = day.addVisit(provider, plan);
        if (came.empty())
          continue;
        day.checkIn(who, visit, date + came + ":00");
        day.checkOut(who, visit, date + came.substr(0, 2) + ":59:00");
      }
    }
    day.send(who, "2026-11-25T23:00:00");
  }
  Reading reading() { return {day.storage().writer(), officer, day.now(), key}; }
  v1::PreviewRulesRequest request(const char* first = "2026-11-23",
                                  const char* last = "2026-11-25") const {
    v1::PreviewRulesRequest request;
    request.set_contract_id(contract.value);
    request.set_first_day(first);
    request.set_last_day(last);
    return request;
  }
  v1::ListRuledVisitsRequest list(const v1::PreviewRulesRequest& of) const {
    v1::ListRuledVisitsRequest request;
    request.set_contract_id(of.contract_id());
    *request.mutable_draft() = of.draft();
    request.set_first_day(of.first_day());
    request.set_last_day(of.last_day());
    return request;
  }
  Result<PreviewAnswer> preview(const v1::PreviewRulesRequest& request) {
    return previewRules(reading(), request, [](auto, auto) { return kDone; });
  }
};

// A draft that moves many visits: other tolerances, merged stays, bills by week.
void fillDraft(roster::v1::RuleParameters& draft) {
  draft.set_late_tolerance_min(30);
  draft.mutable_missed_rules()->add_names("merged");
  draft.mutable_missed_rules()->add_names("next_planned");
  draft.set_min_countable_visit_min(12);
  draft.set_rounding_stage("week");
  draft.set_rounding_unit_min(15);
  draft.set_rounding_mode("up");
}

std::string nameOf(const v1::RuledClass& ruled) {
  return ruled.visit_class() + "/" + ruled.exclusion() + "/" + ruled.punctuality() + "/" +
         ruled.cause();
}

TEST_CASE("a preview is a matrix of what visits are and would be") {
  Week week;
  auto request = week.request();
  request.mutable_draft()->set_late_tolerance_min(30);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> steps;
  const auto answer = previewRules(week.reading(), request, [&](auto done, auto all) {
    steps.emplace_back(done, all);
    return kDone;
  });
  REQUIRE(answer.ok());
  const v1::RulesPreview& preview = answer->preview;
  CHECK(preview.visits() == 21);
  CHECK(preview.visits_changed() == 6);  // 20 and 25 minutes late
  CHECK(preview.as_of_unix_ms() == week.day.now());
  std::map<std::pair<std::string, std::string>, std::uint64_t> cells;
  std::uint64_t visits = 0;
  for (const auto& cell : preview.classes()) {
    cells[{nameOf(cell.before()), nameOf(cell.after())}] = cell.visits();
    visits += cell.visits();
  }
  CHECK(visits == preview.visits());
  CHECK(cells.at({"attended_full//late/", "attended_full//on_time/"}) == 6);
  CHECK(cells.at({"attended_full//late/", "attended_full//late/"}) == 6);
  CHECK(cells.at({"attended_full//on_time/", "attended_full//on_time/"}) == 6);
  CHECK(cells.at({"missed///never_started", "missed///never_started"}) == 3);
  REQUIRE(steps.size() >= 2);
  CHECK(steps.front() == std::pair<std::uint64_t, std::uint64_t>(0, 21));
  CHECK(steps.back() == std::pair<std::uint64_t, std::uint64_t>(21, 21));
}

TEST_CASE("a preview's figures are those of the exported file under either rules") {
  Week week;
  const char* firsts[] = {"2026-11-23", "2026-11-24"};
  for (const char* first : firsts) {
    auto request = week.request(first, "2026-11-24");
    fillDraft(*request.mutable_draft());
    const auto answer = week.preview(request);
    INFO((answer.ok() ? "" : answer.error().text));
    REQUIRE(answer.ok());
    const auto piece = exportPiece(week.reading(), {}, {});
    REQUIRE(piece.ok());
    auto file = measure_files::readVisits(measure_files::asTextFile("visits.csv", piece->text));
    REQUIRE(file.ok());
    const auto contract = roster::contracts(week.day.storage().writer()).value().at(0);
    measures::MeasureInput input{.visits = std::move(file->visits),
                                 .rules = ruleBook(contract.ref, contract)};
    measures::MeasureQuery query;
    query.from = measures::parseDay(first);
    query.to = measures::parseDay("2026-11-24");
    // A funder who pays nothing has no figure, which is 0 of 0 beside one who does.
    std::map<std::string, std::pair<measures::Figure, measures::Figure>> expected;
    const auto compute = [&](auto part) {
      const measures::Recomputation recomputation(input, query);
      const auto figures = recomputation.figuresOf(recomputation.groups().begin()->second).figures;
      for (const measures::NamedFigure& each : figures)
        expected[each.id].*part = each.figure;
    };
    using Pair = std::pair<measures::Figure, measures::Figure>;
    compute(&Pair::first);
    const auto draft = wire::readRules(request.draft(), contract.rules.back().rules);
    REQUIRE(draft.ok());
    input.rules = {};
    input.rules.add(contract.ref, {9, 0, {}, *draft});
    compute(&Pair::second);
    REQUIRE(static_cast<std::size_t>(answer->preview.measures_size()) == expected.size());
    std::size_t differ = 0;
    for (const auto& measure : answer->preview.measures()) {
      INFO(first << " " << measure.before().id());
      const auto figure = [](const v1::MeasureFigure& message) {
        return measures::Figure{message.numerator(), message.denominator()};
      };
      const auto& [before, after] = expected.at(measure.before().id());
      CHECK(figure(measure.before()) == before);
      CHECK(figure(measure.after()) == after);
      differ += before == after ? 0 : 1;
    }
    CHECK(differ > 10);
  }
}

TEST_CASE("a cell's visits are listed in pages, each once, from its first person on") {
  Week week;
  auto request = week.request();
  request.mutable_draft()->set_late_tolerance_min(30);
  const auto answer = week.preview(request);
  REQUIRE(answer.ok());
  REQUIRE(static_cast<std::size_t>(answer->preview.classes_size()) == answer->firsts.size());
  for (std::size_t i = 0; i < answer->firsts.size(); ++i) {
    const auto& cell = answer->preview.classes(static_cast<int>(i));
    auto list = week.list(request);
    *list.mutable_before() = cell.before();
    *list.mutable_after() = cell.after();
    std::set<std::string> refs;
    std::optional<PersonVisitPlace> after = answer->firsts[i];
    do {
      const auto page = listRuledVisits(week.reading(), list, after, 2);
      REQUIRE(page.ok());
      CHECK(page->response.visits_size() <= 2);
      CHECK(page->looks.size() <= 2);
      for (const auto& visit : page->response.visits()) {
        CHECK(refs.insert(visit.visit_ref()).second);
        CHECK(nameOf(visit.before()) == nameOf(cell.before()));
        CHECK(nameOf(visit.after()) == nameOf(cell.after()));
        CHECK(visit.person_ref().size() == 2);
      }
      after = page->next;
    } while (after);
    CHECK(refs.size() == cell.visits());
  }
  // Without a cell: every visit that changes.
  const auto changed = listRuledVisits(week.reading(), week.list(request), {}, 100);
  REQUIRE(changed.ok());
  CHECK(static_cast<std::uint64_t>(changed->response.visits_size()) ==
        answer->preview.visits_changed());
  CHECK(changed->looks.size() == 2);
  CHECK(changed->response.visits(0).provider_name() == "Dales Care");
  CHECK(changed->response.visits(0).day() == "2026-11-23");
  CHECK_FALSE(changed->next);
}

TEST_CASE("a preview ends when nobody waits for it") {
  Week week;
  const Error left{ErrorCode::Cancelled, "CLIENT_LEFT", "nobody waits"};
  const auto stopped =
      previewRules(week.reading(), week.request(), [&](auto, auto) { return Status(left); });
  CHECK(stopped.error().reason == "CLIENT_LEFT");
  sql::Database& database = week.day.storage().writer();
  auto reader = PeopleReader::open(database, {week.contract, {}, 0, 99'999}, week.day.now(), {});
  REQUIRE(reader.ok());
  database.stopWhen([&] { return Status(left); });
  CHECK(reader->next(10).error().reason == "CLIENT_LEFT");
  database.stopWhen(nullptr);
}

TEST_CASE("people are read whole, whatever is in memory at a time") {
  Week week;
  const auto day = *measures::parseDay("2026-11-23");
  const FactsRange range{week.contract, {}, day, day + 1};
  for (const std::uint64_t held : {1, 4, 8, 100}) {
    auto reader = PeopleReader::open(week.day.storage().writer(), range, week.day.now(),
                                     {.visitsMax = 14, .held = held});
    REQUIRE(reader.ok());
    CHECK(reader->visits() == 14);
    std::set<VisitId> visits;
    std::set<PersonId> people;
    while (true) {
      const auto stored = reader->next(1);
      REQUIRE(stored.ok());
      if (stored->empty())
        break;
      CHECK(people.insert(stored->front().person).second);
      for (const StoredFacts& each : *stored) {
        CHECK(each.person == stored->front().person);
        CHECK(visits.insert(each.visit).second);
      }
    }
    CHECK(visits.size() == 14);
    CHECK(people.size() == 3);
  }
  const auto tooMany = PeopleReader::open(week.day.storage().writer(), range, week.day.now(),
                                          {.visitsMax = 13, .held = 100});
  REQUIRE_FALSE(tooMany.ok());
  CHECK(tooMany.error().reason == "VISITS_TOO_MANY");
  CHECK(tooMany.error().text == "more than 13 visits: ask for fewer days");
}

TEST_CASE("a draft with faults gets them and no figures") {
  Week week;
  auto request = week.request();
  request.mutable_draft()->set_late_tolerance_min(-1);
  request.mutable_draft()->set_very_late_min(1'000'000'000);
  const auto answer = week.preview(request);
  REQUIRE(answer.ok());
  CHECK(answer->preview.measures_size() == 0);
  REQUIRE(answer->preview.faults_size() == 2);
  CHECK(answer->preview.faults(0).reason() == "NUMBER_OUT_OF_BOUNDS");
  CHECK(answer->preview.faults(0).parameters(0) == "late_tolerance_min");
  CHECK(answer->preview.faults(1).parameters(0) == "very_late_min");
  CHECK(listRuledVisits(week.reading(), week.list(request), {}, 9).error().reason ==
        "RULES_REFUSED");
}

TEST_CASE("a preview that cannot be answered says why") {
  Week week;
  const auto refusal = [&](auto edit) {
    auto request = week.request();
    edit(request);
    const std::string reason = week.preview(request).error().reason;
    CHECK(listRuledVisits(week.reading(), week.list(request), {}, 9).error().reason == reason);
    return reason;
  };
  CHECK(refusal([](auto& r) { r.set_first_day("23.11.2026"); }) == "DAY_FORMAT");
  CHECK(refusal([](auto& r) { r.set_first_day("2026-11-26"); }) == "DAYS_REVERSED");
  CHECK(refusal([](auto& r) { r.set_first_day("2026-08-23"); }) == "DAYS_TOO_MANY");
  CHECK(refusal([](auto& r) { r.set_contract_id(99); }) == "CONTRACT_UNKNOWN");
  CHECK(refusal([](auto& r) { r.mutable_draft()->set_week_start("funday"); }) == "RULES_FORMAT");
  auto list = week.list(week.request());
  list.mutable_before()->set_visit_class("splendid");
  CHECK(listRuledVisits(week.reading(), list, {}, 9).error().reason == "CLASS_UNKNOWN");
  week.officer = week.day.supervisor(week.dales);
  CHECK(week.preview(week.request()).error().reason == "ROLE_NOT_ALLOWED");
}

}  // namespace
}  // namespace doorstep::records
