// SPDX-License-Identifier: Apache-2.0
// What a stranger can check of the plan, the rules and the terms that a visit is judged by.
#include <catch2/catch.hpp>

#include "shared/wire/plan_codec.h"
#include "shared/wire/plan_proof.h"
#include "sync-server/records/evidence/plan_proof_maker.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::records {
namespace {

using office::LoggedOffice;

constexpr const char* kContracts =
    "contract_ref,council,lot,provider_role,late_tolerance_min\n"
    "k1,Leicestershire,north,lead,12\nk2,Elsewhere,south,,9\n";

// Three versions of the first visit's plan: as first planned, moved before its lock, and moved
// after it.
struct ProvedOffice : LoggedOffice {
  ProvedOffice() {
    publish("2026-11-25T08:00:00");
    clock.advance(3'600'000);
    publish("2026-11-25T08:30:00");
    clock.set("2026-11-25T07:00:00");
    publish("2026-11-25T09:00:00");
  }
  void publish(const std::string& start) {
    support::RotaText text;
    text.people += "p1,Ann Example,,,north\np2,Bob Example,,,south\n";
    text.carers += "c1,Cara Carer\nc2,Dan Carer\n";
    text.visits += "v1,p1,1,1,c1,tea," + start + ",2026-11-25T10:00:00,30,,,\n";
    for (int i = 2; i <= 9; ++i)
      text.visits += "v" + std::to_string(i) + ",p2,1,1,c2,tea,2026-11-25T1" + std::to_string(i) +
                     ":00:00,2026-11-25T1" + std::to_string(i) + ":30:00," +
                     std::to_string(30 + published) + ",,,\n";
    text.contracts = kContracts;
    import(text);
    ++published;
  }
  Result<PlanProofs> ask(const identity::AccountCaller& caller, bool withLater = false,
                         VisitId of = {}) {
    const crypto::SecretKey key2{};
    return readPlanProofs({database(), caller, clock.wallUnixMs(), key2}, *log, provider,
                          of ? of : visit("v1"), withLater);
  }
  identity::AccountCaller officer(const std::string& name) {
    identity::AccountCaller caller{AccountId(2), identity::Role::Council, {}, {}, "Olu"};
    REQUIRE(storage
                ->write([&](sql::Database& writer) -> Status {
                  DOORSTEP_ASSIGN(caller.council, roster::ensureCouncil(writer, name, clock, ids));
                  return kDone;
                })
                .ok());
    return caller;
  }
  identity::AccountCaller supervisor() const {
    return {AccountId(1), identity::Role::Supervisor, provider, {}, "Sue"};
  }
  evidence::NoteVerifier verifier() {
    return evidence::NoteVerifier::fromVkey(signers.verifierKey(provider)).value();
  }
  int published = 0;
};

template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    FAIL(result.error().reason << ": " << result.error().text);
  return std::move(result).value();
}

