// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// What a council does with a proof file: nothing of ours but the two public keys.
void verifyAsCouncil(const v1::EntryProof& proof, const evidence::NoteVerifier& log) {
  const auto parsed = evidence::parseTlogProof(proof.tlog_proof()).value();
  CHECK(parsed.position == proof.position());
  v1::ProofExtra extra;
  REQUIRE(extra.ParseFromString(parsed.extra));
  Hash hash;
  if (extra.has_signed_entry()) {
    const DeviceId device(extra.device_id());
    const auto key = crypto::P256PublicKey::fromSpki(extra.signing_public_key()).value();
    CHECK(key.verify(evidence::signedMessage(device, extra.signed_entry().entry()),
                     extra.signed_entry().signature()));
    hash = evidence::entryHash(device, extra.signed_entry().entry());
  } else {
    hash = hashFromBytes(extra.entry_hash()).value();
  }
  CHECK(evidence::verifyTlogProof(parsed, evidence::leafData(hash), log).ok());
  Hash other = hash;
  other.bytes[0] ^= 1;
  CHECK_FALSE(evidence::verifyTlogProof(parsed, evidence::leafData(other), log).ok());
}

TEST_CASE("every entry of a visit is proved from the phone's signature to the signed checkpoint") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const CarerId bea = day.addCarer(provider, "Bea");
  ProviderDay::PlannedCare care{.person = day.addPerson(provider, "p1", "north"),
                                .carers = {ann, bea}};
  care.from = care.to = "2026-11-23T08:00:00";
  const VisitId other = day.addVisit(provider, care);
  const VisitId visit = day.addVisit(provider, care);
  for (int count = 0; count < 300; ++count) {
    day.record(ann, other, visits::NoteAdded{"x"}, "2026-11-23T07:00:00");
    if (count % 2 == 0)
      day.send(ann, "2026-11-23T07:01:00");
  }
  day.send(ann, "2026-11-23T07:01:00");
  day.checkIn(ann, visit, "2026-11-23T08:00:00");
  day.send(ann, "2026-11-23T08:01:00");
  day.checkIn(bea, visit, "2026-11-23T08:00:00");
  day.sendOneByOne(bea, "2026-11-23T08:02:00");
  day.checkOut(ann, visit, "2026-11-23T08:30:00");
  day.send(ann, "2026-11-23T08:31:00");

  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const auto found =
      readVisitProofs({day.storage().read(), caller, day.now(), key}, day.log(), provider, visit)
          .value();
  CHECK(found.proofs.size() == 3);
  const auto log = evidence::NoteVerifier::fromVkey(day.signers().verifierKey(provider)).value();
  for (const v1::EntryProof& proof : found.proofs)
    verifyAsCouncil(proof, log);
}

TEST_CASE("an entry that also speaks of another council's visit is proved by its hash alone") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  day.addProvider("Dales Care", "City", {"south"});
  const CarerId ann = day.addCarer(provider, "Ann");
  ProviderDay::PlannedCare north{.person = day.addPerson(provider, "p1", "north"), .carers = {ann}};
  north.from = north.to = "2026-11-23T08:00:00";
  ProviderDay::PlannedCare south = north;
  south.person = day.addPerson(provider, "p2", "south");
  const VisitId mine = day.addVisit(provider, north);
  const VisitId theirs = day.addVisit(provider, south);
  day.checkIn(ann, mine, "2026-11-23T08:00:00");
  day.record(ann, theirs, visits::NoteAdded{"somebody else's"}, "2026-11-23T09:00:00");
  day.send(ann, "2026-11-23T09:01:00");
  day.checkOut(ann, mine, "2026-11-23T09:10:00");
  day.send(ann, "2026-11-23T09:11:00");

  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const auto found =
      readVisitProofs({day.storage().read(), caller, day.now(), key}, day.log(), provider, mine)
          .value();
  REQUIRE(found.proofs.size() == 2);
  const auto log = evidence::NoteVerifier::fromVkey(day.signers().verifierKey(provider)).value();
  std::vector<bool> withBytes;
  for (const v1::EntryProof& proof : found.proofs) {
    verifyAsCouncil(proof, log);
    v1::ProofExtra extra;
    REQUIRE(extra.ParseFromString(evidence::parseTlogProof(proof.tlog_proof())->extra));
    withBytes.push_back(extra.has_signed_entry());
    CHECK(extra.SerializeAsString().find("somebody else's") == std::string::npos);
  }
  CHECK(withBytes == std::vector<bool>{false, true});
}

TEST_CASE("a visit without records has no proofs") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  ProviderDay::PlannedCare care{.person = day.addPerson(provider, "p1", "north"), .carers = {ann}};
  care.from = care.to = "2026-11-23T08:00:00";
  const VisitId visit = day.addVisit(provider, care);
  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  CHECK(readVisitProofs({day.storage().read(), caller, day.now(), key}, day.log(), provider, visit)
            ->proofs.empty());
}

}  // namespace
}  // namespace doorstep::records
