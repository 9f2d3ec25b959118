// SPDX-License-Identifier: Apache-2.0
#include "sync-server/freezes/freeze_store.h"

#include "sync-server/freezes/limits.h"
#include "tests/unit/sync-server/freezes/frozen_office.h"

namespace doorstep::freezes {
namespace {

std::string reasonOf(const Result<Freeze>& result) {
  return result.ok() ? "" : result.error().reason;
}

TEST_CASE("a freeze keeps the month's figures and is said in the log") {
  FrozenOffice office;
  const auto made = office.freeze(office.figures());
  REQUIRE(made.ok());
  const auto kept = office.all();
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().number == 1);
  CHECK(kept.front().account == AccountId(7));
  CHECK(kept.front().madeUnixMs == office.clock.wallUnixMs());
  CHECK(kept.front().note == "closed");
  CHECK(kept.front().figures.measures == "{}");
  CHECK_FALSE(kept.front().unfrozen);
  CHECK(factOf(kept.front()) == factOf(*made));
  const visits::OfficeFact fact = office.facts().back();
  CHECK(fact.reasonText == "closed");
  const auto& frozen = std::get<visits::MonthFrozen>(fact.decision);
  CHECK(frozen == factOf(kept.front()));
  CHECK(frozen.ruleVersions == std::vector<std::uint32_t>{1, 3});
  CHECK(frozen.measuresSha256 == crypto::sha256("{}"));
}

TEST_CASE("a month is frozen once, and again after it was opened with a reason") {
  FrozenOffice office;
  CHECK(reasonOf(office.unfreeze(1)) == "NOT_FROZEN");
  REQUIRE(office.freeze(office.figures()).ok());
  CHECK(reasonOf(office.freeze(office.figures())) == "ALREADY_FROZEN");
  CHECK(office.said<visits::MonthFrozen>().size() == 1);
  CHECK(reasonOf(office.unfreeze(1, "")) == "NOTE_MISSING");
  CHECK(reasonOf(office.unfreeze(2)) == "FREEZE_CHANGED");
  CHECK(reasonOf(office.unfreeze(1, "why", "2026-10")) == "NOT_FROZEN");
  REQUIRE(office.unfreeze(1).ok());
  CHECK(reasonOf(office.unfreeze(1)) == "NOT_FROZEN");
  REQUIRE(office.freeze(office.figures()).ok());
  const auto kept = office.all();
  REQUIRE(kept.size() == 2);
  REQUIRE(kept.front().unfrozen);
  CHECK(kept.front().unfrozen->note == "a phone was found");
  CHECK(kept.front().unfrozen->account == AccountId(8));
  CHECK(kept.back().number == 2);
  CHECK_FALSE(kept.back().unfrozen);
  CHECK(office.said<visits::MonthUnfrozen>() ==
        std::vector<visits::MonthUnfrozen>{unfrozenFactOf(kept.front())});
}

TEST_CASE("other months are frozen by themselves, and notes are checked") {
  FrozenOffice office;
  REQUIRE(office.freeze(office.figures()).ok());
  auto october = office.figures();
  october.month = "2026-10";
  CHECK(reasonOf(office.freeze(october, std::string(kNoteBytesMax + 1, 'a'))) == "NOTE_TOO_LONG");
  CHECK(reasonOf(office.freeze(october, "\xff")) == "NOTE_NOT_TEXT");
  CHECK(office.freeze(october, "").ok());
  CHECK(office.all().size() == 2);
  CHECK(freezesOfMonth(office.database(), ContractId(5), "2026-10").value().size() == 1);
  CHECK(freezesOf(office.database(), ContractId(6)).value().empty());
}

}  // namespace
}  // namespace doorstep::freezes