TEST_CASE("a council proves what was planned, when that was published, and under which rules") {
  ProvedOffice office;
  const auto found = must(office.ask(office.officer("Leicestershire")));
  const auto& response = found.response;
  REQUIRE(response.visits_size() == 1);
  const auto plan = must(wire::readPlanVisitProof(response.visits(0), office.verifier()));
  CHECK(plan.planVersion == 2);
  CHECK(plan.visit.windowStartUnixMs == londonToUnixMs("2026-11-25T08:30:00").value());
  CHECK(plan.visit.durationMin == 30);
  CHECK(plan.visit.ref == "v1");
  CHECK(plan.decision.provider == office.provider);
  CHECK(plan.decision.officeKeySpki == office.key.publicKey().spki());
  CHECK(plan.decision.receivedUnixMs == londonToUnixMs("2026-11-23T07:00:00").value());
  CHECK(plan.decision.position < plan.decision.logSize);
  // Nor in any byte of it who was to come.
  CHECK_FALSE(plan.showsCarers);
  CHECK(plan.visit.slots.empty());
  CHECK(response.SerializeAsString().find("Carer") == std::string::npos);
  CHECK(response.ByteSizeLong() < 10'000);

  const auto rules = must(wire::readRulesProof(response.rules(), office.verifier()));
  CHECK(rules.rules.contractRef == "k1");
  CHECK(rules.rules.rules.lateToleranceMin == 12);
  REQUIRE(response.terms_size() == 2);
  const auto person = must(wire::readTermsProof(response.terms(0), office.verifier()));
  CHECK(person.row.lot == "north");
  CHECK(PersonId(person.row.person) == found.person);
  const auto lot = must(wire::readTermsProof(response.terms(1), office.verifier()));
  CHECK(lot.row.lot == "north");
  CHECK(lot.row.role == "lead");
  CHECK(ContractId(lot.row.contract) == rules.rules.contract);
}

TEST_CASE(
    "the versions after the lock are proved on request, and to the provider with its carers") {
  ProvedOffice office;
  const auto response = must(office.ask(office.supervisor(), true)).response;
  REQUIRE(response.visits_size() == 2);
  const auto judging = must(wire::readPlanVisitProof(response.visits(0), office.verifier()));
  const auto newest = must(wire::readPlanVisitProof(response.visits(1), office.verifier()));
  CHECK(judging.planVersion == 2);
  CHECK(newest.planVersion == 3);
  CHECK(newest.visit.windowStartUnixMs == londonToUnixMs("2026-11-25T09:00:00").value());
  CHECK(newest.showsCarers);
  REQUIRE(newest.visit.slots.size() == 1);
  CHECK(newest.visit.slots[0].carerName == "Cara Carer");
}

TEST_CASE("another council and another provider are told that there is no such visit") {
  ProvedOffice office;
  const auto reason = [&](const identity::AccountCaller& caller, VisitId visit = {}) {
    const auto found = office.ask(caller, true, visit);
    return found.ok() ? std::string() : found.error().reason;
  };
  CHECK(reason(office.officer("Elsewhere")) == "VISIT_UNKNOWN");
  CHECK(reason(office.officer("Nowhere")) == "VISIT_UNKNOWN");
  CHECK(reason(office.officer("Elsewhere"), office.visit("v2")).empty());
  auto other = office.supervisor();
  other.provider = ProviderId(77);
  CHECK(reason(other) == "VISIT_UNKNOWN");
  CHECK(reason(office.supervisor(), VisitId(77)) == "VISIT_UNKNOWN");
}

TEST_CASE("proofs that are made of kept hashes are those that are made one by one") {
  ProvedOffice office;
  auto alone = must(PlanProofMaker::open(office.database(), *office.log, office.provider));
  auto many = must(PlanProofMaker::open(office.database(), *office.log, office.provider));
  many.keepForMany();
  for (int i = 1; i <= 9; ++i) {
    for (const std::uint64_t version : {1, 2, 3}) {
      INFO("visit " << i << " of version " << version);
      const VisitId visit = office.visit("v" + std::to_string(i));
      const auto one = must(alone.visit(visit, version, false));
      CHECK(one.path().size() == 9);
      CHECK(one.SerializeAsString() == must(many.visit(visit, version, false)).SerializeAsString());
    }
  }
  CHECK(many.visit(VisitId(77), 1, false).error().reason == "DECISION_DIFFERS");
  const std::int64_t day = londonDayNumber(londonToUnixMs("2026-11-25T08:00:00").value());
  for (int twice = 0; twice < 2; ++twice) {
    v1::GetPlanProofsResponse one, kept;
    REQUIRE(alone.addTerms({}, "north", day, one).ok());
    REQUIRE(many.addTerms({}, "north", day, kept).ok());
    CHECK(one.terms_size() == 1);
    CHECK(one.SerializeAsString() == kept.SerializeAsString());
  }
}

// Whatever byte is altered, the proof is refused, or says the same.
template <typename Proof, typename Read>
void checkEveryByteCounts(const Proof& proof, const Read& read) {
  const std::string bytes = proof.SerializeAsString();
  REQUIRE(read(proof).ok());
  std::size_t same = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] ^= 4;
    Proof message;
    if (!message.ParseFromString(altered))
      continue;
    // Ids beside the text of the entry's proof are for reading alone.
    message.mutable_decision()->clear_device_id();
    message.mutable_decision()->clear_n();
    message.mutable_decision()->clear_position();
    same += read(message).ok() ? 1 : 0;
  }
  // Of unread fields: tags, lengths and values of those three.
  CHECK(same < 40);
}

TEST_CASE("a proof in which anything was altered is refused") {
  ProvedOffice office;
  const auto log = office.verifier();
  const auto response = must(office.ask(office.supervisor(), true)).response;
  const auto& proof = response.visits(0);
  checkEveryByteCounts(proof, [&](const auto& one) { return wire::readPlanVisitProof(one, log); });
  checkEveryByteCounts(response.rules(),
                       [&](const auto& one) { return wire::readRulesProof(one, log); });
  checkEveryByteCounts(response.terms(0),
                       [&](const auto& one) { return wire::readTermsProof(one, log); });

  const auto reasonOf = [&](const auto& edit) {
    v1::PlanVisitProof other = proof;
    edit(other);
    const auto read = wire::readPlanVisitProof(other, log);
    return read.ok() ? std::string() : read.error().reason;
  };
  // The newest version's window under the decision of the version that judges.
  CHECK(reasonOf([&](auto& one) { one.set_visit(response.visits(1).visit()); }) ==
        "PLAN_PROOF_ROOT");
  CHECK(reasonOf([&](auto& one) { *one.mutable_decision() = response.visits(1).decision(); }) ==
        "PLAN_PROOF_DECISION");
  CHECK(reasonOf([&](auto& one) { *one.mutable_decision() = response.rules().decision(); }) ==
        "PLAN_PROOF_DECISION");
  CHECK(reasonOf([&](auto& one) { one.mutable_path()->set_size(10); }) == "PLAN_PROOF_ROOT");
  CHECK(reasonOf([&](auto& one) { one.set_wanted_by(3); }) == "PLAN_PROOF_ROOT");
  CHECK(reasonOf([](auto& one) { one.clear_carers(); }) == "PLAN_PROOF_FORMAT");
  CHECK(reasonOf([](auto& one) { one.clear_salt(); }) == "PLAN_PROOF_FORMAT");
  CHECK(reasonOf([](auto& one) { one.mutable_path()->add_hashes("short"); }) == "HASH_LENGTH");
  CHECK(reasonOf([](auto& one) {
          for (int i = 0; i < 65; ++i)
            one.mutable_path()->add_hashes(std::string(32, 'x'));
        }) == "PLAN_PROOF_FORMAT");
  CHECK(reasonOf([](auto& one) { one.clear_decision(); }) == "TLOG_PROOF_FORMAT");
}

