// SPDX-License-Identifier: Apache-2.0
// Generated weeks in which entries, plan versions, cancellations and rules come in any order: what
// is judged piece by piece is what a rebuild gives, and its figures are those of the exported file.
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "shared/core/bytes.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measures/recomputation.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/support/county/county_random.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;
using visits::WantedBy;

constexpr int kDays = 4;

struct GeneratedWeek {
  explicit GeneratedWeek(std::uint64_t seed) : random(seed) {
    day.setNow("2026-11-18T12:00:00");
    for (const char* name : {"Ann", "Bea", "Cyd"})
      carers.push_back(day.addCarer(provider, name));
    people = {day.addPerson(provider, "p1", "north"), day.addPerson(provider, "p2", "south")};
    for (int date = 23; date < 23 + kDays; ++date)
      for (const PersonId person : people)
        for (const int hour : {8, 13, 18})
          plan(person, date, hour);
    addRules();
    live();
  }

  void plan(PersonId person, int date, int hour) {
    ProviderDay::PlannedCare care{.person = person, .carers = {anyCarer()}};
    if (random.percent(20)) {
      const CarerId other = anyCarer();
      if (other != care.carers.front())
        care.carers.push_back(other);
    }
    const std::string at = "2026-11-" + std::to_string(date) + "T" + (hour < 10 ? "0" : "") +
                           std::to_string(hour) + ":";
    care.from = at + "00:00";
    care.to = at + "30:00";
    care.durationMin = random.percent(50) ? 30 : 15;
    care.timeCritical = random.percent(15);
    care.ref = "v" + std::to_string(visits++);
    care.tasks = {{1, "wash", "Wash", true}, {2, "meal", "Meal", false}};
    const VisitId visit = day.addVisit(provider, care);
    const std::int64_t start = ProviderDay::ms(care.from);
    changeSome(visit, start);
    attendSome(visit, care.carers, start, care.durationMin);
  }
  CarerId anyCarer() { return carers[random.below(carers.size())]; }

  void changeSome(VisitId visit, std::int64_t start) {
    if (random.percent(70))
      return;
    const auto wantedBy = static_cast<WantedBy>(random.between(1, 3));
    const std::int64_t byMs = random.between(-4, 4) * 15 * kMinuteMs;
    const std::size_t what = random.weighted({40, 30, 30});
    const CarerId carer = anyCarer();
    acts.emplace(start - random.between(-3, 40) * kHourMs, [=, this] {
      day.change(
          provider, visit,
          [=](visits::PlannedVisit& plan) {
            if (what == 0) {
              plan.windowStartUnixMs += byMs;
              plan.windowEndUnixMs += byMs;
            } else if (what == 1) {
              plan.state = visits::VisitState::Cancelled;
            } else if (plan.slots.size() == 1) {
              plan.slots.front().carer = carer;
            }
          },
          wantedBy);
    });
  }

  void attendSome(VisitId visit, const std::vector<CarerId>& by, std::int64_t start,
                  std::uint32_t durationMin) {
    const std::size_t how = random.weighted({80, 10, 10});
    const std::int64_t begin = start + random.between(-30, 90) * kMinuteMs;
    if (how == 2)
      return;  // missed
    for (const CarerId carer : by) {
      const std::int64_t at = begin + random.between(0, 5) * kMinuteMs;
      const std::int64_t end =
          at + random.between(1, static_cast<std::int64_t>(durationMin) + 5) * kMinuteMs;
      // A phone that was silent sends after hours, or after days.
      const std::int64_t sent =
          end + (random.percent(60) ? 1 : random.between(60, 5'000)) * kMinuteMs;
      acts.emplace(sent, [=, this] {
        if (how == 1) {
          day.record(carer, visit, visits::NoEntry{visits::NoEntryReason::NoReply, {}}, text(at));
        } else {
          day.checkIn(carer, visit, text(at));
          day.record(carer, visit, visits::TaskRecorded{1, visits::TaskOutcome::Done}, text(at));
          day.checkOut(carer, visit, text(end));
        }
        day.send(carer, text(sent));
      });
    }
  }

  // The contract's second version of rules, for a day that has begun, to come or over.
  void addRules() {
    acts.emplace(ProviderDay::ms("2026-11-24T12:00:00"), [this] {
      roster::StatedRules rules;
      rules.lateToleranceMin = random.between(0, 40);
      rules.earlyToleranceMin = random.between(0, 40);
      const std::int64_t from =
          ProviderDay::ms("2026-11-24T00:00:00") + random.between(-1, 1) * 24 * kHourMs;
      REQUIRE(
          day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
               roster::ContractTerms terms;
               terms.ref = "Dales Care for County";
               DOORSTEP_ASSIGN(terms.council,
                               roster::ensureCouncil(database, "County", day.clock(), day.ids()));
               terms.provider = provider;
               terms.lots = {"north", "south"};
               terms.rules = rules;
               terms.rulesFromUnixMs = from;
               DOORSTEP_TRY(roster::ensureContract(database, terms, day.clock(), day.ids(), act));
               return kDone;
             })
              .ok());
    });
  }

