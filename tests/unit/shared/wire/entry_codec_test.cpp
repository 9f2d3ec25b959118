// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/entry_codec.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "doorstep/visit/v1/entry.pb.h"
#include "doorstep/visit/v1/event.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"
#include "shared/wire/fact_codec.h"

using namespace doorstep;
using namespace doorstep::visits;

namespace {

std::optional<PlaceEvidence> drawPlace() {
  if (*rc::gen::arbitrary<bool>())
    return std::nullopt;
  PlaceEvidence place;
  place.method = static_cast<PlaceMethod>(*rc::gen::inRange(1, 5));
  if (*rc::gen::arbitrary<bool>()) {
    place.distanceM = *rc::gen::inRange<std::uint32_t>(0, kDistanceMMax);
    place.accuracyM = *rc::gen::inRange<std::uint32_t>(0, kAccuracyMMax);
    place.fixAgeS = *rc::gen::inRange<std::uint32_t>(0, kFixAgeSMax);
  }
  return place;
}

TaskRecorded drawTask() {
  TaskRecorded task;
  task.taskNumber = *rc::gen::inRange<std::uint32_t>(1, kTaskNumberMax + 1);
  task.outcome = static_cast<TaskOutcome>(*rc::gen::inRange(1, 4));
  if (task.outcome != TaskOutcome::Done)
    task.reason = static_cast<NotDoneReason>(*rc::gen::inRange(1, 12));
  task.independence = static_cast<Independence>(*rc::gen::inRange(0, 5));
  return task;
}

NoteAdded drawNote() { return {*rc::gen::container<std::string>(20, rc::gen::inRange('a', 'z'))}; }

Fact drawFact(std::uint64_t number) {
  switch (*rc::gen::inRange(0, number > 1 ? 7 : 6)) {
    case 0:
      return CheckedIn{drawPlace()};
    case 1:
      return CheckedOut{drawPlace()};
    case 2:
      return drawTask();
    case 3:
      return drawNote();
    case 4:
      return NoEntry{static_cast<NoEntryReason>(*rc::gen::inRange(1, 4)), drawPlace()};
    case 5:
      return RunningLate{*rc::gen::inRange<std::uint32_t>(1, kRunningLateMinMax + 1)};
    default:
      break;
  }
  Amended amended;
  amended.eventNumber = *rc::gen::inRange<std::uint64_t>(1, number);
  amended.reason = static_cast<AmendReason>(*rc::gen::inRange(1, 5));
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      amended.replacement =
          CorrectedTime{*rc::gen::inRange(visits::kCorrectedUnixMsMin, kUnixMsMax)};
      break;
    case 1:
      amended.replacement = drawTask();
      break;
    case 2:
      amended.replacement = drawNote();
      break;
    default:
      break;
  }
  return amended;
}

Entry drawEntry() {
  Entry entry;
  entry.n = *rc::gen::inRange<std::uint64_t>(1, 1000);
  if (entry.n > 1)
    entry.previousHash = Hash{{1, 2, 3}};
  entry.salt = std::string(16, 's');
  entry.checkpointSize = *rc::gen::inRange<std::uint64_t>(0, 3);
  entry.checkpointRootPrefix = std::string(entry.checkpointSize == 0 ? 0 : 16, 'r');
  entry.planVersion = *rc::gen::arbitrary<std::uint64_t>();
  entry.carer = CarerId(*rc::gen::arbitrary<std::uint64_t>());
  entry.boot = *rc::gen::arbitrary<std::uint32_t>();
  std::uint64_t bootMs = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40);
  std::uint64_t number = *rc::gen::inRange<std::uint64_t>(1, 1ULL << 40);
  const int count = *rc::gen::inRange(1, 12);
  const bool ofPersons = *rc::gen::arbitrary<bool>();
  for (int i = 0; i < count; ++i) {
    if (*rc::gen::inRange(0, 8) == 0) {
      Event& sealed = entry.events.emplace_back();
      sealed.number = number++;
      sealed.fact = SealedFact{Hash{{4, 2}}, "sealed bytes"};
      sealed.subjectKind = ofPersons ? SubjectKind::Person : SubjectKind::Visit;
      continue;
    }
    bootMs += *rc::gen::inRange<std::uint64_t>(0, 1ULL << 30);
    // The wall clock goes anywhere, also backwards.
    const auto wallUnixMs = *rc::gen::inRange(kUnixMsMin, kUnixMsMax);
    const VisitId visit(*rc::gen::inRange<std::uint64_t>(1, 4));
    entry.events.push_back({number, visit, bootMs, wallUnixMs, drawFact(number)});
    if (ofPersons) {
      entry.events.back().subjectKind = SubjectKind::Person;
      entry.events.back().otherSubject = std::exchange(entry.events.back().visit, {}).value;
    }
    ++number;
  }
  return entry;
}

