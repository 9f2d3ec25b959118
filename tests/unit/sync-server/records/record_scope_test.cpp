// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Two providers; County buys north and east, City buys south from the same provider, and nobody has
// a contract for the private lot.
struct Region {
  ProviderDay day;
  ProviderId dales = day.addProvider("Dales Care", "County", {"north"});
  ProviderId vale = day.addProvider("Vale Care", "County", {"east"});
  CarerId ann = day.addCarer(dales, "Ann");
  CarerId eve = day.addCarer(vale, "Eve");
  crypto::SecretKey key{};

  Region() {
    day.addProvider("Dales Care", "City", {"south"});
    add(dales, ann, "north");
    add(dales, ann, "south");
    add(dales, ann, "private");
    add(vale, eve, "east");
  }
  VisitId add(ProviderId provider, CarerId carer, const std::string& lot) {
    ProviderDay::PlannedCare care;
    care.person = day.addPerson(provider, lot + std::to_string(visits.size()), lot);
    care.carers = {carer};
    care.from = care.to = "2026-11-23T08:00:00";
    return visits[lot] = day.addVisit(provider, care);
  }
  std::string lots(const identity::AccountCaller& caller, const v1::RecordFilter& filter = {}) {
    const auto page = listRecords({day.storage().read(), caller, day.now(), key},
                                  readFilter(filter).value(), std::nullopt, 100);
    std::string text;
    for (const v1::VisitRecord& record : page->response.records())
      text += record.lot() + " ";
    const auto totals =
        readTotals({day.storage().read(), caller, day.now(), key}, readFilter(filter).value());
    CHECK(totals->totals().carer_visits() ==
          static_cast<std::uint64_t>(page->response.records_size()));
    return text;
  }
  std::string contracts(const identity::AccountCaller& caller) {
    std::string text;
    const auto page = listContracts({day.storage().read(), caller, day.now(), key}, {}, 100);
    for (const v1::Contract& contract : page->response.contracts())
      text += contract.ref() + "; ";
    return text;
  }
  std::map<std::string, VisitId> visits;
};

TEST_CASE("a council sees its contracts' records, of every provider, and nothing else") {
  Region region;
  CHECK(region.lots(region.day.officer("County")) == "north east ");
  CHECK(region.lots(region.day.officer("City")) == "south ");
  CHECK(region.lots(region.day.officer("Elsewhere")).empty());
  CHECK(region.contracts(region.day.officer("County")) ==
        "Dales Care for County; Vale Care for County; ");
}

TEST_CASE("a supervisor sees her provider's records, with and without a contract") {
  Region region;
  CHECK(region.lots(region.day.supervisor(region.dales)) == "north south private ");
  CHECK(region.lots(region.day.supervisor(region.vale)) == "east ");
  CHECK(region.contracts(region.day.supervisor(region.vale)) == "Vale Care for County; ");
}

TEST_CASE("an operator sees everything") {
  Region region;
  CHECK(region.lots(region.day.theOperator()) == "north south private east ");
}

TEST_CASE("a filter cannot widen what a caller may see") {
  Region region;
  v1::RecordFilter filter;
  filter.set_lot("south");
  CHECK(region.lots(region.day.officer("County"), filter).empty());
  filter.Clear();
  filter.set_provider_id(region.vale.value);
  CHECK(region.lots(region.day.supervisor(region.dales), filter).empty());
  const auto city = listContracts(
      {region.day.storage().read(), region.day.officer("City"), 0, region.key}, {}, 10);
  filter.Clear();
  filter.set_contract_id(city->response.contracts(0).contract_id());
  CHECK(region.lots(region.day.officer("County"), filter).empty());
  CHECK(region.lots(region.day.officer("City"), filter) == "south ");
}

TEST_CASE("contracts come in pages") {
  Region region;
  const identity::AccountCaller caller = region.day.officer("County");
  const auto lease = region.day.storage().read();
  const auto first = listContracts({lease, caller, 0, region.key}, {}, 1).value();
  REQUIRE(first.next);
  const auto second = listContracts({lease, caller, 0, region.key}, *first.next, 1).value();
  CHECK_FALSE(second.next);
  CHECK(first.response.contracts(0).ref() == "Dales Care for County");
  CHECK(second.response.contracts(0).ref() == "Vale Care for County");
}

TEST_CASE(
    "the same carer has another pseudonym in another contract, and the same one in the same") {
  Region region;
  region.add(region.dales, region.ann, "north");
  const identity::AccountCaller caller = region.day.supervisor(region.dales);
  const auto page =
      listRecords({region.day.storage().read(), caller, region.day.now(), region.key}, {}, {}, 100);
  std::map<std::string, std::set<std::string>> byLot;
  for (const v1::VisitRecord& record : page->response.records())
    byLot[record.lot()].insert(record.carer_pseudonym());
  CHECK(byLot["north"].size() == 1);
  CHECK(byLot["north"] != byLot["south"]);
  crypto::SecretKey otherKey{};
  otherKey[0] = 1;
  const auto other =
      listRecords({region.day.storage().read(), caller, region.day.now(), otherKey}, {}, {}, 100);
  CHECK(other->response.records(0).carer_pseudonym() !=
        page->response.records(0).carer_pseudonym());
}

TEST_CASE("proofs of a visit that the caller may not see do not exist for her") {
  Region region;
  const auto proofs = [&](const identity::AccountCaller& caller, const std::string& lot) {
    return readVisitProofs({region.day.storage().read(), caller, region.day.now(), region.key},
                           region.day.log(), region.dales, region.visits.at(lot));
  };
  CHECK(proofs(region.day.officer("County"), "north").ok());
  CHECK(proofs(region.day.officer("County"), "south").error().reason == "VISIT_UNKNOWN");
  CHECK(proofs(region.day.officer("County"), "private").error().reason == "VISIT_UNKNOWN");
  CHECK(proofs(region.day.supervisor(region.vale), "north").error().reason == "VISIT_UNKNOWN");
  CHECK(proofs(region.day.supervisor(region.dales), "private").ok());
}

}  // namespace
}  // namespace doorstep::records
