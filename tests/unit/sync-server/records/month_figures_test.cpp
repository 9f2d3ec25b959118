// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/month_figures.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"
#include "sync-server/records/figures/freeze_reading.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Two visits in November: Ann made hers, of Bea's nothing is known; her phone was heard on the
// 20th.
struct November {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId first = visit(ann, "23T08:00:00", "23T08:30:00", "v1");
  VisitId second = visit(bea, "24T08:00:00", "24T08:30:00", "v2");
  ContractId contract;
  crypto::SecretKey key{};

  November() {
    day.checkIn(ann, first, "2026-11-23T08:05:00");
    day.checkOut(ann, first, "2026-11-23T08:35:00");
    day.hear(bea, "2026-11-20T12:00:00");
    day.send(ann, "2026-11-23T09:00:00");
    contract = roster::contracts(day.storage().writer()).value().front().id;
    at("2026-12-01T12:00:00");
  }
  VisitId visit(CarerId carer, const std::string& from, const std::string& to,
                const std::string& ref) {
    ProviderDay::PlannedCare care{.person = person, .carers = {carer}, .ref = ref};
    care.from = "2026-11-" + from;
    care.to = "2026-11-" + to;
    return day.addVisit(provider, care);
  }
  void at(const std::string& now) {
    day.setNow(now);
    day.judge();
  }
  Reading reading() { return {day.storage().writer(), caller, day.now(), key}; }
  Result<MonthReading> read(const std::string& month = "2026-11") {
    return readMonth(reading(), contract, month);
  }
  std::string missed(const MonthReading& month) {
    const auto figure = keptFigures(month.figures.measures).value().at("missed.rate");
    return figure.first + "/" + figure.second;
  }
  // Bea's phone comes back.
  void hearBea() {
    day.checkIn(bea, second, "2026-11-24T08:00:00");
    day.checkOut(bea, second, "2026-11-24T08:30:00");
    day.send(bea, "2026-12-01T13:00:00");
    at("2026-12-01T14:00:00");
  }
  void freeze(const MonthReading& month) {
    REQUIRE(day.decide(
                   [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                     DOORSTEP_TRY(freezes::freezeMonth(database, month.figures, "closed", act));
                     return kDone;
                   },
                   AccountId(7))
                .ok());
  }
  identity::AccountCaller caller = day.officer("County");
};

TEST_CASE("a month's days are those of its calendar") {
  const auto february = daysOfMonth("2028-02");
  REQUIRE(february.ok());
  CHECK(measures::dayText(february->first) == "2028-02-01");
  CHECK(measures::dayText(february->last) == "2028-02-29");
  for (const char* wrong : {"", "2026", "2026-13", "2026-1", "2026-11-01", "November"})
    CHECK(daysOfMonth(wrong).error().reason == "MONTH_FORMAT");
}

TEST_CASE("what is frozen are the figures of the month's visits, with rules and checkpoints") {
  November november;
  const auto month = november.read();
  REQUIRE(month.ok());
  const freezes::MonthFigures& figures = month->figures;
  CHECK(figures.contractRef == "Dales Care for County");
  CHECK(figures.visits == 2);
  CHECK(november.missed(*month) == "1/2");
  CHECK(figures.ruleVersions == std::vector<std::uint32_t>{1});
  CHECK(figures.asOfUnixMs == november.day.now());
  REQUIRE(figures.logs.size() == 1);
  CHECK(figures.logs.front().provider == november.provider);
  const auto head = november.day.log().publishedHead(november.provider).value();
  CHECK(figures.logs.front().size == head.size);
  CHECK(figures.logs.front().root == head.root);
}

TEST_CASE("a month that is not over, is empty, or is another council's is not read") {
  November november;
  CHECK(november.read("2026-10").error().reason == "MONTH_EMPTY");
  CHECK(november.read("2026-12").error().reason == "MONTH_NOT_OVER");
  CHECK(november.read("9999-12").error().reason == "MONTH_NOT_OVER");
  november.day.setNow("2026-12-01T11:59:59");
  CHECK(november.read().error().reason == "MONTH_NOT_OVER");
  november.day.setNow("2026-12-01T12:00:00");
  CHECK(november.read().ok());
  november.caller = november.day.officer("Elsewhere");
  CHECK(november.read().error().reason == "CONTRACT_UNKNOWN");
}