Entry smallEntry() {
  Entry entry;
  entry.n = 1;
  entry.salt = std::string(16, 's');
  entry.boot = 3;
  entry.events.push_back({1, VisitId{7}, 1000, 5000, CheckedIn{}});
  return entry;
}

}  // namespace

TEST_CASE("an entry means the same after encoding and decoding") {
  const bool held = rc::check([] {
    const Entry entry = drawEntry();
    const auto decoded = wire::decodeEntry(wire::encodeEntry(entry));
    RC_ASSERT(decoded.ok());
    RC_ASSERT(decoded->limits.empty());
    RC_ASSERT(decoded->entry == entry);
  });
  CHECK(held);
}

TEST_CASE("a subject is named once for events that follow each other") {
  Entry entry = smallEntry();
  for (std::uint64_t number = 2; number <= 12; ++number)
    entry.events.push_back({number, VisitId{number < 9 ? 7U : 8U}, 1000 + number,
                            5000 + static_cast<std::int64_t>(number),
                            TaskRecorded{1, TaskOutcome::Done, {}, {}}});
  visit::v1::SignedEntry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(entry)));
  REQUIRE(proto.subject_ids_size() == 2);
  CHECK(proto.subject_ids(0) == 7);
  CHECK(proto.subject_ids(1) == 8);
  REQUIRE(proto.subject_event_counts_size() == 1);
  CHECK(proto.subject_event_counts(0) == 8);
  CHECK(proto.wall_steps_size() == 0);
  CHECK(wire::decodeEntry(wire::encodeEntry(entry))->entry == entry);
}

TEST_CASE("altered bytes never crash the decoder and never make more of an entry than its bounds") {
  const bool held = rc::check([] {
    std::string bytes = wire::encodeEntry(drawEntry());
    const int changes = *rc::gen::inRange(1, 8);
    for (int i = 0; i < changes && !bytes.empty(); ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          bytes[at] = *rc::gen::arbitrary<char>();
          break;
        case 1:
          bytes.resize(at);
          break;
        default:
          bytes.insert(at, 1, *rc::gen::arbitrary<char>());
      }
    }
    const auto decoded = wire::decodeEntry(bytes);
    if (!decoded.ok()) {
      RC_ASSERT(decoded.error().reason == "MALFORMED");
      return;
    }
    RC_ASSERT(!decoded->entry.events.empty() && decoded->entry.events.size() <= kEventsPerEntryMax);
    RC_ASSERT(decoded->entry.salt.size() == 16U);
    for (const Event& event : decoded->entry.events)
      RC_ASSERT(event.visit || event.otherSubject != 0U ||
                std::holds_alternative<SealedFact>(event.fact));
    RC_ASSERT(wire::openEntry(bytes)->evidence.events.size() == decoded->entry.events.size());
  });
  CHECK(held);
}

// Adds an event with this Fact behind the last.
void addFact(visit::v1::SignedEntry& proto, const std::string& fact) {
  proto.add_facts(fact);
  proto.add_boot_deltas_ms(0);
}

// Field 40 of a message: of a later release.
const std::string kLaterField("\xC2\x02\x02\x08\x05", 5);

TEST_CASE("a fact of a later release keeps its bytes and loses no neighbour") {
  visit::v1::SignedEntry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  addFact(proto, kLaterField);
  addFact(proto, wire::encodeFact(CheckedOut{}));
  const auto decoded = wire::decodeEntry(proto.SerializeAsString());
  REQUIRE(decoded.ok());
  CHECK(decoded->limits.empty());
  REQUIRE(decoded->entry.events.size() == 3);
  CHECK(decoded->entry.events[1].fact == Fact{UnknownFact{kLaterField}});
  CHECK(std::holds_alternative<CheckedOut>(decoded->entry.events[2].fact));
  CHECK(decoded->entry.events[2].number == 3);
}

