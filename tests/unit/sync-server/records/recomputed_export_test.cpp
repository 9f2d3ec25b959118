// SPDX-License-Identifier: Apache-2.0
// What is exported, read as a stranger reads it, gives the server's own figures.
#include <catch2/catch.hpp>
#include <memory>
#include <set>

#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measures/recomputation.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/records/rules/rules_file.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;
using visits::WantedBy;

// A morning in which everything happens once.
struct Morning {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};
  int visits = 0;

  VisitId plan(bool timeCritical = false, std::vector<CarerId> carers = {}) {
    ProviderDay::PlannedCare care{.person = person, .carers = carers};
    if (carers.empty())
      care.carers = {ann};
    care.from = "2026-11-23T08:00:00";
    care.to = "2026-11-23T08:30:00";
    care.timeCritical = timeCritical;
    care.ref = "v" + std::to_string(visits++);
    care.tasks = {
        {1, "wash", "Wash", true}, {2, "meal", "Meal", false}, {3, "tidy", "Tidy", false}};
    return day.addVisit(provider, care);
  }
  void attend(const std::string& from, const std::string& to, bool timeCritical = false) {
    const VisitId visit = plan(timeCritical);
    day.checkIn(ann, visit, from);
    day.record(ann, visit, visits::TaskRecorded{1, visits::TaskOutcome::Done}, from);
    day.record(
        ann, visit,
        visits::TaskRecorded{2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused},
        from);
    day.checkOut(ann, visit, to);
  }
  VisitId callOff(const std::string& at, WantedBy by) {
    const VisitId visit = plan();
    day.setNow(at);
    day.change(
        provider, visit,
        [](visits::PlannedVisit& plan) { plan.state = visits::VisitState::Cancelled; }, by);
    return visit;
  }
  Morning() {
    attend("2026-11-23T07:30:00", "2026-11-23T08:02:00");
    attend("2026-11-23T08:10:00", "2026-11-23T08:14:00");
    day.record(ann, plan(), visits::NoEntry{visits::NoEntryReason::NoReply, {}},
               "2026-11-23T08:15:00");
    attend("2026-11-23T08:20:00", "2026-11-23T08:21:00", true);  // a minute is a visit too
    attend("2026-11-23T08:46:00", "2026-11-23T09:10:00");
    plan();  // missed
    day.send(ann, "2026-11-23T09:20:00");
    callOff("2026-11-21T12:00:00", WantedBy::Office);   // before the lock: not planned
    callOff("2026-11-22T12:00:00", WantedBy::Office);   // after it: missed
    callOff("2026-11-21T12:00:00", WantedBy::Person);   // not counted
    callOff("2026-11-23T08:29:00", WantedBy::Person);   // not counted
    callOff("2026-11-23T08:31:00", WantedBy::Person);   // too late: missed
    callOff("2026-11-23T12:00:00", WantedBy::Council);  // not counted, however late
    day.setNow("2026-11-23T20:00:00");
  }
  Reading reading(sql::Database& database) { return {database, officer, day.now(), key}; }
};

measures::Figure figureOf(const measures::GroupFigures& figures, const std::string& id) {
  for (const measures::NamedFigure& each : figures.figures)
    if (each.id == id)
      return each.figure;
  FAIL("no figure " << id);
  return {};
}

struct Recomputed {
  measures::MeasureInput input;
  measures::MeasureQuery query;
  measures::GroupFigures figures;
};

std::unique_ptr<Recomputed> recompute(Morning& morning) {
  const auto lease = morning.day.storage().read();
  const auto piece = exportPiece(morning.reading(lease), {}, {});
  REQUIRE(piece.ok());
  REQUIRE_FALSE(piece->next);
  const auto rules = exportRules(morning.reading(lease));
  REQUIRE(rules.ok());
  auto made = std::make_unique<Recomputed>();
  auto read = measure_files::readVisits(measure_files::asTextFile("visits.csv", piece->text));
  INFO((read.ok() ? std::string() : read.error().text));
  REQUIRE(read.ok());
  CHECK(read->duplicateRows == 0);
  made->input.visits = std::move(read->visits);
  auto book = measure_files::readRules(measure_files::asTextFile("rules.json", *rules));
  INFO((book.ok() ? std::string() : book.error().text));
  REQUIRE(book.ok());
  made->input.rules = *std::move(book);
  const measures::Recomputation all(made->input, made->query);
  REQUIRE(all.groups().size() == 1);
  made->figures = all.figuresOf(all.groups().begin()->second);
  return made;
}

