// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/office_log.h"

#include "sync-server/identity/accounts.h"
#include "sync-server/office/rota_office.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::office {
namespace {

const Error kStop{ErrorCode::Cancelled, "STOP", "after all that was written"};

TEST_CASE("an import stands in the log with who, when, why and what, after what there was before") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  const auto facts = office.facts();
  REQUIRE(facts.size() == 3);
  CHECK(std::get<visits::OfficeOpened>(facts[0].decision).planVersion == 0);
  CHECK(std::get<visits::RulesSet>(facts[1].decision).ruleVersion == 1);
  const auto& plan = std::get<visits::PlanPublished>(facts[2].decision);
  CHECK(plan.planVersion == 1);
  CHECK(plan.visitsNew == 3);
  CHECK(facts[2].decidedUnixMs == office.clock.wallUnixMs());
  CHECK(facts[2].reason == visits::OfficeReason::Import);
  CHECK(facts[2].account == AccountId());
  CHECK(facts[2].accountName == "Test");
}

TEST_CASE("the office's entries are chained and signed like a phone's, without a clock reading") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  REQUIRE(office.reassign("v1", "c2").ok());
  const auto entries = office.entries();
  REQUIRE(entries.size() == 4);
  std::optional<Hash> before;
  std::uint64_t event = 1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(entries[i].n == i + 1);
    CHECK(entries[i].clock.empty());
    CHECK(entries[i].receivedUnixMs == office.clock.wallUnixMs());
    const auto decoded = wire::decodeEntry(entries[i].entry);
    CHECK(decoded->entry.previousHash == before);
    CHECK(decoded->entry.events.front().number == event);
    event += decoded->entry.events.size();
    before = entries[i].entryHash;
  }
  CHECK(office.audit().logFindings == 0);
  const auto device = identity::officeDevice(office.database(), office.provider);
  CHECK((*device)->id == entries[0].device);
  CHECK((*device)->signingKeySpki == office.key.publicKey().spki());
}

TEST_CASE("a reassignment says which slot and what it made of the plan, in one entry") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  REQUIRE(office.reassign("v1", "c2").ok());
  const auto slots = office.said<visits::SlotReassigned>();
  REQUIRE(slots.size() == 1);
  CHECK(slots[0] ==
        visits::SlotReassigned{office.visit("v1"), 2, 1, office.carer("c1"), office.carer("c2")});
  CHECK(wire::decodeEntry(office.entries().back().entry)->entry.events.size() == 2);
}

TEST_CASE("who decided is named as the account was called then") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  identity::Account account{.login = "olu", .displayName = "Olu", .role = identity::Role::Operator};
  AccountId id;
  const auto password = identity::hashPassword("a long enough password", office.ids, {.logN = 4});
  REQUIRE(office.storage
              ->write([&](sql::Database& database) -> Status {
                DOORSTEP_ASSIGN(id, identity::addAccount(database, account, *password, office.clock,
                                                         office.ids));
                return kDone;
              })
              .ok());
  const DeviceId phone = office.addPhone();
  REQUIRE(office.office
              ->write({id, {}},
                      [&](sql::Database& database, event_log::OfficeAct& act) {
                        return identity::revokeDevice(database, office.provider, phone, act);
                      })
              .ok());
  const auto fact = office.facts().back();
  CHECK(fact.account == id);
  CHECK(fact.accountName == "Olu");
  CHECK(std::get<visits::DeviceRevoked>(fact.decision).device == phone);
}

TEST_CASE("what is taken back leaves neither a change nor a decision, and the office goes on") {
  LoggedOffice office;
  const bool begun = GENERATE(true, false);
  CAPTURE(begun);
  if (begun)
    office.import(LoggedOffice::rota());
  const std::uint64_t size = begun ? 3 : 0;
  const roster::Rota rota = [] {
    roster::FaultList faults;
    auto text = LoggedOffice::rota();
    text.carers += "c3,Eve\n";
    return support::readText(text, faults);
  }();
  const auto failing = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    roster::FaultList faults;
    DOORSTEP_TRY(roster::importRota(database, rota, {office.provider, office.council}, office.clock,
                                    office.ids, act, faults));
    return kStop;
  };
  CHECK(office.decide(failing).error().reason == "STOP");
  CHECK(office.entries().size() == size);
  CHECK(office.log->publishedHead(office.provider).ok() == begun);
  roster::FaultList faults;
  const auto dry =
      importRota(*office.office, {}, rota,
                 {.target =
                      [&](sql::Database&) {
                        return Result<roster::ImportTarget>({office.provider, office.council});
                      },
                  .dryRun = true},
                 office.clock, office.ids, faults);
  REQUIRE(dry.ok());
  CHECK(office.entries().size() == size);
  office.import(LoggedOffice::rota());
  CHECK(office.entries().size() == 3);
  CHECK(office.audit().logFindings == 0);
  CHECK(office.audit().office.texts == std::vector<std::string>());
}

