// SPDX-License-Identifier: Apache-2.0
#include "app/journal/journal.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "app/journal/tuning.h"
#include "shared/crypto/keys.h"
#include "shared/evidence/entry_chain.h"
#include "shared/visits/limits.h"
#include "shared/wire/entry_codec.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

// A journal alone, on fakes.
struct Desk {
  Desk() { open(); }
  void open() {
    journal.reset();
    auto opened =
        journal::Journal::open(folder.file("journal.db"), {DeviceId(7), key, {}}, platform);
    REQUIRE(opened.ok());
    journal = std::move(opened).value();
  }
  std::uint64_t append(visits::Fact fact = visits::CheckedIn{}, std::uint64_t visit = 101) {
    auto recorded = journal->append(VisitId(visit), std::move(fact));
    REQUIRE(recorded.ok());
    return recorded->event.number;
  }
  void seal() { REQUIRE(journal->seal(3).ok()); }
  visits::Entry sealedEntry(std::uint64_t n) {
    auto entries = journal->entriesFrom(n, journal::Journal::Which::All, 1, 1);
    REQUIRE(entries.ok());
    REQUIRE(entries->size() == 1);
    auto decoded = wire::decodeEntry(entries->front().bytes);
    REQUIRE(decoded.ok());
    CHECK(decoded->limits.empty());
    return decoded->entry;
  }

  support::TemporaryFolder folder;
  platform::FakeClock clock{kMorningUnixMs, 1, 5'000};
  platform::SeededIdSource ids{1};
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform platform{clock, ids, secrets, signer, fixes};
  crypto::SecretKey key{};
  std::unique_ptr<journal::Journal> journal;
};

}  // namespace