TEST_CASE("the figures that a file gives are those of the server") {
  Morning morning;
  const auto totals = readTotals(morning.reading(morning.day.storage().read()), {})->totals();
  CHECK(totals.on_time() == 2);
  CHECK(totals.late() == 1);
  CHECK(totals.early() == 1);
  CHECK(totals.missed() == 3);
  CHECK(totals.no_entry() == 1);
  CHECK(totals.not_counted() == 4);
  const auto found = recompute(morning);
  const measures::Counts& counts = found->figures.counts;
  // The one that was not planned is in no file.
  CHECK(counts.inFile == static_cast<std::int64_t>(totals.visits()) - 1);
  const auto excluded = [&](measures::Exclusion why) {
    return counts.excluded[static_cast<std::size_t>(why)];
  };
  CHECK(excluded(measures::Exclusion::Cancelled) == 3);
  CHECK(excluded(measures::Exclusion::NoEntry) == static_cast<std::int64_t>(totals.no_entry()));
  CHECK(counts.reported() == 7);
  const auto attended = totals.on_time() + totals.late() + totals.early();
  const auto equal = [&](const char* id, std::uint64_t numerator, std::uint64_t denominator) {
    INFO(id);
    CHECK(figureOf(found->figures, id) == measures::Figure{numerator, denominator});
  };
  equal("punctuality.on_time_of_attended", totals.on_time(), attended);
  equal("punctuality.late_rate", totals.late(), attended);
  equal("punctuality.early_rate", totals.early(), attended);
  equal("missed.rate", totals.missed(), attended + totals.missed());
  equal("missed.cause.provider_cancelled", 1, attended + totals.missed());
  equal("tasks.done", 4, 12);
  equal("tasks.not_done_reasoned", 4, 8);
  equal("tasks.critical_done", 4, 4);
}

v1::MeasureFilter filterOf(Morning& morning) {
  v1::MeasureFilter filter;
  const auto contracts = roster::contracts(morning.day.storage().writer()).value();
  filter.set_contract_id(contracts.front().id.value);
  filter.set_first_day("2026-11-23");
  filter.set_last_day("2026-11-23");
  return filter;
}

TEST_CASE("the figures that are asked for are those of the file, every one") {
  Morning morning;
  const CarerId bea = morning.day.addCarer(morning.provider, "Bea");
  const VisitId both = morning.plan(false, {morning.ann, bea});
  morning.day.checkIn(bea, both, "2026-11-23T08:20:00");
  morning.day.checkOut(bea, both, "2026-11-23T08:45:00");
  morning.day.send(bea, "2026-11-23T09:00:00");
  morning.plan(false, {morning.day.addCarer(morning.provider, "Cyd")});  // was never heard of
  morning.day.setNow("2026-11-23T20:00:00");
  morning.day.judge();
  const auto found = recompute(morning);
  const auto lease = morning.day.storage().read();
  const auto reading = MeasureReading::open(morning.reading(lease), filterOf(morning), {});
  INFO((reading.ok() ? "" : reading.error().text));
  REQUIRE(reading.ok());
  const auto answer = (*reading)->figures({});
  REQUIRE(answer.ok());
  REQUIRE(answer->groups_size() == 1);
  const auto& figures = answer->groups(0).figures();
  REQUIRE(static_cast<std::size_t>(figures.size()) == found->figures.figures.size());
  for (int i = 0; i < figures.size(); ++i) {
    const auto& recomputed = found->figures.figures[static_cast<std::size_t>(i)];
    INFO(recomputed.id);
    CHECK(figures[i].id() == recomputed.id);
    CHECK(measures::Figure{figures[i].numerator(), figures[i].denominator()} == recomputed.figure);
  }
  CHECK(figureOf(found->figures, "continuity.known_carer").numerator > 0);
  REQUIRE(answer->rules_size() == 1);
  CHECK(answer->rules(0).plan_basis() == "locked");
  CHECK(answer->completeness().phones_expected() == 3);
  CHECK(answer->completeness().phones_heard_since() == 2);
}

