// SPDX-License-Identifier: Apache-2.0
// The contract of event_log::EventLog as code.
#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"
#include "sync-server/event_log/limits.h"
#include "tests/conformance/event_log_maker.h"

namespace doorstep::event_log {
namespace {

constexpr ProviderId kProvider{3};
constexpr ProviderId kOther{4};
constexpr DeviceId kDevice{77};
constexpr Hash kArrival{{9, 9}};
const auto kAlone = []() -> Status { return kDone; };

// Appends made-up entries the way intake does.
struct Writer {
  explicit Writer(const EventLogMaker& maker) : made(maker.make(signers)) {}
  EventLog& log() { return made->log(); }

  Hash hashOf(DeviceId device, std::uint64_t n) const {
    return crypto::sha256(bigEndian64(device.value) + bigEndian64(n));
  }
  // Stages `count` next entries of the device.
  void stage(Commit& commit, ProviderId provider, DeviceId device, std::uint64_t count) {
    auto head = *log().deviceHead(provider, device);
    for (std::uint64_t i = 0; i < count; ++i) {
      ++head.n;
      head.entryHash = hashOf(device, head.n);
      ++head.nextEventNumber;
      commit.entries.push_back({.provider = provider,
                                .device = device,
                                .carer = CarerId(40),
                                .n = head.n,
                                .entry = "entry " + std::to_string(head.n),
                                .entryHash = head.entryHash,
                                .arrivalHash = kArrival,
                                .receivedUnixMs = 1'000});
    }
    head.passedOver = false;
    commit.heads.push_back({provider, device, head});
  }
  void append(ProviderId provider, DeviceId device, std::uint64_t count) {
    Commit commit;
    stage(commit, provider, device, count);
    REQUIRE(log().commit(commit, kAlone).ok());
  }
  void keepOutside(std::uint64_t n, const std::string& reason, bool passOver) {
    Commit commit;
    auto head = *log().deviceHead(kProvider, kDevice);
    const Hash hash = hashOf(kDevice, n);
    commit.outside.push_back({.provider = kProvider,
                              .device = kDevice,
                              .n = n,
                              .reason = reason,
                              .entry = "kept",
                              .entryHash = hash,
                              .receivedUnixMs = 1'000});
    if (passOver) {
      head.n = n;
      head.passedOver = true;
      head.open = 1;
      commit.open.push_back({kProvider, kDevice, {{n, {head.nextEventNumber, UINT64_MAX}}}});
    }
    commit.heads.push_back({kProvider, kDevice, head});
    REQUIRE(log().commit(commit, kAlone).ok());
  }

  LogSigners signers{"test.example", crypto::Ed25519PrivateKey::generate()};
  std::unique_ptr<MadeEventLog> made;
};

Writer makeWriter() {
  static const auto makers = eventLogMakers();
  const auto index = GENERATE(range(std::size_t{0}, makers.size()));
  INFO(makers[index].name);
  return Writer(makers[index]);
}

TEST_CASE("a new log is empty, signed and the same after it is opened again") {
  auto writer = makeWriter();
  REQUIRE(writer.log().publishedHead(kProvider).error().reason == "LOG_UNKNOWN");
  const auto head = writer.log().head(kProvider);
  REQUIRE(head->size == 0);
  REQUIRE(head->root == evidence::emptyRoot());
  writer.made->reopen();
  REQUIRE(writer.log().publishedHead(kProvider)->checkpointNote == head->checkpointNote);
}

TEST_CASE("positions are dense for each provider, in the order of the commit") {
  auto writer = makeWriter();
  Commit commit;
  writer.stage(commit, kProvider, kDevice, 2);
  writer.stage(commit, kOther, DeviceId(5), 1);
  writer.stage(commit, kProvider, DeviceId(78), 1);
  REQUIRE(writer.log().commit(commit, kAlone).ok());
  std::vector<std::uint64_t> positions;
  for (const auto& entry : commit.entries)
    positions.push_back(entry.position);
  REQUIRE(positions == std::vector<std::uint64_t>{0, 1, 0, 2});
  writer.made->reopen();
  writer.append(kProvider, kDevice, 1);
  REQUIRE(writer.log().publishedHead(kProvider)->size == 4);
  REQUIRE(writer.log().publishedHead(kOther)->size == 1);
}

TEST_CASE("every checkpoint is signed and has the root of its entries") {
  auto writer = makeWriter();
  const auto verifier = writer.signers.signer(kProvider).verifier();
  evidence::Frontier frontier;
  for (const std::uint64_t count : {1, 2, 250, 10, 300}) {
    writer.append(kProvider, kDevice, count);
    const auto head = writer.log().publishedHead(kProvider);
    for (std::uint64_t n = frontier.size() + 1; n <= head->size; ++n)
      frontier.append(evidence::leafHash(evidence::leafData(writer.hashOf(kDevice, n), kArrival)));
    const auto text = evidence::openNote(head->checkpointNote, verifier);
    REQUIRE(text.ok());
    REQUIRE(*evidence::parseCheckpoint(*text) ==
            evidence::Checkpoint{verifier.name(), frontier.size(), frontier.root()});
    REQUIRE(verifier.verify(*text, head->checkpointSignature));
  }
}

TEST_CASE("subtrees prove every entry and the growth of the log, from memory and from storage") {
  auto writer = makeWriter();
  std::vector<LogHead> heads;
  for (int i = 0; i < 5; ++i) {
    writer.append(kProvider, kDevice, 137);
    heads.push_back(*writer.log().publishedHead(kProvider));
  }
  const evidence::SubtreeHashes hashes = [&](const evidence::Subtree& subtree) {
    return writer.log().subtreeHash(kProvider, subtree);
  };
  for (int opened = 0; opened < 2; ++opened) {
    const auto& newest = heads.back();
    for (const auto& older : heads) {
      const auto proof = evidence::consistencyProof(older.size, newest.size, hashes);
      REQUIRE(proof.ok());
      REQUIRE(evidence::verifyConsistency(older.size, older.root, newest.size, newest.root, *proof)
                  .ok());
    }
    for (std::uint64_t position = 0; position < newest.size; position += 31) {
      const auto proof = evidence::inclusionProof(position, newest.size, hashes);
      REQUIRE(proof.ok());
      const Hash leaf =
          evidence::leafHash(evidence::leafData(writer.hashOf(kDevice, position + 1), kArrival));
      REQUIRE(evidence::verifyInclusion(leaf, position, newest.size, *proof, newest.root).ok());
    }
    for (const int level : {0, 3, 8}) {
      const std::size_t count = std::min<std::size_t>(kSubtreesPerReadMax, newest.size >> level);
      const auto row = writer.log().subtreeHashes(kProvider, {level, 0}, count);
      REQUIRE(row->size() == count);
      for (std::uint64_t i = 0; i < count; ++i)
        REQUIRE((*row)[i] == hashes({level, i}).value());
    }
    const std::vector<std::pair<evidence::Subtree, std::size_t>> unknown{
        {{0, newest.size}, 1},
        {{0, newest.size - 1}, 2},
        {{0, std::numeric_limits<std::uint64_t>::max()}, 2},
        {{0, 0}, 0},
        {{0, 0}, kSubtreesPerReadMax + 1},
        {{63, 0}, 1},
        {{-1, 0}, 1}};
    for (const auto& [first, count] : unknown)
      REQUIRE(writer.log().subtreeHashes(kProvider, first, count).error().reason ==
              "SUBTREE_UNKNOWN");
    writer.made->reopen();
  }
}

TEST_CASE("what a device sent is found by its number, however long ago") {
  auto writer = makeWriter();
  writer.append(kProvider, kDevice, 200);
  writer.append(kProvider, DeviceId(78), 3);
  writer.append(kProvider, kDevice, 100);
  for (int opened = 0; opened < 2; ++opened) {
    for (const std::uint64_t n : {1, 130, 200, 201, 300}) {
      const auto held = writer.log().held(kProvider, kDevice, n, writer.hashOf(kDevice, n));
      REQUIRE(held->entry->entryHash == writer.hashOf(kDevice, n));
      REQUIRE(held->entry->position == (n <= 200 ? n - 1 : n + 2));
      REQUIRE_FALSE(held->outsideReason.has_value());
    }
    REQUIRE_FALSE(writer.log().held(kProvider, kDevice, 301, Hash{})->entry.has_value());
    writer.made->reopen();
  }
}

TEST_CASE(
    "an entry that was passed over is held outside the log, and the chain goes on around it") {
  auto writer = makeWriter();
  writer.append(kProvider, kDevice, 2);
  writer.keepOutside(3, "BAD_SIGNATURE", true);
  REQUIRE(writer.log().deviceHead(kProvider, kDevice)->passedOver);
  writer.append(kProvider, kDevice, 2);
  for (int opened = 0; opened < 2; ++opened) {
    const auto passed = writer.log().held(kProvider, kDevice, 3, writer.hashOf(kDevice, 3));
    REQUIRE_FALSE(passed->entry.has_value());
    REQUIRE(passed->outsideReason == "BAD_SIGNATURE");
    REQUIRE(writer.log().openNs(kProvider, kDevice).value() == OpenNs{{3, {3, UINT64_MAX}}});
    REQUIRE(writer.log().held(kProvider, kDevice, 2, Hash{})->entry->position == 1U);
    REQUIRE(writer.log().held(kProvider, kDevice, 4, Hash{})->entry->position == 2U);
    REQUIRE(writer.log().deviceHead(kProvider, kDevice)->quarantined == 1);
    REQUIRE(writer.log().deviceHead(kProvider, kDevice)->notSigned == 1);
    writer.made->reopen();
  }
}

TEST_CASE(
    "an entry that comes after later ones of its device has a position and is found by its n") {
  auto writer = makeWriter();
  writer.append(kProvider, kDevice, 2);
  writer.keepOutside(3, "BAD_SIGNATURE", true);
  writer.append(kProvider, kDevice, 100);
  Commit commit;
  auto head = *writer.log().deviceHead(kProvider, kDevice);
  head.open = 0;
  commit.entries.push_back({.provider = kProvider,
                            .device = kDevice,
                            .carer = CarerId(40),
                            .n = 3,
                            .entry = "entry 3",
                            .entryHash = writer.hashOf(kDevice, 3),
                            .arrivalHash = kArrival,
                            .receivedUnixMs = 1'000,
                            .late = true});
  commit.heads.push_back({kProvider, kDevice, head});
  commit.open.push_back({kProvider, kDevice, {}});
  REQUIRE(writer.log().commit(commit, kAlone).ok());
  REQUIRE(commit.entries.front().position == 102);
  writer.append(kProvider, kDevice, 2);
  for (int opened = 0; opened < 2; ++opened) {
    REQUIRE(writer.log().held(kProvider, kDevice, 3, Hash{})->entry->position == 102U);
    for (const std::uint64_t n : {2, 4, 50, 103})
      REQUIRE(writer.log().held(kProvider, kDevice, n, Hash{})->entry->position ==
              n - (n > 3 ? 2 : 1));
    REQUIRE(writer.log().held(kProvider, kDevice, 104, Hash{})->entry->position == 103U);
    REQUIRE(writer.log().openNs(kProvider, kDevice)->empty());
    // The same bytes had been kept beside the log.
    REQUIRE(writer.log().deviceHead(kProvider, kDevice)->quarantined == 0);
    REQUIRE(writer.log().deviceHead(kProvider, kDevice)->notSigned == 0);
    writer.made->reopen();
  }
}

TEST_CASE("what came too early is no longer outside once it is in the log") {
  auto writer = makeWriter();
  writer.keepOutside(1, "GAP", false);
  REQUIRE(writer.log().held(kProvider, kDevice, 0, writer.hashOf(kDevice, 1))->outsideReason ==
          "GAP");
  writer.append(kProvider, kDevice, 1);
  REQUIRE(writer.log().deviceHead(kProvider, kDevice)->quarantined == 0);
  REQUIRE(writer.log().outsideEntries(kProvider, 0, 10)->empty());
}

TEST_CASE("entries outside the log are listed newest first, in pages") {
  auto writer = makeWriter();
  for (std::uint64_t n = 10; n < 15; ++n)
    writer.keepOutside(n, "GAP", false);
  const auto first = writer.log().outsideEntries(kProvider, 0, 3);
  REQUIRE(first->size() == 3);
  REQUIRE(first->front().n == 14);
  REQUIRE(first->front().entry == "kept");
  const auto second = writer.log().outsideEntries(kProvider, first->back().id, 3);
  REQUIRE(second->size() == 2);
  REQUIRE(second->back().n == 10);
}

TEST_CASE("entries that stand in the log uncounted are listed newest first, in pages") {
  auto writer = makeWriter();
  for (int i = 0; i < 4; ++i) {
    Commit commit;
    writer.stage(commit, kProvider, kDevice, 2);
    commit.entries.back().quarantineReason = "UNKNOWN_VISIT";
    REQUIRE(writer.log().commit(commit, kAlone).ok());
  }
  writer.append(kOther, DeviceId(5), 1);
  const auto first = writer.log().quarantinedEntries(kProvider, INT64_MAX, 3);
  REQUIRE(first->size() == 3);
  REQUIRE(first->front().position == 7);
  REQUIRE(first->front().n == 8);
  REQUIRE(first->front().quarantineReason == "UNKNOWN_VISIT");
  const auto second = writer.log().quarantinedEntries(kProvider, first->back().position, 3);
  REQUIRE(second->size() == 1);
  REQUIRE(second->front().position == 1);
  REQUIRE(writer.log().quarantinedEntries(kOther, INT64_MAX, 3)->empty());
}

TEST_CASE("alarms are listed newest first, in pages, for their provider only") {
  auto writer = makeWriter();
  for (const std::int64_t raised : {1'000, 2'000, 3'000}) {
    Commit commit;
    commit.alarms.push_back({AlarmKind::Fork, kProvider, kDevice, raised, "hash"});
    REQUIRE(writer.log().commit(commit, kAlone).ok());
  }
  Commit commit;
  commit.alarms.push_back({AlarmKind::LogRegress, kOther, DeviceId(5), 4'000, "9"});
  REQUIRE(writer.log().commit(commit, kAlone).ok());
  for (int opened = 0; opened < 2; ++opened) {
    const auto first = writer.log().alarms(kProvider, 0, 2);
    REQUIRE(first->size() == 2);
    REQUIRE(first->front().raisedUnixMs == 3'000);
    REQUIRE(first->front().kind == AlarmKind::Fork);
    REQUIRE(first->front().device == kDevice);
    REQUIRE(first->front().evidence == "hash");
    const auto second = writer.log().alarms(kProvider, first->back().id, 2);
    REQUIRE(second->size() == 1);
    REQUIRE(second->front().raisedUnixMs == 1'000);
    REQUIRE(writer.log().alarms(kOther, 0, 2)->front().kind == AlarmKind::LogRegress);
    writer.made->reopen();
  }
}

TEST_CASE("a commit whose company fails leaves log, heads and checkpoint as they were") {
  auto writer = makeWriter();
  writer.append(kProvider, kDevice, 255);
  const auto before = *writer.log().publishedHead(kProvider);
  Commit commit;
  writer.stage(commit, kProvider, kDevice, 5);  // completes a tile
  bool sawPositions = false;
  const Status failed = writer.log().commit(commit, [&]() -> Status {
    sawPositions = commit.entries.back().position == 259;
    return Error{ErrorCode::ResourceExhausted, "DISK_FULL", "as asked"};
  });
  REQUIRE(failed.error().reason == "DISK_FULL");
  REQUIRE(sawPositions);
  REQUIRE(writer.log().publishedHead(kProvider)->checkpointNote == before.checkpointNote);
  REQUIRE(writer.log().deviceHead(kProvider, kDevice)->n == 255);
  writer.append(kProvider, kDevice, 5);
  writer.made->reopen();
  REQUIRE(writer.log().publishedHead(kProvider)->size == 260);
}

TEST_CASE("entries are read back as they came, in pages") {
  auto writer = makeWriter();
  Commit commit;
  writer.stage(commit, kProvider, kDevice, 3);
  doorstep::sync::v1::ClockReading clock;
  clock.set_boot(9);
  clock.set_sent_boot_ms(70);
  clock.set_reply_server_unix_ms(900);
  clock.set_reply_age_ms(10);
  commit.entries[1].clock = clock.SerializeAsString();
  commit.entries[1].anchor.notBeforeUnixMs = 800;
  commit.entries[1].quarantineReason = "LIMITS";
  commit.entries[1].carer = CarerId(41);
  REQUIRE(writer.log().commit(commit, kAlone).ok());
  const auto page = writer.log().entries(kProvider, 1, 1);
  REQUIRE(page->size() == 1);
  const auto& entry = page->front();
  REQUIRE(entry.position == 1);
  REQUIRE(entry.n == 2);
  REQUIRE(entry.entry == "entry 2");
  REQUIRE(entry.entryHash == writer.hashOf(kDevice, 2));
  REQUIRE(entry.arrivalHash == kArrival);
  REQUIRE(entry.arrival() == commit.entries[1].arrival());
  REQUIRE(entry.anchor == timing::Anchor{.boot = 9,
                                         .sentBootMs = 70,
                                         .receivedUnixMs = 1'000,
                                         .replyBootMs = 60,
                                         .replyUnixMs = 900,
                                         .notBeforeUnixMs = 800});
  REQUIRE(entry.quarantineReason == "LIMITS");
  REQUIRE(entry.carer == CarerId(41));
  REQUIRE(writer.log().entries(kProvider, 3, 10)->empty());
}

}  // namespace
}  // namespace doorstep::event_log