TEST_CASE("an event that was appended is there after the journal is opened again") {
  Desk desk;
  CHECK(desk.append(visits::CheckedIn{}) == 1);
  desk.clock.advance(2'500);
  CHECK(desk.append(visits::NoteAdded{"Ate well"}) == 2);
  desk.open();
  const auto events = desk.journal->readEvents();
  REQUIRE(events.ok());
  REQUIRE(events->size() == 2);
  CHECK((*events)[1].event.number == 2);
  CHECK((*events)[1].event.visit == VisitId(101));
  CHECK((*events)[1].event.wallUnixMs == kMorningUnixMs + 2'500);
  CHECK((*events)[1].event.bootMs == 7'500);
  CHECK(std::get<visits::NoteAdded>((*events)[1].event.fact).text == "Ate well");
  CHECK(desk.append() == 3);
}

TEST_CASE("sealed entries are chained, signed by the device and dense in entries and events") {
  Desk desk;
  desk.append();
  desk.append(visits::CheckedOut{});
  desk.seal();
  desk.append(visits::CheckedIn{}, 102);
  desk.seal();
  const auto entries =
      desk.journal->entriesFrom(1, journal::Journal::Which::WithoutReceipt, 64, 1 << 20);
  REQUIRE(entries.ok());
  REQUIRE(entries->size() == 2);
  auto signerKey = crypto::P256PublicKey::fromSpki(desk.signer.publicKeySpki().value());
  REQUIRE(signerKey.ok());
  for (const auto& entry : *entries)
    CHECK(signerKey->verify(wire::openEntry(entry.bytes)->evidence.signedMessage(DeviceId(7)),
                            wire::openEntry(entry.bytes)->evidence.signature));
  const visits::Entry first = desk.sealedEntry(1);
  const visits::Entry second = desk.sealedEntry(2);
  CHECK(first.events.size() == 2);
  CHECK_FALSE(first.previousHash.has_value());
  CHECK(second.previousHash == wire::openEntry((*entries)[0].bytes)->evidence.hash(DeviceId(7)));
  CHECK(second.events.front().number == 3);
  CHECK(second.planVersion == 3);
  CHECK(first.salt != second.salt);
}

TEST_CASE("an entry never spans two boots") {
  Desk desk;
  desk.append();
  desk.append();
  desk.clock.reboot();
  desk.append();
  desk.seal();
  REQUIRE(desk.journal->lastEntry() == 2);
  CHECK(desk.sealedEntry(1).events.size() == 2);
  CHECK(desk.sealedEntry(2).boot == 2);
}

TEST_CASE("many events become entries within the limits of the contract") {
  Desk desk;
  for (int i = 0; i < 40; ++i)
    desk.append(visits::NoteAdded{std::string(visits::kNoteBytesMax, 'n')});
  for (int i = 0; i < 300; ++i)
    desk.append();
  desk.seal();
  CHECK(desk.journal->unsealedEvents() == 0);
  const auto entries = desk.journal->entriesFrom(1, journal::Journal::Which::All, 64, 1 << 20);
  REQUIRE(entries.ok());
  CHECK(entries->size() >= 3);
  std::uint64_t events = 0;
  for (const auto& entry : *entries) {
    CHECK(entry.bytes.size() <= visits::kEntryBytesMax);
    events += desk.sealedEntry(entry.n).events.size();
  }
  CHECK(events == 340);
}

TEST_CASE("a signing key that is gone leaves the events unsealed and the next seal takes them") {
  Desk desk;
  desk.append();
  desk.signer.gone = true;
  CHECK_FALSE(desk.journal->seal(0).ok());
  CHECK(desk.journal->lastEntry() == 0);
  desk.append();
  desk.signer.gone = false;
  desk.seal();
  CHECK(desk.sealedEntry(1).events.size() == 2);
}

TEST_CASE("a monotonic clock that runs backwards does not stop a record") {
  Desk desk;
  desk.append();
  desk.clock = platform::FakeClock(kMorningUnixMs, 1, 100);
  desk.append();
  desk.seal();
  const visits::Entry entry = desk.sealedEntry(1);
  REQUIRE(entry.events.size() == 2);
  CHECK(entry.events[1].bootMs == entry.events[0].bootMs);
}

TEST_CASE("receipts survive and say where each event is") {
  Desk desk;
  desk.append();
  desk.seal();
  desk.append();
  desk.seal();
  desk.append();
  journal::SyncState state;
  state.replyServerUnixMs = kMorningUnixMs;
  REQUIRE(
      desk.journal
          ->recordExchange({{1, 0, 0, kMorningUnixMs}, {2, std::nullopt, 2, kMorningUnixMs}}, state)
          .ok());
  desk.open();
  CHECK(desk.journal->standing(1) == journal::EventStanding::AtTheOffice);
  CHECK(desk.journal->standing(2) == journal::EventStanding::OfficeMustLook);
  CHECK(desk.journal->standing(3) == journal::EventStanding::OnThisPhone);
  CHECK(desk.journal->firstWithoutReceipt() == 3);
  CHECK(desk.journal->syncState().replyServerUnixMs == kMorningUnixMs);
}

TEST_CASE("an entry leaves only after its receipt and the retention, and the last one stays") {
  Desk desk;
  for (int i = 0; i < 3; ++i) {
    desk.append();
    desk.seal();
  }
  journal::SyncState state;
  const std::int64_t after = kMorningUnixMs + journal::kRetentionMs;
  CHECK(desk.journal->compact(after + 1).value() == 0);
  REQUIRE(
      desk.journal->recordExchange({{1, 0, 0, kMorningUnixMs}, {3, 2, 0, kMorningUnixMs}}, state)
          .ok());
  CHECK(desk.journal->compact(after - 1).value() == 0);
  CHECK(desk.journal->compact(after).value() == 1);  // 2 has no receipt and holds back 3
  REQUIRE(desk.journal->recordExchange({{2, 1, 0, kMorningUnixMs}}, state).ok());
  CHECK(desk.journal->compact(after).value() == 1);
  desk.open();
  CHECK(desk.journal->entries().size() == 1);
  CHECK(desk.journal->lastEntry() == 3);
  CHECK(desk.journal->standing(1) == journal::EventStanding::AtTheOffice);
  CHECK(desk.append() == 4);
  desk.seal();
  CHECK(desk.sealedEntry(4).previousHash.has_value());
}

TEST_CASE("what the server keeps outside its log never leaves the phone") {
  Desk desk;
  desk.append();
  desk.seal();
  desk.append();
  desk.seal();
  REQUIRE(desk.journal->recordExchange({{1, std::nullopt, 1, 1}, {2, 0, 0, 1}}, {}).ok());
  CHECK(desk.journal->compact(kMorningUnixMs).value() == 0);
}

TEST_CASE("nothing that a person wrote stands readable in the journal's files") {
  Desk desk;
  desk.append(visits::NoteAdded{"Margaret fell in the bathroom"});
  desk.seal();
  for (const char* name : {"journal.db", "journal.db-wal"}) {
    std::ifstream file(desk.folder.file(name), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    CHECK(bytes.find("Margaret") == std::string::npos);
  }
}

TEST_CASE("a journal of another device is refused and left alone") {
  Desk desk;
  desk.append();
  desk.journal.reset();
  const auto other = journal::Journal::open(desk.folder.file("journal.db"),
                                            {DeviceId(8), desk.key, {}}, desk.platform);
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().reason == "JOURNAL_OTHER_DEVICE");
  desk.open();
  CHECK(desk.journal->lastEvent() == 1);
}

TEST_CASE("a visit of twelve events with a note of 120 characters is signed in at most 500 bytes") {
  Desk desk;
  journal::SyncState state;
  Hash leaf;
  for (int i = 0; i < 100'000; ++i) {  // as the entry of a phone that has exchanged before
    leaf.bytes[0] = static_cast<std::uint8_t>(i);
    state.frontier.append(leaf);
  }
  REQUIRE(desk.journal->recordExchange({}, state).ok());
  const std::uint64_t visit = desk.ids.newId(desk.clock);
  desk.append(visits::CheckedIn{visits::PlaceEvidence{visits::PlaceMethod::Position, 23, 12, 4}},
              visit);
  for (std::uint32_t task = 1; task <= 9; ++task) {
    desk.clock.advance(97'123);
    desk.append(
        visits::TaskRecorded{task, visits::TaskOutcome::Done, visits::NotDoneReason::Unspecified,
                             visits::Independence::Prompted},
        visit);
  }
  desk.append(visits::NoteAdded{std::string(120, 'n')}, visit);
  desk.clock.advance(31'000);
  desk.append(visits::CheckedOut{visits::PlaceEvidence{visits::PlaceMethod::Position, 23, 12, 4}},
              visit);
  desk.seal();
  const auto entries = desk.journal->entriesFrom(1, journal::Journal::Which::All, 64, 1 << 20);
  REQUIRE(entries.ok());
  const std::size_t bytes = entries->front().bytes.size();
  INFO("bytes of the visit: " << bytes);
  CHECK(bytes <= 500);
}

}  // namespace doorstep::test