TEST_CASE("each group says the rules that classed it, and all groups together the same") {
  Morning morning;
  morning.day.judge();
  const auto lease = morning.day.storage().read();
  const auto reading =
      MeasureReading::open(morning.reading(lease), filterOf(morning), {"time_critical"});
  REQUIRE(reading.ok());
  const auto answer = (*reading)->figures({"missed.rate"});
  REQUIRE(answer.ok());
  REQUIRE(answer->groups_size() == 2);
  REQUIRE(answer->rules_size() == 1);
  std::uint64_t visits = 0;
  for (const auto& group : answer->groups()) {
    REQUIRE(group.rules_size() == 1);
    CHECK(group.rules(0).rule_version() == answer->rules(0).rule_version());
    CHECK(group.rules(0).plan_basis() == "locked");
    visits += group.rules(0).visits();
  }
  CHECK(visits == answer->rules(0).visits());
}

TEST_CASE("a measure whose facts nothing records has nothing in its numerator") {
  Morning morning;
  morning.day.judge();
  const auto found = recompute(morning);
  int unrecorded = 0;
  const v1::ListMeasuresResponse known = listMeasures();
  for (const v1::MeasureInfo& info : known.measures()) {
    if (info.unrecorded().empty())
      continue;
    ++unrecorded;
    INFO(info.id());
    CHECK(figureOf(found->figures, info.id()).numerator == 0);
  }
  CHECK(unrecorded == 17);
}

TEST_CASE("a figure opens down to the visits that make it and those that cost it") {
  Morning morning;
  morning.day.judge();
  const auto lease = morning.day.storage().read();
  const auto reading = MeasureReading::open(morning.reading(lease), filterOf(morning), {});
  REQUIRE(reading.ok());
  const auto count = [&](const char* id, v1::MeasurePart part) {
    const auto page = (*reading)->visits(id, part, {}, 100);
    INFO((page.ok() ? "" : page.error().text));
    REQUIRE(page.ok());
    CHECK_FALSE(page->next);
    CHECK(page->looks.size() == (page->response.visits_size() == 0 ? 0U : 1U));
    return page->response.visits_size();
  };
  const char* onTime = "punctuality.on_time_of_attended";
  CHECK(count(onTime, v1::MEASURE_PART_NUMERATOR) == 2);
  CHECK(count(onTime, v1::MEASURE_PART_DENOMINATOR) == 4);
  CHECK(count(onTime, v1::MEASURE_PART_REST) == 2);
  CHECK(count("missed.rate", v1::MEASURE_PART_NUMERATOR) == 3);
  CHECK(count("punctuality.late_p90", v1::MEASURE_PART_DENOMINATOR) == 4);
  CHECK((*reading)
            ->visits("punctuality.late_p90", v1::MEASURE_PART_NUMERATOR, {}, 9)
            .error()
            .reason == "PART_UNKNOWN");
  CHECK((*reading)->visits("punctuality", v1::MEASURE_PART_NUMERATOR, {}, 9).error().reason ==
        "MEASURE_UNKNOWN");
  // In pages, each visit once.
  std::set<std::string> refs;
  std::optional<RecordPlace> after;
  do {
    const auto page = (*reading)->visits(onTime, v1::MEASURE_PART_DENOMINATOR, after, 1);
    REQUIRE(page.ok());
    for (const auto& visit : page->response.visits()) {
      CHECK(refs.insert(visit.visit_ref()).second);
      CHECK(visit.person_ref() == "p1");
      CHECK(visit.slots(0).carer_pseudonym().size() == 20);
      CHECK(visit.plan().kind() == "locked");
    }
    after = page->next;
  } while (after);
  CHECK(refs.size() == 4);
}

