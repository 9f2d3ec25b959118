// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/records/records_reader.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// One contract of the county over two providers, each with the lot "north" and one visit in it.
struct SharedContract {
  ProviderDay day;
  ProviderId dales = add("Dales Care", "lead");
  ProviderId vale = add("Vale Care", "supplementary");
  crypto::SecretKey key{};

  SharedContract() {
    visit(dales, "Ann");
    visit(vale, "Eve");
  }
  ProviderId add(const std::string& name, const std::string& role) {
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
                 terms.starts["north"] = {std::nullopt, role};
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
  void visit(ProviderId provider, const std::string& carer) {
    ProviderDay::PlannedCare care;
    care.person = day.addPerson(provider, "p" + carer, "north");
    care.carers = {day.addCarer(provider, carer)};
    care.from = care.to = "2026-11-23T08:00:00";
    day.addVisit(provider, care);
  }
  Reading reading(const identity::AccountCaller& caller) {
    lease.emplace(day.storage().read());
    return {*lease, caller, day.now(), key};
  }
  std::uint64_t visitsOf(const identity::AccountCaller& caller, const v1::RecordFilter& filter) {
    const auto found = readTotals(reading(caller), readFilter(filter).value());
    REQUIRE(found.ok());
    return found->totals().visits();
  }
  std::vector<std::string> providersOf(const identity::AccountCaller& caller) {
    const auto page = listContracts(reading(caller), {}, 10);
    REQUIRE(page.ok());
    REQUIRE(page->response.contracts_size() == 1);
    std::vector<std::string> found;
    for (const auto& provider : page->response.contracts(0).providers()) {
      REQUIRE(provider.lots_size() == 1);
      found.push_back(provider.provider_name() + " " + provider.lots(0).role());
    }
    return found;
  }
  std::optional<decltype(std::declval<storage::Storage&>().read())> lease;
};

TEST_CASE("a council sees both providers of a contract, and figures of each") {
  SharedContract shared;
  const identity::AccountCaller officer = shared.day.officer("County");
  CHECK(shared.providersOf(officer) ==
        std::vector<std::string>{"Dales Care lead", "Vale Care supplementary"});
  const auto totals = readTotals(shared.reading(officer), {});
  REQUIRE(totals.ok());
  CHECK(totals->totals().visits() == 2);
  REQUIRE(totals->by_provider_size() == 2);
  CHECK(totals->by_provider(0).name() == "Dales Care");
  CHECK(totals->by_provider(0).totals().visits() == 1);
  CHECK(totals->by_provider(1).name() == "Vale Care");
  v1::RecordFilter filter;
  filter.set_contract_id(
      listContracts(shared.reading(officer), {}, 10)->response.contracts(0).contract_id());
  CHECK(shared.visitsOf(officer, filter) == 2);
  filter.set_provider_id(shared.vale.value);
  CHECK(shared.visitsOf(officer, filter) == 1);
  CHECK(shared.visitsOf(shared.day.officer("Elsewhere"), filter) == 0);
  // The file says of each record in which role it was.
  const auto piece = exportPiece(shared.reading(officer), {}, {});
  CHECK(piece->text.find(",lead,") != std::string::npos);
  CHECK(piece->text.find(",supplementary,") != std::string::npos);
}

TEST_CASE("a provider of a shared contract sees its own part alone") {
  SharedContract shared;
  const identity::AccountCaller supervisor = shared.day.supervisor(shared.vale);
  CHECK(shared.providersOf(supervisor) == std::vector<std::string>{"Vale Care supplementary"});
  v1::RecordFilter filter;
  CHECK(shared.visitsOf(supervisor, filter) == 1);
  filter.set_provider_id(shared.dales.value);
  CHECK(shared.visitsOf(supervisor, filter) == 0);
}

}  // namespace
}  // namespace doorstep::records