TEST_CASE("a silent phone is named with the visits that it may say something of") {
  November november;
  const auto month = november.read();
  REQUIRE(month.ok());
  REQUIRE(month->silent.size() == 1);
  CHECK(month->silent.front().carer == november.bea);
  CHECK(month->silent.front().visits == 1);
  CHECK(month->silent.front().heardUnixMs == ProviderDay::ms("2026-11-20T12:00:00"));
  CHECK(month->figures.visitsSilent == 1);
  const auto message = silentMessage(november.reading(), *month);
  CHECK(message.silent_phones(0).carer_pseudonym().size() == 20);
  SECTION("until it is heard, whatever it says") {
    november.day.hear(november.bea, "2026-12-01T13:00:00");
    november.at("2026-12-01T14:00:00");
    const auto heard = november.read();
    CHECK(heard->silent.empty());
    CHECK(heard->figures.visitsSilent == 0);
    CHECK(november.missed(*heard) == "1/2");
  }
  SECTION("and not when the visit was made") {
    november.hearBea();
    CHECK(november.read()->silent.empty());
  }
}

TEST_CASE("what comes later is an addendum: each figure as it was and as it is") {
  November november;
  november.freeze(*november.read());
  november.hearBea();
  const auto frozen = readFreeze(november.reading(), november.contract, "2026-11", 0);
  REQUIRE(frozen.ok());
  CHECK(frozen->freeze().freeze() == 1);
  CHECK(frozen->freeze().note() == "closed");
  CHECK(frozen->freeze().visits_silent() == 1);
  CHECK(frozen->freeze().measures_sha256_hex() ==
        toHex(crypto::sha256(frozen->measures_json()).view()));
  std::size_t changed = 0;
  for (const auto& figure : frozen->figures()) {
    changed += figure.changed() ? 1 : 0;
    if (figure.id() == "missed.rate") {
      CHECK(figure.changed());
      CHECK(figure.then().numerator() == 1);
      CHECK(figure.now().numerator() == 0);
      CHECK(figure.now().denominator() == 2);
    }
    if (figure.id() == "no_entry.rate")
      CHECK_FALSE(figure.changed());
  }
  CHECK(changed > 3);
  CHECK(readFreeze(november.reading(), november.contract, "2026-11", 2).error().reason ==
        "FREEZE_UNKNOWN");
  CHECK(readFreeze(november.reading(), november.contract, "2026-10", 0).error().reason ==
        "FREEZE_UNKNOWN");
  november.caller = november.day.supervisor(november.provider);
  CHECK(readFreeze(november.reading(), november.contract, "2026-11", 1)->figures_size() > 0);
  november.caller = november.day.officer("Elsewhere");
  CHECK(readFreeze(november.reading(), november.contract, "2026-11", 1).error().reason ==
        "CONTRACT_UNKNOWN");
}

TEST_CASE("the kept hash is that of the file exported as of the freeze, until something comes") {
  November november;
  const Reading frozenAt = november.reading();
  const auto days = daysOfMonth("2026-11").value();
  const auto kept = monthFileHash(frozenAt, november.contract, days);
  REQUIRE(kept.ok());
  november.day.setNow("2026-12-01T12:30:00");
  CHECK(*monthFileHash(frozenAt, november.contract, days) == *kept);
  CHECK(*monthFileHash(november.reading(), november.contract, days) != *kept);  // exported_utc
  november.hearBea();
  CHECK(*monthFileHash(frozenAt, november.contract, days) != *kept);
}

TEST_CASE("freezes are listed in pages") {
  November november;
  november.freeze(*november.read());
  const auto page = listFreezes(november.reading(), november.contract, 0, 1);
  REQUIRE(page.ok());
  REQUIRE(page->response.freezes_size() == 1);
  CHECK(page->next == 0);
  CHECK(page->response.freezes(0).export_last_day() == "2026-12-01");
  CHECK(listFreezes(november.reading(), november.contract, 1, 1)->response.freezes_size() == 0);
}

TEST_CASE("kept figures that were damaged are an error") {
  for (const char* wrong : {"", "{}", "[]", "{\"groups\":[]}", "{\"groups\":[{}]}",
                            "{\"groups\":[{\"measures\":{\"a\":{}}}]}"})
    CHECK(keptFigures(wrong).error().reason == "FREEZE_DAMAGED");
}

}  // namespace
}  // namespace doorstep::records
