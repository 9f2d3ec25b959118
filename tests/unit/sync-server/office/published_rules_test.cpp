// SPDX-License-Identifier: Apache-2.0
// Rules that an officer publishes: a version in the database, a decision in each provider's log.
#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/roster/rule_versions.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::office {
namespace {

constexpr const char* kRef = "Leicestershire";

struct PublishedRules : LoggedOffice {
  PublishedRules() {
    import(rota());
    clock.advance(60'000);
    REQUIRE(setRules(kRef, 20).ok());
    contract = roster::contractsOfRef(database(), kRef)->at(0).id;
  }
  std::int64_t today() const { return londonDayNumber(clock.wallUnixMs()); }
  roster::RulesDraft draft() {
    return {.newestSeen = newest(),
            .rules = measures::findRulePack("essex_kpi3")->rules,
            .firstDay = today() + 1,
            .lastDay = {},
            .reason = "agreed at the contract meeting"};
  }
  std::uint32_t newest() { return static_cast<std::uint32_t>(kept().back().version.number); }
  std::vector<roster::KeptRules> kept() {
    auto reader = roster::RulesReader::open(database());
    return reader->ofContract(contract).value();
  }
  Result<std::uint32_t> publish(const roster::RulesDraft& draft) {
    return office->writeWithAnswer<std::uint32_t>(
        {AccountId(7), {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
          return roster::publishRules(database, contract, draft, clock.wallUnixMs(), act);
        });
  }
  std::string refusal(const roster::RulesDraft& draft) {
    const std::size_t before = kept().size();
    const auto published = publish(draft);
    REQUIRE_FALSE(published.ok());
    CHECK(kept().size() == before);
    return published.error().reason;
  }
  ContractId contract;
};

TEST_CASE("a published version holds every parameter, who made it, when and why") {
  PublishedRules office;
  const auto draft = office.draft();
  CHECK(*office.publish(draft) == 3);
  const auto made = office.kept().back();
  CHECK(made.version.number == 3);
  CHECK(made.version.rules == draft.rules);
  CHECK(made.version.effectiveFrom == office.today() + 1);
  CHECK_FALSE(made.version.effectiveTo);
  CHECK(made.account == AccountId(7));
  CHECK(made.decidedUnixMs == office.clock.wallUnixMs());
  CHECK(made.reason == draft.reason);
  CHECK_FALSE(made.isCorrection);
  const auto facts = office.facts();
  CHECK(facts.back().reason == visits::OfficeReason::Rules);
  CHECK(facts.back().reasonText == draft.reason);
  CHECK(facts.back().account == AccountId(7));
  CHECK(std::get<visits::RulesSet>(facts.back().decision) ==
        roster::factOf(office.contract, kRef, made));
  CHECK(office.audit().office.findings == 0);
}

TEST_CASE("today is judged by the old rules, tomorrow by the published ones") {
  PublishedRules office;
  REQUIRE(office.publish(office.draft()).ok());
  const auto contract = roster::contractsOfRef(office.database(), kRef)->at(0);
  const std::int64_t tomorrow = londonDayBeginUnixMs(office.today() + 1);
  CHECK(roster::rulesAt(contract, tomorrow - 1).number == 2);
  CHECK(roster::rulesAt(contract, tomorrow).number == 3);
}

TEST_CASE("of two officers who publish at once the second one hears that the rules changed") {
  PublishedRules office;
  const auto first = office.draft();
  auto second = office.draft();
  second.rules.lateToleranceMin = 40;
  REQUIRE(office.publish(first).ok());
  CHECK(office.refusal(second) == "RULES_CHANGED");
  second.newestSeen = office.newest();
  CHECK(*office.publish(second) == 4);
}

TEST_CASE("a day that has begun gets rules only as a correction, which says so") {
  PublishedRules office;
  auto draft = office.draft();
  draft.firstDay = office.today() - 30;
  CHECK(office.refusal(draft) == "RULES_FROM_PAST");
  draft.firstDay = office.today();
  CHECK(office.refusal(draft) == "RULES_FROM_PAST");
  draft.isCorrection = true;
  draft.firstDay = office.today() - 30;
  draft.lastDay = office.today() - 20;
  draft.reason = "";
  CHECK(office.refusal(draft) == "REASON_MISSING");
  draft.reason = "the schedule was read wrongly";
  REQUIRE(office.publish(draft).ok());
  const auto made = office.kept().back();
  CHECK(made.isCorrection);
  CHECK(made.version.effectiveTo == office.today() - 20);
  CHECK(office.facts().back().reason == visits::OfficeReason::Correction);
  CHECK(office.audit().office.findings == 0);
}

TEST_CASE("what cannot be published is refused and leaves nothing") {
  PublishedRules office;
  auto draft = office.draft();
  SECTION("no reason, or too many words") {
    draft.reason = "  ";
    CHECK(office.refusal(draft) == "REASON_MISSING");
    draft.reason = std::string(501, 'x');
    CHECK(office.refusal(draft) == "REASON_TOO_LONG");
  }
  SECTION("the last day before the first") {
    draft.lastDay = draft.firstDay - 1;
    CHECK(office.refusal(draft) == "DAYS_REVERSED");
  }
  SECTION("rules with a fault: its sentence is the answer") {
    draft.rules.lateToleranceMin = -1;
    const auto published = office.publish(draft);
    REQUIRE_FALSE(published.ok());
    CHECK(published.error().reason == "RULES_REFUSED");
    CHECK(published.error().text.find("late_tolerance_min is -1") == 0);
  }
  SECTION("rules that contradict each other") {
    draft.rules.driftLowPct = 200;
    CHECK(office.refusal(draft) == "RULES_REFUSED");
  }
  SECTION("what the newest version says already") {
    REQUIRE(office.publish(draft).ok());
    draft.newestSeen = office.newest();
    CHECK(office.refusal(draft) == "RULES_AS_BEFORE");
  }
  SECTION("a contract that is none") {
    office.contract = ContractId(99);
    const auto published = office.publish(draft);
    CHECK(published.error().reason == "CONTRACT_UNKNOWN");
  }
}

TEST_CASE("an import states its minutes and leaves the rest as published") {
  PublishedRules office;
  REQUIRE(office.publish(office.draft()).ok());
  REQUIRE(office.setRules(kRef, 12).ok());
  const auto made = office.kept().back();
  CHECK(made.version.number == 4);
  auto expected = office.draft().rules;
  expected.lateToleranceMin = 12;
  CHECK(made.version.rules == expected);
}

TEST_CASE("a version that stated four minutes alone is read as it judged") {
  PublishedRules office;
  REQUIRE(office.database().execute("UPDATE contract_rules SET parameters = NULL").ok());
  CHECK(office.kept().back().version.rules == measures::rulesOfFourMinutes(20, 15, 15, 60));
  CHECK(office.audit().office.findings == 0);
}

TEST_CASE("stored rules that cannot be read are an error, not other rules") {
  PublishedRules office;
  auto damage = office.database().prepare("UPDATE contract_rules SET parameters = ?");
  REQUIRE(damage->bindBlob(0, "\xff").run().ok());
  const auto read = roster::contracts(office.database());
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().reason == "RULES_DAMAGED");
}

}  // namespace
}  // namespace doorstep::office
