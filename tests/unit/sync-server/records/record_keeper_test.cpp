// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_keeper.h"

#include <catch2/catch.hpp>

#include "shared/core/bytes.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/adjustments/adjustment_store.h"
#include "sync-server/projections/touched_visits.h"
#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/facts_reader.h"
#include "sync-server/records/keeping/record_audit.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// A provider with two carers who come to one person.
struct Round {
  explicit Round(const measures::Rules& given = measures::unstatedRules()) : rules(given) {}
  const measures::Rules rules;
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north", "south"},
                                        roster::StatedRules{.pack = rules});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");

  VisitId plan(const std::string& from, const std::string& to, std::vector<CarerId> carers) {
    ProviderDay::PlannedCare care{.person = person, .carers = std::move(carers)};
    care.from = "2026-11-" + from;
    care.to = "2026-11-" + to;
    return day.addVisit(provider, care);
  }
  void attend(CarerId carer, VisitId visit, const std::string& from, const std::string& to) {
    day.checkIn(carer, visit, "2026-11-" + from);
    day.checkOut(carer, visit, "2026-11-" + to);
  }
  std::optional<VisitRow> row(VisitId visit) {
    return RecordStore::open(day.storage().writer())->visit(provider, visit).value();
  }
  std::vector<SlotRow> slots(VisitId visit) {
    return RecordStore::open(day.storage().writer())->slots(provider, visit).value();
  }
  measures::VisitFacts facts(VisitId visit) { return decodeFacts(row(visit)->facts).value(); }
  // Everything that is kept, as text.
  std::string rows() {
    std::string text;
    auto& database = day.storage().writer();
    for (const auto& [sql, columns] :
         {std::pair("SELECT provider_id, visit_id, contract_id, person_id, day, basis_day, "
                    "due_unix_ms, rule_version, facts FROM visit_record ORDER BY 1, 2",
                    9),
          std::pair("SELECT provider_id, visit_id, slot, person_id, carer_id, start_unix_ms, "
                    "punctuality, late_ms FROM slot_record ORDER BY 1, 2, 3",
                    8)}) {
      auto statement = database.prepare(sql).value();
      while (statement.step().value()) {
        for (int column = 0; column < columns; ++column)
          text += toHex(statement.columnBlob(column)) + "|";
        text += "\n";
      }
    }
    return text;
  }
  std::string rebuilt() {
    REQUIRE(day.storage().write(clearRecords).ok());
    day.judge();
    return rows();
  }
};

TEST_CASE("what nothing touches is not judged again") {
  Round round;
  const VisitId visit = round.plan("23T08:00:00", "23T08:30:00", {round.ann});
  const VisitId other = round.plan("24T08:00:00", "24T08:30:00", {round.ann});
  CHECK(isBehind(round.day.storage().writer(), round.day.now()).value());
  CHECK(round.day.judge() == 2);
  CHECK_FALSE(isBehind(round.day.storage().writer(), round.day.now()).value());
  CHECK(round.day.judge() == 0);
  round.attend(round.ann, visit, "23T08:05:00", "23T08:40:00");
  round.day.send(round.ann, "2026-11-23T09:00:00");
  CHECK(round.day.judge() == 1);
  CHECK(round.slots(visit).front().judgement.punctuality == visits::Punctuality::OnTime);
  CHECK(round.slots(other).front().judgement.punctuality == visits::Punctuality::Open);
}

TEST_CASE("a deadline judges an open visit, and only when it has passed") {
  Round round;
  const VisitId visit = round.plan("23T13:00:00", "23T13:30:00", {round.ann});
  round.day.judge();
  const auto due = round.row(visit)->dueUnixMs;
  REQUIRE(due);
  CHECK(*due == ProviderDay::ms("2026-11-23T15:00:00") + 1);  // end of 30 minutes, and 60
  round.day.setNow("2026-11-23T15:00:00");
  CHECK(round.day.judge() == 0);
  round.day.setNow("2026-11-23T15:00:01");
  CHECK(round.day.judge() == 1);
  CHECK(round.slots(visit).front().judgement.punctuality == visits::Punctuality::Missed);
  CHECK_FALSE(round.row(visit)->dueUnixMs);
}

TEST_CASE("a plan that is not locked yet is judged again when it is") {
  Round round;
  const VisitId visit = round.plan("26T08:00:00", "26T08:30:00", {round.ann});
  round.day.judge();
  CHECK_FALSE(round.facts(visit).locked);
  round.day.setNow("2026-11-25T08:00:01");
  CHECK(round.day.judge() == 1);
  CHECK(round.facts(visit).locked);
}

