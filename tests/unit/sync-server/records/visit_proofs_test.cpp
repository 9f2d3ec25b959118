// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shared/evidence/checkpoint.h"
#include "shared/wire/arrival_codec.h"
#include "shared/wire/proof_extra.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Whatever is changed of what a proof shows, it is refused or comes to another leaf.
void checkEveryByteCounts(const std::string& extra, const std::string& leafData) {
  for (std::size_t at = 0; at < extra.size(); ++at) {
    std::string altered = extra;
    altered[at] ^= 4;
    const auto shown = wire::readProofExtra(altered);
    INFO("byte " << at << " of " << extra.size());
    CHECK((!shown.ok() || shown->leafData != leafData));
  }
}

// What a council does with a proof file: nothing of ours but the two public keys.
wire::ProvedEntry verifyAsCouncil(const v1::EntryProof& proof, const evidence::NoteVerifier& log) {
  const auto parsed = evidence::parseTlogProof(proof.tlog_proof()).value();
  CHECK(parsed.position == proof.position());
  const auto shown = wire::readProofExtra(parsed.extra).value();
  CHECK(shown.device.value == proof.device_id());
  CHECK(evidence::verifyTlogProof(parsed, shown.leafData, log).ok());
  std::string other = shown.leafData;
  other.back() ^= 1;
  CHECK_FALSE(evidence::verifyTlogProof(parsed, other, log).ok());
  checkEveryByteCounts(parsed.extra, shown.leafData);
  return shown;
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

TEST_CASE("of an entry that also speaks of another council's visit its own events are shown") {
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
  const auto both = verifyAsCouncil(found.proofs[0], log);
  CHECK(found.proofs[0].tlog_proof().size() < 2'000);
  REQUIRE(both.events.size() == 2);
  CHECK(std::holds_alternative<visits::CheckedIn>(both.events[0].event->fact));
  CHECK(both.events[0].event->visit == mine);
  CHECK_FALSE(both.events[1].event);
  const std::string extra = evidence::parseTlogProof(found.proofs[0].tlog_proof())->extra;
  CHECK(extra.find("somebody else's") == std::string::npos);
  CHECK(extra.find(bigEndian64(theirs.value)) == std::string::npos);
  const auto alone = verifyAsCouncil(found.proofs[1], log);
  CHECK(std::holds_alternative<visits::CheckedOut>(alone.events.at(0).event->fact));
  // The interval of true time follows from the proof alone.
  const timing::Anchor anchors[] = {wire::anchorOf(*alone.arrival)};
  const auto time = timing::trustedTime(alone.entry->boot, alone.events[0].event->bootMs,
                                        alone.events[0].event->wallUnixMs, anchors);
  CHECK(time.timeClass == timing::TimeClass::Anchored);
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