  void live() {
    for (const auto& [at, act] : acts) {
      day.setNow(text(at));
      act();
      judgeSomehow();
    }
    day.setNow("2026-12-03T12:00:00");
    day.judge(static_cast<std::uint32_t>(random.between(1, 9)));
  }

  // At once, or by the state of now and written after more has come, perhaps after somebody else
  // has judged.
  void judgeSomehow() {
    const auto limit = static_cast<std::uint32_t>(random.between(1, 9));
    if (judged && random.percent(50)) {
      const auto written = day.storage().writeWithAnswer<bool>(
          [&](sql::Database& database) { return writeSettlement(database, *judged); });
      REQUIRE(written.ok());
      (*written ? writtenLater : refused) += 1;
      judged.reset();
    }
    const std::size_t how = random.weighted({50, 25, 25});
    if (how == 1)
      day.judge(limit);
    if (how == 2 && !judged)
      judged = judgeSome(day.storage(), day.now(), limit).value();
  }

  static std::string text(std::int64_t unixMs) { return unixMsToLondon(unixMs); }

  std::string rows() {
    std::string text;
    for (const auto& [sql, columns] :
         {std::pair("SELECT provider_id, visit_id, contract_id, person_id, day, basis_day, "
                    "due_unix_ms, rule_version, facts FROM visit_record ORDER BY 1, 2",
                    9),
          std::pair("SELECT provider_id, visit_id, slot, person_id, carer_id, start_unix_ms, "
                    "punctuality, late_ms FROM slot_record ORDER BY 1, 2, 3",
                    8)}) {
      auto statement = day.storage().writer().prepare(sql).value();
      while (statement.step().value()) {
        for (int column = 0; column < columns; ++column)
          text += toHex(statement.columnBlob(column)) + "|";
        text += "\n";
      }
    }
    return text;
  }
  Reading reading(sql::Database& database) { return {database, officer, day.now(), key}; }

  county::Random random;
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north", "south"});
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};
  std::vector<CarerId> carers;
  std::vector<PersonId> people;
  std::multimap<std::int64_t, std::function<void()>> acts;
  int visits = 0;
  std::optional<Settlement> judged;
  int writtenLater = 0;
  int refused = 0;
};

std::map<std::string, measures::Figure> figuresOfFile(GeneratedWeek& week) {
  const auto lease = week.day.storage().read();
  const auto piece = exportPiece(week.reading(lease), {}, {});
  REQUIRE(piece.ok());
  REQUIRE_FALSE(piece->next);
  auto visits = measure_files::readVisits(measure_files::asTextFile("visits.csv", piece->text));
  INFO((visits.ok() ? std::string() : visits.error().text));
  REQUIRE(visits.ok());
  const auto json = exportRules(week.reading(lease));
  REQUIRE(json.ok());
  auto rules = measure_files::readRules(measure_files::asTextFile("rules.json", *json));
  REQUIRE(rules.ok());
  measures::MeasureInput input;
  input.visits = std::move(visits->visits);
  input.rules = *std::move(rules);
  const measures::MeasureQuery query;
  const measures::Recomputation all(input, query);
  std::map<std::string, measures::Figure> figures;
  for (const auto& each : all.figuresOf(all.groups().begin()->second).figures)
    figures.emplace(each.id, each.figure);
  return figures;
}

std::map<std::string, measures::Figure> figuresOfServer(GeneratedWeek& week) {
  const auto lease = week.day.storage().read();
  v1::MeasureFilter filter;
  filter.set_contract_id(roster::contracts(lease).value().front().id.value);
  filter.set_first_day("2026-11-01");
  filter.set_last_day("2026-12-31");
  const auto opened = MeasureReading::open(week.reading(lease), filter, {});
  INFO((opened.ok() ? std::string() : opened.error().text));
  REQUIRE(opened.ok());
  const auto answer = (*opened)->figures({});
  REQUIRE(answer.ok());
  REQUIRE(answer->groups_size() == 1);
  std::map<std::string, measures::Figure> figures;
  for (const auto& each : answer->groups(0).figures())
    figures.emplace(each.id(), measures::Figure{each.numerator(), each.denominator()});
  return figures;
}

void checkWeek(GeneratedWeek& week) {
  const std::string kept = week.rows();
  const auto figures = figuresOfServer(week);
  REQUIRE(figures.at("missed.rate").denominator > 0);
  CHECK(figures == figuresOfFile(week));

  REQUIRE(week.day.storage().write(clearRecords).ok());
  week.day.judge(static_cast<std::uint32_t>(week.random.between(1, 50)));
  CHECK(week.rows() == kept);

  week.day.rebuild(static_cast<std::size_t>(week.random.between(1, 20)));
  REQUIRE(week.day.storage().write(clearRecords).ok());
  week.day.judge();
  CHECK(week.rows() == kept);
  CHECK(figuresOfServer(week) == figures);
}

TEST_CASE("whatever the order, what is judged piece by piece is what a rebuild and a file give") {
  int writtenLater = 0;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    INFO("seed " << seed);
    GeneratedWeek week(seed);
    checkWeek(week);
    writtenLater += week.writtenLater;
    refused += week.refused;
  }
  CHECK(writtenLater > 0);
  CHECK(refused > 0);
}

}  // namespace
}  // namespace doorstep::records
