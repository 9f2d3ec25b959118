// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/entry_codec.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "doorstep/visit/v1/entry.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"

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
    place.accuracyM = *rc::gen::arbitrary<std::uint32_t>();
    place.fixAgeS = *rc::gen::arbitrary<std::uint32_t>();
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
  for (int i = 0; i < count; ++i) {
    bootMs += *rc::gen::inRange<std::uint64_t>(0, 1ULL << 30);
    // The wall clock goes anywhere, also backwards.
    const auto wallUnixMs = *rc::gen::inRange(kUnixMsMin, kUnixMsMax);
    const VisitId visit(*rc::gen::inRange<std::uint64_t>(1, 4));
    entry.events.push_back({number, visit, bootMs, wallUnixMs, drawFact(number)});
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

TEST_CASE("a visit is named once for events that follow each other") {
  Entry entry = smallEntry();
  for (std::uint64_t number = 2; number <= 12; ++number)
    entry.events.push_back({number, VisitId{7}, 1000 + number,
                            5000 + static_cast<std::int64_t>(number),
                            TaskRecorded{1, TaskOutcome::Done, {}, {}}});
  visit::v1::Entry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(entry)));
  CHECK(proto.events(0).visit_id() == 7);
  for (int i = 1; i < proto.events_size(); ++i) {
    CHECK(proto.events(i).visit_id() == 0);
    CHECK(proto.events(i).wall_step_ms() == 0);
  }
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
      RC_ASSERT(event.visit.value != 0U);
  });
  CHECK(held);
}

TEST_CASE("an unknown kind of fact is passed over without losing its neighbours") {
  visit::v1::Entry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  // Field 40 of Event, an empty message: a kind of a later release.
  REQUIRE(proto.add_events()->ParseFromString(std::string("\xC2\x02\x00", 3)));
  proto.add_events()->mutable_checked_out();
  const auto decoded = wire::decodeEntry(proto.SerializeAsString());
  REQUIRE(decoded.ok());
  CHECK(decoded->limits.empty());
  REQUIRE(decoded->entry.events.size() == 3);
  CHECK(std::holds_alternative<UnknownFact>(decoded->entry.events[1].fact));
  CHECK(std::holds_alternative<CheckedOut>(decoded->entry.events[2].fact));
  CHECK(decoded->entry.events[2].number == 3);
}

TEST_CASE("a fact of a later release is encoded again as it was") {
  visit::v1::Entry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  REQUIRE(proto.add_events()->ParseFromString(std::string("\xC2\x02\x02\x08\x05", 5)));
  auto* amended = proto.add_events()->mutable_amended();
  amended->set_event_number(1);
  amended->set_reason(visit::v1::AMEND_REASON_OTHER);
  REQUIRE(amended->MergeFromString(std::string("\xC2\x02\x02\x08\x07", 5)));
  const std::string bytes = proto.SerializeAsString();
  const auto decoded = wire::decodeEntry(bytes);
  REQUIRE(decoded.ok());
  CHECK(wire::encodeEntry(decoded->entry) == bytes);
}

TEST_CASE("an amendment of a later release is no withdrawal") {
  visit::v1::Entry proto;
  REQUIRE(proto.ParseFromString(wire::encodeEntry(smallEntry())));
  auto* amended = proto.add_events()->mutable_amended();
  amended->set_event_number(1);
  amended->set_reason(visit::v1::AMEND_REASON_OTHER);
  const auto replacementOf = [&] {
    const auto decoded = wire::decodeEntry(proto.SerializeAsString());
    REQUIRE(decoded.ok());
    return std::get<Amended>(decoded->entry.events.at(1).fact).replacement;
  };
  CHECK(std::holds_alternative<Withdrawn>(replacementOf()));
  REQUIRE(amended->MergeFromString(std::string("\xC2\x02\x00", 3)));
  CHECK(std::holds_alternative<UnknownReplacement>(replacementOf()));
}
