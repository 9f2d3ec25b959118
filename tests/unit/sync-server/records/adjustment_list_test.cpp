// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/adjustment_list.h"

#include <catch2/catch.hpp>

#include "sync-server/adjustments/adjustment_writer.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using adjustments::AdjustmentPlace;
using support::ProviderDay;

// A visit from 08:05 to 08:25 that supervisor 7 calls 08:00 to 08:35, and one that supervisor 8
// calls shorter by 5 minutes, three days after; both of the County's contract. And another
// provider's, of another council.
struct Desk {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId first = visit(provider, person, ann, "23T08:00:00", "23T08:30:00", "v1");
  VisitId second = visit(provider, person, ann, "24T08:00:00", "24T08:30:00", "v2");
  ProviderId other = day.addProvider("Fell Care", "Town", {"south"});
  CarerId bea = day.addCarer(other, "Bea");
  VisitId elsewhere =
      visit(other, day.addPerson(other, "p2", "south"), bea, "23T08:00:00", "23T08:30:00", "w1");

  Desk() {
    attend(ann, first, "23T08:05:00", "23T08:25:00");
    attend(ann, second, "24T08:00:00", "24T08:30:00");
    day.send(ann, "2026-11-24T09:00:00");
    attend(bea, elsewhere, "23T08:00:00", "23T08:30:00");
    day.send(bea, "2026-11-24T09:00:00");
    day.setNow("2026-11-24T10:00:00");
    approve(7, provider, first, "23T08:00:00", "23T08:35:00", "C7", "A3");
    day.setNow("2026-11-27T10:00:00");
    approve(8, provider, second, "24T08:00:00", "24T08:25:00", "V2", "A8");
    approve(9, other, elsewhere, "23T08:00:00", "23T09:00:00", "C7", "A8");
    day.judge();
  }
  VisitId visit(ProviderId of, PersonId who, CarerId carer, const std::string& from,
                const std::string& to, const std::string& ref) {
    ProviderDay::PlannedCare care{.person = who, .carers = {carer}, .ref = ref};
    care.from = "2026-11-" + from;
    care.to = "2026-11-" + to;
    return day.addVisit(of, care);
  }
  void attend(CarerId carer, VisitId visit, const std::string& from, const std::string& to) {
    day.checkIn(carer, visit, "2026-11-" + from);
    day.checkOut(carer, visit, "2026-11-" + to);
  }
  void approve(std::uint64_t account, ProviderId of, VisitId visit, const std::string& start,
               const std::string& end, const std::string& reason, const std::string& action,
               std::uint32_t seen = 0) {
    adjustments::TimesOrder order{.place = {of, visit, 1, seen},
                                  .startUnixMs = ProviderDay::ms("2026-11-" + start),
                                  .endUnixMs = ProviderDay::ms("2026-11-" + end),
                                  .reason = reason,
                                  .action = action,
                                  .note = "Ann said so",
                                  .byRole = "supervisor"};
    decide(account, [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_TRY(adjustments::approveTimes(database, order, {}, act));
      return kDone;
    });
  }
  void decide(std::uint64_t account, const office::OfficeLog::Job& job) {
    const auto done = day.decide(job, AccountId(account));
    if (!done.ok())
      FAIL(done.error().reason);
  }
  AdjustmentPage list(const identity::AccountCaller& caller, const AdjustmentFilter& filter = {},
                      const std::optional<AdjustmentPlace>& below = {}, std::uint32_t size = 10) {
    const auto page = listAdjustments(reading(caller), filter, below, size);
    REQUIRE(page.ok());
    return *page;
  }
  v1::GetAdjustmentTotalsResponse totals(const identity::AccountCaller& caller,
                                         const AdjustmentFilter& filter = {}) {
    return adjustmentTotals(reading(caller), filter).value();
  }
  Reading reading(const identity::AccountCaller& caller) {
    return {day.storage().writer(), caller, day.now(), key};
  }
  crypto::SecretKey key{};
};