TEST_CASE("versions of before the office's log are proved by what it began with") {
  ProvedOffice office;
  // A database whose office had decided nothing yet.
  for (const char* table : {"decision_place", "entry", "log", "device_head", "tile_root", "device"})
    REQUIRE(office.database().execute(("DELETE FROM " + std::string(table)).c_str()).ok());
  office.openLog();
  CHECK(office.ask(office.supervisor()).error().reason == "LOG_UNKNOWN");
  office.clock.advance(60'000);
  office.publish("2026-11-25T09:15:00");
  const auto log = office.verifier();
  const auto response = must(office.ask(office.officer("Leicestershire"), true)).response;
  REQUIRE(response.visits_size() == 2);
  const auto plan = must(wire::readPlanVisitProof(response.visits(0), log));
  CHECK(plan.planVersion == 2);
  CHECK(std::holds_alternative<visits::OfficeOpened>(plan.decision.fact.decision));
  CHECK(plan.visit.windowStartUnixMs == londonToUnixMs("2026-11-25T08:30:00").value());
  CHECK(must(wire::readPlanVisitProof(response.visits(1), log)).planVersion == 4);
  // All rules of before are one hash, which shows other councils' too.
  CHECK_FALSE(response.has_rules());
  REQUIRE(response.terms_size() == 2);
  CHECK(must(wire::readTermsProof(response.terms(0), log)).row.lot == "north");
  CHECK(must(wire::readTermsProof(response.terms(1), log)).row.role == "lead");
}

TEST_CASE("nothing is proved that differs from what was published, was erased or is not logged") {
  const auto reasonAfter = [](const std::string& sql, bool withLater = false) {
    ProvedOffice office;
    REQUIRE(office.database().execute(sql.c_str()).ok());
    const auto found = office.ask(office.supervisor(), withLater);
    return found.ok() ? std::string() : found.error().reason;
  };
  CHECK(reasonAfter("UPDATE visit_version SET wanted_by = 2 WHERE plan_version = 2") ==
        "DECISION_DIFFERS");
  CHECK(reasonAfter("DELETE FROM visit_version WHERE plan_version = 3 AND visit_id = (SELECT "
                    "max(visit_id) FROM visit_version)",
                    true) == "DECISION_DIFFERS");
  CHECK(reasonAfter("UPDATE person_terms SET tier = 'other'") == "DECISION_DIFFERS");
  CHECK(reasonAfter("UPDATE contract_provider SET role = 'contingency'") == "DECISION_DIFFERS");
  CHECK(reasonAfter("UPDATE entry SET entry = CAST('' AS BLOB) WHERE position > 0") ==
        "DECISION_ERASED");
  CHECK(reasonAfter("DELETE FROM decision_place WHERE kind = 17") == "DECISION_NOT_LOGGED");
  CHECK(reasonAfter("UPDATE decision_place SET position = 0 WHERE kind = 17") ==
        "DECISION_DIFFERS");
  CHECK(reasonAfter("UPDATE decision_place SET position = 900") == "DECISION_TOO_NEW");
}

TEST_CASE("a proof that nobody waits for any more ends") {
  ProvedOffice office;
  support::RotaText text;
  text.people += "p1,Ann Example,,,north\n";
  text.carers += "c1,Cara Carer\n";
  for (int i = 0; i < 200; ++i)
    text.visits +=
        "w" + std::to_string(i) + ",p1,1,1,c1,tea,2026-11-27T08:00:00,2026-11-27T10:00:00,30,,,\n";
  text.contracts = kContracts;
  office.import(text);
  const auto lease = office.storage->read();
  lease->stopWhen([] { return Status(Error{ErrorCode::Cancelled, "CLIENT_LEFT", "gone"}); });
  const crypto::SecretKey key{};
  const auto caller = office.supervisor();
  const auto found = readPlanProofs({*lease, caller, office.clock.wallUnixMs(), key}, *office.log,
                                    office.provider, office.visit("w7"), true);
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().reason == "CLIENT_LEFT");
}

}  // namespace
}  // namespace doorstep::records
