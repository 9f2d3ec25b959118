// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/roster/contract_lots.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

constexpr const char* kHead = "contract_ref,council,lot,lot_from,provider_role\n";
constexpr const char* kRulesHead = "contract_ref,council,lot,late_tolerance_min\n";

// Two providers that import rotas of their own.
struct TwoProviders : OfficeFixture {
  TwoProviders() {
    first = provider;
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  DOORSTEP_ASSIGN(second, ensureProvider(database, "Vale Care", clock, ids));
                  return kDone;
                })
                .ok());
  }
  // Empty: imported. Else the reason of the first fault.
  std::string importAs(ProviderId who, const std::string& contracts, const std::string& lot) {
    provider = who;
    RotaText text;
    text.people += "p1,Ann,,," + lot + "\n";
    text.carers += "c1,Cara\n";
    text.visits += visitRow("a", "p1", "c1", "2026-11-24");
    text.contracts = contracts;
    FaultList faults;
    const auto done = tryImport(text, faults);
    notes_ = done.ok() ? done->notes : FaultList();
    if (done.ok())
      return {};
    // A lot of a refused contract is not told as one without a contract.
    REQUIRE(faults.listed().size() == 1);
    text_ = faults.listed()[0].text;
    return faults.listed()[0].reason;
  }
  ProviderId first, second;
  std::string text_;
  FaultList notes_;
};

TEST_CASE("a rota that names another provider's contract of the same council joins it") {
  TwoProviders office;
  CHECK(
      office.importAs(office.first, std::string(kHead) + "k1,Leicestershire,north,,lead\n", "north")
          .empty());
  CHECK(office
            .importAs(office.second,
                      std::string(kHead) + "k1,Leicestershire,north,2026-11-24,supplementary\n"
                                           "k1,Leicestershire,east,,contingency\n",
                      "east")
            .empty());
  const auto all = contracts(office.database());
  REQUIRE(all->size() == 1);
  CHECK(covers((*all)[0], office.first));
  CHECK(covers((*all)[0], office.second));
  CHECK((*all)[0].lots == std::vector<std::string>{"east", "north"});
  const auto share = contractsOfProvider(office.database(), office.first);
  REQUIRE(share->size() == 1);
  REQUIRE((*share)[0].providers.size() == 1);
  CHECK((*share)[0].lots == std::vector<std::string>{"north"});
  // Each provider's lot has a role and days of its own.
  const ContractLots lots(*all);
  const auto at = [](const char* day) { return *londonToUnixMs(std::string(day) + "T12:00:00"); };
  CHECK(lots.roleOf(office.first, "north", at("2026-11-25")) == "lead");
  CHECK(lots.roleOf(office.second, "north", at("2026-11-25")) == "supplementary");
  CHECK(lots.contractOf(office.second, "north", at("2026-11-23")) == nullptr);
  CHECK(lots.contractOf(office.first, "east", at("2026-11-25")) == nullptr);
}

TEST_CASE("another council's contract is refused in words, and nothing of the rota is kept") {
  TwoProviders office;
  CHECK(office.importAs(office.first, std::string(kHead) + "k1,Leicestershire,north,,\n", "north")
            .empty());
  CHECK(office.importAs(office.second, std::string(kHead) + "k1,Rutland,north,,\n", "north") ==
        "CONTRACT_OF_ANOTHER_COUNCIL");
  CHECK(office.text_.find("is another council's") != std::string::npos);
  CHECK(contracts(office.database())->size() == 1);
  CHECK(contractsOfProvider(office.database(), office.second)->empty());
}

TEST_CASE("whoever joins a contract takes its rules, and later ones hold for all") {
  TwoProviders office;
  const std::string mine = std::string(kRulesHead) + "k1,Leicestershire,north,20\n";
  CHECK(office.importAs(office.first, mine, "north").empty());
  CHECK(office.importAs(office.second, std::string(kRulesHead) + "k1,Leicestershire,east,30\n",
                        "east") == "CONTRACT_RULES_DIFFER");
  CHECK(office.importAs(office.second, std::string(kHead) + "k1,Leicestershire,east,,\n", "east")
            .empty());
  CHECK(contractsOfProvider(office.database(), office.second)->at(0).rules.size() == 1);
  // A file that names no rules leaves those that there are.
  CHECK(office.importAs(office.second, std::string(kHead) + "k1,Leicestershire,east,,\n", "east")
            .empty());
  CHECK(contracts(office.database())->at(0).rules.size() == 1);
  CHECK(
      office
          .importAs(office.second, std::string(kRulesHead) + "k1,Leicestershire,east,30\n", "east")
          .empty());
  REQUIRE(office.notes_.listed().size() == 1);
  CHECK(office.notes_.listed()[0].reason == "RULES_OF_OTHERS_TOO");
  CHECK(office.notes_.listed()[0].text.find("with 1 other provider:") != std::string::npos);
  const auto rules = contractsOfProvider(office.database(), office.first)->at(0).rules;
  REQUIRE(rules.size() == 2);
  CHECK(rules[1].rules.lateToleranceMin == 30);
}

}  // namespace
}  // namespace doorstep::roster