TEST_CASE("what changes nothing is no decision") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  const DeviceId phone = office.addPhone();
  REQUIRE(office.revoke(phone).ok());
  const std::size_t size = office.entries().size();
  office.import(LoggedOffice::rota());
  REQUIRE(office.reassign("v1", "c1").ok());
  REQUIRE(office.revoke(phone).ok());
  REQUIRE(office.setRules("Leicestershire", 15).ok());
  CHECK(office.entries().size() == size);
}

TEST_CASE("an import that moves a lot and nothing else is a version of the plan") {
  LoggedOffice office;
  auto text = LoggedOffice::rota();
  text.contracts = "contract_ref,council,lot\nA,County,north\n";
  office.import(text);
  text.contracts = "contract_ref,council,lot,lot_from\nB,City,north,2026-12-01\n";
  CHECK(office.import(text).commit.planVersion == 2);
  CHECK(office.import(text).commit.planVersion == 2);
  const auto plans = office.said<visits::PlanPublished>();
  REQUIRE(plans.size() == 2);
  CHECK(plans[1].planVersion == 2);
  CHECK(plans[1].visitsNew + plans[1].visitsChanged + plans[1].visitsCancelled == 0);
  CHECK(office.audit().office.texts == std::vector<std::string>());
}

TEST_CASE("rules of many contracts make several entries") {
  LoggedOffice office;
  REQUIRE(office
              .decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
                for (int i = 0; i < 200; ++i) {
                  const roster::ContractTerms terms{
                      "contract " + std::to_string(i), office.council, office.provider, {}, {}};
                  DOORSTEP_TRY(
                      roster::ensureContract(database, terms, office.clock, office.ids, act));
                }
                return kDone;
              })
              .ok());
  CHECK(office.entries().size() == 1 + 4);
  CHECK(office.said<visits::RulesSet>().size() == 200);
  CHECK(office.audit().office.texts == std::vector<std::string>());
}

TEST_CASE("nothing is decided while the clock cannot be stamped with") {
  LoggedOffice office;
  office.stampMs = -1;
  roster::FaultList faults;
  CHECK(office.tryImport(LoggedOffice::rota(), faults).error().reason == "SERVER_CLOCK");
  CHECK(office.entries().empty());
  office.stampMs = 0;
  office.import(LoggedOffice::rota());
  CHECK(office.entries().size() == 3);
}

TEST_CASE("an office signs with the key that it began with and with no other") {
  LoggedOffice office;
  office.import(LoggedOffice::rota());
  OfficeLog other({*office.storage, *office.log, crypto::P256PrivateKey::generate(),
                   [&] { return Result<std::int64_t>(office.clock.wallUnixMs()); }, office.clock,
                   office.ids});
  office.decideThrough(other);
  CHECK(office.reassign("v1", "c2").error().reason == "OFFICE_KEY_FOREIGN");
  CHECK(office.entries().size() == 3);
}

// Loses COMMIT on its way, or its answer.
class LossyDatabase final : public support::PassingDatabase {
 public:
  enum class Lost { No, Commit, Answer };
  LossyDatabase(sql::Database under, const Lost& lost)
      : PassingDatabase(std::move(under)), lost_(lost) {}
  Status commit() override {
    if (lost_ == Lost::Commit)
      rollback();
    else
      DOORSTEP_TRY(PassingDatabase::commit());
    if (lost_ == Lost::No)
      return kDone;
    return Error{ErrorCode::Unavailable, "PG_CONNECTION", "the connection was lost"};
  }

 private:
  const Lost& lost_;
};

struct LossyOffice : LoggedOffice {
  LossyOffice() {
    import(rota());
    storage.reset();
    auto options = place_.storage();
    options.over = [this](sql::Database under) {
      return sql::Database(std::make_unique<LossyDatabase>(std::move(under), lost));
    };
    log.reset();
    storage = storage::Storage::open(options).value();
    openLog();
  }
  LossyDatabase::Lost lost = LossyDatabase::Lost::No;
};

TEST_CASE("plan and log agree also when nobody knows how a commit ended") {
  const auto lost = GENERATE(LossyDatabase::Lost::Commit, LossyDatabase::Lost::Answer);
  LossyOffice office;
  office.lost = lost;
  CHECK(office.reassign("v1", "c2").error().code == ErrorCode::Unavailable);
  office.lost = LossyDatabase::Lost::No;
  REQUIRE(office.reassign("v2", "c2").ok());
  const bool done = lost == LossyDatabase::Lost::Answer;
  CHECK(office.entries().size() == (done ? 5 : 4));
  CHECK(office.said<visits::PlanPublished>().size() == (done ? 3 : 2));
  const auto audited = office.audit();
  CHECK(audited.logFindings == 0);
  CHECK(audited.office.texts == std::vector<std::string>());
}

}  // namespace
}  // namespace doorstep::office