TEST_CASE("questions about figures that cannot be answered are refused in words") {
  Morning morning;
  morning.day.judge();
  const auto lease = morning.day.storage().read();
  const auto reason = [&](const v1::MeasureFilter& filter, std::vector<std::string> by = {}) {
    const auto opened = MeasureReading::open(morning.reading(lease), filter, by);
    return opened.ok() ? std::string("none") : opened.error().reason;
  };
  auto filter = filterOf(morning);
  CHECK(reason(filter) == "none");
  CHECK(reason(filter, {"lot", "colour"}) == "DIMENSION_UNKNOWN");
  CHECK(reason(filter, {"lot", "lot"}) == "DIMENSION_TWICE");
  CHECK(reason(filter, {"lot", "day", "week", "month"}) == "DIMENSIONS_TOO_MANY");
  filter.set_last_day("2026-11-22");
  CHECK(reason(filter) == "DAYS_REVERSED");
  filter.set_last_day("tomorrow");
  CHECK(reason(filter) == "DAY_FORMAT");
  filter.set_last_day("2026-11-23");
  filter.set_contract_id(7);
  CHECK(reason(filter) == "CONTRACT_UNKNOWN");
  filter.set_contract_id(0);
  CHECK(reason(filter) == "CONTRACT_MISSING");
  // By lot, and of one lot.
  filter = filterOf(morning);
  auto& where = *filter.add_where();
  where.set_dimension("lot");
  where.set_value("north");
  const auto north = MeasureReading::open(morning.reading(lease), filter, {"provider"});
  REQUIRE(north.ok());
  CHECK((*north)->groups().size() == 1);
  CHECK((*north)->groups().begin()->first == std::vector<std::string>{"Dales Care"});
  where.set_value("south");
  const auto south = MeasureReading::open(morning.reading(lease), filter, {"provider"});
  CHECK((*south)->groups().empty());
}

TEST_CASE("both carers of a visit are rows of one visit, and a person has one pseudonym") {
  Morning morning;
  const CarerId bea = morning.day.addCarer(morning.provider, "Bea");
  const VisitId both = morning.plan(false, {morning.ann, bea});
  morning.day.checkIn(bea, both, "2026-11-23T08:20:00");
  morning.day.send(bea, "2026-11-23T09:00:00");
  const auto found = recompute(morning);
  const auto& counts = found->figures.counts;
  CHECK(counts.reportedAs[static_cast<std::size_t>(measures::VisitClass::AttendedPart)] == 1);
  std::set<std::string> people;
  for (const measures::VisitFacts& visit : found->input.visits) {
    people.insert(visit.person);
    CHECK(visit.slots.size() == static_cast<std::size_t>(visit.carersRequired));
  }
  CHECK(people.size() == 1);
  CHECK(people.begin()->size() == 20);
}

TEST_CASE("a visit that its provider withdrew and a carer came to is in the file as unplanned") {
  Morning morning;
  const VisitId withdrawn = morning.callOff("2026-11-21T12:00:00", WantedBy::Office);
  morning.day.checkIn(morning.ann, withdrawn, "2026-11-23T10:00:00");
  morning.day.send(morning.ann, "2026-11-23T10:05:00");
  morning.day.setNow("2026-11-23T20:00:00");
  const auto found = recompute(morning);
  CHECK(found->figures.counts.excluded[static_cast<std::size_t>(measures::Exclusion::Unplanned)] ==
        1);
}

TEST_CASE("rules of two contracts of one ref are not one file") {
  Morning morning;
  morning.day.addProvider("Vale Care", "City", {"south"});
  const auto lease = morning.day.storage().read();
  const identity::AccountCaller caller = morning.day.theOperator();
  // The contracts of a test are named after their provider: each has a ref of its own.
  CHECK(exportRules({lease, caller, morning.day.now(), morning.key}).ok());
  auto contracts = roster::contracts(lease).value();
  for (roster::Contract& contract : contracts)
    contract.ref = "K1";
  CHECK(rulesFile(contracts).error().reason == "CONTRACT_AMBIGUOUS");
  // Named as the file of visits names them, which guards what a spreadsheet would run.
  contracts.front().ref = "=K1";
  CHECK(rulesFile(contracts)->find("\"contract_id\":\"'=K1\"") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::records
