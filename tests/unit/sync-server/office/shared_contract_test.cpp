// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::office {
namespace {

// A contract of two providers. Rules of its own before the second one joins, and others afterwards.
struct SharedContract : LoggedOffice {
  SharedContract() {
    import(rota());
    clock.advance(60'000);
    REQUIRE(setRules("Leicestershire", 5).ok());
    first = provider;
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  DOORSTEP_ASSIGN(second,
                                  roster::ensureProvider(database, "Vale Care", clock, ids));
                  return kDone;
                })
                .ok());
    provider = second;
    import(rota());
    clock.advance(60'000);
    REQUIRE(setRules("Leicestershire", 7).ok());
    clock.advance(60'000);
    provider = first;
    REQUIRE(setRules("Leicestershire", 9).ok());
  }
  std::vector<visits::OfficeFact> rulesFacts(ProviderId of) {
    provider = of;
    std::vector<visits::OfficeFact> found;
    for (const auto& fact : facts())
      if (std::holds_alternative<visits::RulesSet>(fact.decision))
        found.push_back(fact);
    return found;
  }
  std::vector<std::string> findings(ProviderId of) {
    provider = of;
    const auto audited = audit();
    CHECK(audited.logFindings == 0);
    return audited.office.texts;
  }
  ProviderId first, second;
};

TEST_CASE("a rules version is in the log of each provider of the contract, with a common id") {
  SharedContract office;
  const auto first = office.rulesFacts(office.first);
  const auto second = office.rulesFacts(office.second);
  REQUIRE(first.size() == 4);
  REQUIRE(second.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    INFO(i);
    CHECK(first[i].decision == second[i].decision);
    CHECK((first[i].act != 0) == (i >= 2));
    if (i >= 2)
      CHECK(first[i].act == second[i].act);
  }
  CHECK(first[2].act != first[3].act);
  // What held when the second one joined was said to it alone.
  CHECK(second[0].act == 0);
  CHECK(office.findings(office.first).empty());
  CHECK(office.findings(office.second).empty());
}

TEST_CASE("a provider that is taken out of a contract, or put into one, is found in its log") {
  SharedContract office;
  const auto damage = [&](const std::string& sql) {
    REQUIRE(office.database().execute(sql.c_str()).ok());
  };
  SECTION("out") {
    damage("DELETE FROM contract_party WHERE provider_id = " + std::to_string(office.second.value));
    const auto found = office.findings(office.second);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].find("it is in the log and not in the database") != std::string::npos);
    CHECK(office.findings(office.first).empty());
  }
  SECTION("in") {
    damage(
        "INSERT INTO contract (contract_id, council_id, ref) SELECT 99, council_id, 'other' "
        "FROM council");
    damage(
        "INSERT INTO contract_rules (contract_id, rule_version, from_unix_ms, "
        "late_tolerance_min, early_tolerance_min, time_critical_tolerance_min, missed_after_min) "
        "VALUES (99, 1, 0, 60, 60, 60, 60)");
    damage("INSERT INTO contract_party VALUES (99, " + std::to_string(office.second.value) + ")");
    CHECK(office.findings(office.second).size() == 1);
    CHECK(office.findings(office.first).empty());
  }
}

}  // namespace
}  // namespace doorstep::office