TEST_CASE("a subject of a later release is kept, with its id") {
  visit::v1::SignedEntry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  visit::v1::EntryHeader header;
  REQUIRE(header.ParseFromString(proto.header()));
  header.set_subject_kind(static_cast<visit::v1::SubjectKind>(77));
  proto.set_header(header.SerializeAsString());
  const auto decoded = wire::decodeEntry(proto.SerializeAsString());
  REQUIRE(decoded.ok());
  CHECK_FALSE(decoded->entry.events[0].visit);
  CHECK(decoded->entry.events[0].otherSubject == 7);
}

TEST_CASE("facts and replacements of a later release are encoded again as they were") {
  visit::v1::SignedEntry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  addFact(proto, kLaterField);
  visit::v1::Fact amendment;
  amendment.mutable_amended()->set_event_number(1);
  amendment.mutable_amended()->set_reason(visit::v1::AMEND_REASON_OTHER);
  REQUIRE(amendment.mutable_amended()->MergeFromString(kLaterField));
  addFact(proto, amendment.SerializeAsString());
  const std::string bytes = proto.SerializeAsString();
  const auto decoded = wire::decodeEntry(bytes);
  REQUIRE(decoded.ok());
  CHECK(decoded->limits.empty());
  CHECK(std::holds_alternative<UnknownReplacement>(
      std::get<Amended>(decoded->entry.events.at(2).fact).replacement));
  CHECK(wire::encodeEntry(decoded->entry) == bytes);
}

TEST_CASE("an amendment withdraws only when it says so") {
  visit::v1::SignedEntry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  visit::v1::Fact amendment;
  amendment.mutable_amended()->set_event_number(1);
  amendment.mutable_amended()->set_reason(visit::v1::AMEND_REASON_OTHER);
  addFact(proto, "");
  const auto decodedWith = [&] {
    proto.set_facts(1, amendment.SerializeAsString());
    return wire::decodeEntry(proto.SerializeAsString()).value();
  };
  CHECK_FALSE(decodedWith().limits.empty());
  CHECK_FALSE(std::holds_alternative<Withdrawn>(
      std::get<Amended>(decodedWith().entry.events.at(1).fact).replacement));
  amendment.mutable_amended()->mutable_withdrawn();
  CHECK(decodedWith().limits.empty());
  CHECK(std::holds_alternative<Withdrawn>(
      std::get<Amended>(decodedWith().entry.events.at(1).fact).replacement));
}

TEST_CASE("a phone signs the header and what each event says, and nothing that can be changed") {
  const bool held = rc::check([] {
    const Entry entry = drawEntry();
    const std::string bytes = wire::encodeEntry(entry);
    const auto message = wire::messageToSign(DeviceId(9), bytes);
    RC_ASSERT(message.ok());
    const std::string whole = wire::withSignature(bytes, std::string(64, 'x'));
    const auto opened = wire::openEntry(whole);
    RC_ASSERT(opened.ok());
    RC_ASSERT(opened->evidence.signature == std::string(64, 'x'));
    RC_ASSERT(opened->evidence.signedMessage(DeviceId(9)) == *message);
    RC_ASSERT(opened->evidence.signedMessage(DeviceId(8)) != *message);
    // Any other entry has another message.
    Entry other = entry;
    Event& changed = other.events[*rc::gen::inRange<std::size_t>(0, other.events.size())];
    if (std::holds_alternative<SealedFact>(changed.fact))
      std::get<SealedFact>(changed.fact).eventHash.bytes[3] ^= 1;
    else
      changed.fact = UnknownFact{kLaterField};
    RC_ASSERT(*wire::messageToSign(DeviceId(9), wire::encodeEntry(other)) != *message);
    other = entry;
    other.salt[5] ^= 1;
    const bool allSealed = std::all_of(
        entry.events.begin(), entry.events.end(),
        [](const Event& event) { return std::holds_alternative<SealedFact>(event.fact); });
    RC_ASSERT((*wire::messageToSign(DeviceId(9), wire::encodeEntry(other)) == *message) ==
              allSealed);
  });
  CHECK(held);
}