TEST_CASE("adjustments stand beside what was recorded, with what they gain and whether late") {
  Desk desk;
  const auto page = desk.list(desk.day.supervisor(desk.provider));
  REQUIRE(page.response.adjustments_size() == 2);
  CHECK_FALSE(page.next);
  const auto& newest = page.response.adjustments(0);
  CHECK(newest.visit_ref() == "v2");
  CHECK(newest.gain_ms() == -300'000);
  CHECK(newest.late());  // 73.5 hours after 08:25
  CHECK(newest.reason() == "V2");
  const auto& older = page.response.adjustments(1);
  CHECK(older.visit_id() == desk.first.value);
  CHECK(older.day() == "2026-11-23");
  CHECK(older.ruled_start_unix_ms() == ProviderDay::ms("2026-11-23T08:05:00"));
  CHECK(older.raw_end_unix_ms() == ProviderDay::ms("2026-11-23T08:25:00"));
  CHECK(older.end_unix_ms() == ProviderDay::ms("2026-11-23T08:35:00"));
  CHECK(older.gain_ms() == 900'000);
  CHECK_FALSE(older.late());
  CHECK(older.in_force());
  CHECK(older.note() == "Ann said so");
  CHECK(older.editor_account_id() == 7);
  REQUIRE(page.looks.size() == 1);
  CHECK(page.looks.front().person == desk.person);
}

TEST_CASE("a council sees what was adjusted under its contracts, without notes") {
  Desk desk;
  const auto county = desk.list(desk.day.officer("County"));
  REQUIRE(county.response.adjustments_size() == 2);
  CHECK(county.response.adjustments(0).note().empty());
  const auto town = desk.list(desk.day.officer("Town"));
  REQUIRE(town.response.adjustments_size() == 1);
  CHECK(town.response.adjustments(0).visit_id() == desk.elsewhere.value);
  CHECK(desk.list(desk.day.officer("Elsewhere")).response.adjustments_size() == 0);
  CHECK(desk.list(desk.day.theOperator()).response.adjustments_size() == 3);
  // Whatever it asks for.
  CHECK(
      desk.list(desk.day.officer("County"), {.provider = desk.other}).response.adjustments_size() ==
      0);
  CHECK(desk.totals(desk.day.officer("Elsewhere")).totals().adjusted() == 0);
  CHECK(desk.list(desk.day.supervisor(desk.other), {.provider = desk.provider})
            .response.adjustments_size() == 0);
}

TEST_CASE("totals count what is in force, by editor and by reason") {
  Desk desk;
  const auto council = desk.day.officer("County");
  auto totals = desk.totals(council);
  CHECK(totals.totals().adjusted() == 2);
  CHECK(totals.totals().late() == 1);
  CHECK(totals.totals().no_evidence() == 1);
  CHECK(totals.totals().gain_known() == 2);
  CHECK(totals.totals().gain_ms() == 600'000);
  CHECK(totals.totals().gained_ms() == 900'000);
  REQUIRE(totals.by_editor_size() == 2);
  CHECK(totals.by_editor(0).account_id() == 7);
  CHECK(totals.by_editor(1).totals().gain_ms() == -300'000);
  REQUIRE(totals.by_reason_size() == 2);
  CHECK(totals.by_reason(0).reason() == "C7");
  CHECK(totals.by_reason(0).totals().adjusted() == 1);

  desk.approve(8, desk.provider, desk.first, "23T08:05:00", "23T08:26:00", "C7", "A1", 1);
  totals = desk.totals(council);
  CHECK(totals.totals().adjusted() == 2);
  CHECK(totals.totals().gain_ms() == -240'000);
  CHECK(totals.by_editor_size() == 1);
  CHECK(desk.list(council).response.adjustments_size() == 3);
  desk.decide(8, [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_TRY(adjustments::withdrawTimes(database, {desk.provider, desk.first, 1, 2}, "",
                                            "supervisor", act));
    DOORSTEP_TRY(adjustments::explainSlot(
        database, {{desk.provider, desk.first, 1, 3}, "P3", "person", "", "supervisor"}, act));
    return kDone;
  });
  totals = desk.totals(council);
  CHECK(totals.totals().adjusted() == 1);
  CHECK(totals.totals().explained() == 1);
  const auto page = desk.list(council);
  REQUIRE(page.response.adjustments_size() == 5);
  std::size_t inForce = 0;
  for (const auto& each : page.response.adjustments())
    inForce += each.in_force() ? 1 : 0;
  CHECK(inForce == 2);
}

TEST_CASE("a filter chooses by contract, days, editor, reason and visit") {
  Desk desk;
  const auto caller = desk.day.theOperator();
  const auto count = [&](const AdjustmentFilter& filter) {
    return desk.list(caller, filter).response.adjustments_size();
  };
  CHECK(count({.provider = desk.provider}) == 2);
  CHECK(count({.visit = desk.first}) == 1);
  CHECK(count({.provider = desk.provider, .visit = desk.first}) == 1);
  CHECK(count({.provider = desk.other, .visit = desk.first}) == 0);
  CHECK(count({.editor = AccountId(9)}) == 1);
  CHECK(count({.reason = "C7"}) == 2);
  const auto day = measures::parseDay("2026-11-23");
  CHECK(count({.from = day, .to = day}) == 2);
  CHECK(count({.from = *day + 1}) == 1);
  CHECK(count({.contract = ContractId(99)}) == 0);
  v1::AdjustmentFilter message;
  message.set_first_day("2026-11-24");
  message.set_last_day("2026-11-23");
  CHECK(readFilter(message).error().reason == "DAYS_REVERSED");
  message.set_last_day("24.11.2026");
  CHECK(readFilter(message).error().reason == "DAY_FORMAT");
  message.set_last_day("");
  message.set_reason("Q1");
  CHECK(readFilter(message).error().reason == "REASON_UNKNOWN");
}

TEST_CASE("pages follow each other without a gap or a repetition, also within one moment") {
  Desk desk;
  const auto caller = desk.day.theOperator();
  std::vector<std::uint64_t> visits;
  std::optional<AdjustmentPlace> below;
  do {
    const auto page = desk.list(caller, {}, below, 1);
    for (const auto& each : page.response.adjustments())
      visits.push_back(each.visit_id());
    below = page.next;
  } while (below && visits.size() < 10);
  std::sort(visits.begin(), visits.end());
  std::vector<std::uint64_t> all{desk.first.value, desk.second.value, desk.elsewhere.value};
  std::sort(all.begin(), all.end());
  CHECK(visits == all);
}

TEST_CASE("ruled times of a slot are those without its adjustments") {
  Desk desk;
  auto& database = desk.day.storage().writer();
  const auto ruled = ruledTimes(database, desk.provider, desk.first, 1);
  REQUIRE(ruled.ok());
  CHECK(ruled->startUnixMs == ProviderDay::ms("2026-11-23T08:05:00"));
  CHECK(ruled->endUnixMs == ProviderDay::ms("2026-11-23T08:25:00"));
  CHECK_FALSE(ruledTimes(database, desk.provider, desk.first, 2)->startUnixMs);
  CHECK_FALSE(ruledTimes(database, desk.provider, VisitId(9), 1)->startUnixMs);
}

}  // namespace
}  // namespace doorstep::records