TEST_CASE("a carer's visit knows her last one at this person, whatever order they came in") {
  Round round;
  const VisitId first = round.plan("20T08:00:00", "20T08:30:00", {round.ann});
  const VisitId second = round.plan("21T08:00:00", "21T08:30:00", {round.bea});
  const VisitId third = round.plan("22T08:00:00", "22T08:30:00", {round.ann});
  round.attend(round.ann, third, "22T08:00:00", "22T08:30:00");
  round.attend(round.bea, second, "21T08:00:00", "21T08:30:00");
  round.day.send(round.ann, "2026-11-22T09:00:00");
  round.day.send(round.bea, "2026-11-22T09:00:00");
  round.day.judge();
  CHECK_FALSE(round.facts(third).slots.front().priorVisitMs);
  // Her phone had been silent; the record of two days before comes now.
  round.attend(round.ann, first, "20T08:10:00", "20T08:30:00");
  round.day.send(round.ann, "2026-11-23T09:00:00");
  CHECK(round.day.judge() == 2);  // and the visit after it
  CHECK(round.facts(third).slots.front().priorVisitMs ==
        round.facts(first).slots.front().start.ruledMs);
  CHECK_FALSE(round.facts(second).slots.front().priorVisitMs);
  const std::string kept = round.rows();
  CHECK(round.rebuilt() == kept);
}

TEST_CASE("a person's new lot touches the visits of its days alone") {
  Round round;
  const VisitId before = round.plan("20T08:00:00", "20T08:30:00", {round.ann});
  const VisitId after = round.plan("25T08:00:00", "25T08:30:00", {round.ann});
  // Of the service day of the 24th, and of the terms of the 25th.
  const VisitId night = round.plan("25T01:00:00", "25T01:30:00", {round.ann});
  round.day.judge();
  REQUIRE(round.day
              .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                DOORSTEP_ASSIGN(auto writer,
                                roster::PlanWriter::begin(database, round.provider, act,
                                                          roster::PlanReason::Unknown));
                roster::PersonTerms terms;
                terms.fromDay = londonDayNumber(ProviderDay::ms("2026-11-25T00:00:00"));
                terms.lot = "south";
                DOORSTEP_TRY(roster::putPersonTerms(database, round.provider, round.person, terms));
                DOORSTEP_TRY(writer.finish());
                return kDone;
              })
              .ok());
  CHECK(round.day.judge() == 2);
  CHECK(round.facts(before).lot == "north");
  CHECK(round.facts(after).lot == "south");
  CHECK(round.facts(night).lot == "south");
}

TEST_CASE("jobs of any size come to the same rows, also after a rebuild") {
  Round round;
  std::vector<VisitId> visits;
  for (const char* day : {"20", "21", "22", "23"}) {
    const std::string prefix = std::string(day) + "T";
    visits.push_back(round.plan(prefix + "08:00:00", prefix + "08:30:00", {round.ann}));
    visits.push_back(round.plan(prefix + "12:00:00", prefix + "12:30:00", {round.ann, round.bea}));
  }
  round.day.judge(1);
  for (std::size_t i = visits.size(); i-- > 0;) {
    const std::string hour = i % 2 == 0 ? "T08:" : "T12:";
    const std::string prefix = std::to_string(20 + i / 2) + hour;
    round.attend(round.ann, visits[i], prefix + "02:00", prefix + "29:00");
    round.day.send(round.ann, "2026-11-23T12:50:00");
    round.day.judge(1);
  }
  round.day.setNow("2026-11-24T12:00:00");
  round.day.judge(2);
  const std::string kept = round.rows();
  CHECK(round.rebuilt() == kept);
  CHECK(round.slots(visits[1]).back().judgement.punctuality == visits::Punctuality::Missed);
  // What figures read.
  const auto contract = round.row(visits[0])->contract;
  const measures::DayNumber day = round.row(visits[0])->day;
  auto& database = round.day.storage().writer();
  const auto found = readFacts(database, {contract, round.provider, day, day + 1}, 10, 1).value();
  REQUIRE(found.size() == 4);
  CHECK(found.front().facts.provider == "Dales Care");
  CHECK(found.front().facts.contractId == std::to_string(contract.value));
  CHECK(found.front().facts.exportedMs == 1);
  CHECK(readFacts(database, {contract, {}, day, day + 1}, 3, 1).error().reason ==
        "VISITS_TOO_MANY");
}

TEST_CASE("approved times judge in place of the recorded ones, which stay") {
  Round round;
  const VisitId visit = round.plan("23T08:00:00", "23T08:30:00", {round.ann});
  round.attend(round.ann, visit, "23T09:10:00", "23T09:40:00");
  round.day.send(round.ann, "2026-11-23T09:45:00");
  round.day.judge();
  CHECK(round.slots(visit).front().judgement.punctuality == visits::Punctuality::Late);
  const auto recorded = round.facts(visit).slots.front().start;
  adjustments::Adjustment approved;
  approved.provider = round.provider;
  approved.visit = visit;
  approved.slot = 1;
  approved.revision = 1;
  approved.startUnixMs = ProviderDay::ms("2026-11-23T08:05:00");
  approved.action = "A1";
  approved.madeUnixMs = ProviderDay::ms("2026-11-23T10:00:00");
  REQUIRE(round.day.storage()
              .write([&](sql::Database& database) -> Status {
                DOORSTEP_TRY(adjustments::addAdjustment(database, approved));
                return projections::touchVisit(database, round.provider, visit);
              })
              .ok());
  CHECK(round.day.judge() == 1);
  CHECK(round.slots(visit).front().judgement.punctuality == visits::Punctuality::OnTime);
  CHECK(round.slots(visit).front().startUnixMs == recorded.ruledMs);
  const auto slot = round.facts(visit).slots.front();
  CHECK(slot.start.ruledMs == recorded.ruledMs);
  CHECK(slot.start.adjustedMs == approved.startUnixMs);
  CHECK_FALSE(slot.end.adjustedMs);
  CHECK(slot.adjustAction == "A1");
  const std::string kept = round.rows();
  CHECK(round.rebuilt() == kept);
}

TEST_CASE("a person's next call ends the one before it, until it is called off") {
  measures::Rules rules = measures::unstatedRules();
  rules.missedRules = measures::bit(measures::MissedRule::NextPlanned);
  Round round(rules);
  const VisitId morning = round.plan("23T08:00:00", "23T08:30:00", {round.ann});
  const VisitId noon = round.plan("23T11:00:00", "23T11:30:00", {round.bea});
  round.attend(round.ann, morning, "23T11:10:00", "23T11:40:00");
  round.day.send(round.ann, "2026-11-23T11:50:00");
  round.day.judge();
  CHECK(round.slots(morning).front().judgement.punctuality == visits::Punctuality::Missed);
  // The record of the morning's visit changes with the plan of another.
  round.day.change(
      round.provider, noon,
      [](visits::PlannedVisit& plan) { plan.state = visits::VisitState::Cancelled; },
      visits::WantedBy::Council);
  CHECK(round.day.judge() == 1);
  CHECK(round.slots(morning).front().judgement.punctuality == visits::Punctuality::Late);
  const std::string kept = round.rows();
  CHECK(round.rebuilt() == kept);
}

TEST_CASE("a visit that is touched while it is judged is judged again") {
  Round round;
  const VisitId visit = round.plan("23T08:00:00", "23T08:30:00", {round.ann});
  round.day.judge();
  auto& storage = round.day.storage();
  round.day.checkIn(round.ann, visit, "2026-11-23T08:20:00");
  round.day.send(round.ann, "2026-11-23T08:21:00");
  const Settlement early = judgeSome(storage, round.day.now(), 10).value();
  REQUIRE(early.visits == 1);
  round.day.checkOut(round.ann, visit, "2026-11-23T08:50:00");
  round.day.send(round.ann, "2026-11-23T08:51:00");
  const auto write = [&](const Settlement& settlement) {
    return storage
        .writeWithAnswer<bool>(
            [&](sql::Database& database) { return writeSettlement(database, settlement); })
        .value();
  };
  SECTION("when it was written before, and by the newest state in the end") {
    CHECK(write(early));
    CHECK_FALSE(round.facts(visit).slots.front().end.ruledMs);
    CHECK(round.day.judge() == 1);
    CHECK(round.facts(visit).slots.front().end.ruledMs);
  }
  SECTION("and nothing is written by an older state than the records are of") {
    CHECK(round.day.judge() == 1);
    const std::string kept = round.rows();
    CHECK_FALSE(write(early));
    CHECK(round.rows() == kept);
    CHECK(round.day.judge() == 0);
  }
}

TEST_CASE("verify finds a record that somebody has changed, and none that waits") {
  Round round;
  const VisitId visit = round.plan("23T08:00:00", "23T08:30:00", {round.ann});
  const VisitId later = round.plan("23T10:00:00", "23T10:30:00", {round.ann});
  auto& database = round.day.storage().writer();
  CHECK(auditRecords(database, round.day.now())->kept == 0);
  round.day.judge();
  auto audit = auditRecords(database, round.day.now()).value();
  CHECK(audit.kept == 2);
  CHECK(audit.looked == 2);
  CHECK(audit.wrong.empty());
  round.attend(round.ann, later, "23T10:00:00", "23T10:30:00");
  round.day.send(round.ann, "2026-11-23T11:00:00");
  CHECK(auditRecords(database, round.day.now())->looked == 1);
  round.day.judge();
  REQUIRE(round.day.storage()
              .write([](sql::Database& writer) {
                return writer.execute("UPDATE slot_record SET punctuality = 1, late_ms = 7");
              })
              .ok());
  audit = auditRecords(database, round.day.now()).value();
  CHECK(audit.wrong ==
        std::vector{std::pair(round.provider, visit), std::pair(round.provider, later)});
}

}  // namespace
}  // namespace doorstep::records
