// SPDX-License-Identifier: Apache-2.0
// Every row of the verdict table of docs/sync-protocol.md, and what follows from it.
#include <catch2/catch.hpp>

#include "sync-server/event_log/limits.h"
#include "sync-server/event_log/log_tables.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::intake {
namespace {

using support::IntakeFixture;
using support::kUnknownVisit;
using support::kVisit;
using support::SigningPhone;

void requireAccepted(const EntryOutcome& outcome, std::uint64_t position) {
  REQUIRE(outcome.verdict == Verdict::Accepted);
  REQUIRE(outcome.position == position);
}

void requireOutside(const EntryOutcome& outcome, QuarantineReason reason) {
  REQUIRE(outcome.verdict == Verdict::Quarantined);
  REQUIRE(outcome.reason == reason);
  REQUIRE_FALSE(outcome.position.has_value());
}

SigningPhone::Signed spoilt(SigningPhone::Signed entry) {
  entry.spoilSignature();
  return entry;
}

TEST_CASE("the next entry of a chain is accepted and has the next position") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto outcome = server.submit(phone, {phone.record(kVisit), phone.record(kVisit, 3)});
  REQUIRE(outcome.status.ok());
  requireAccepted(outcome.entries[0], 0);
  requireAccepted(outcome.entries[1], 1);
  REQUIRE(outcome.heldN == 2);
  REQUIRE(outcome.log.size == 2);
}

TEST_CASE(
    "an entry that is held is already known, in the same commit, later, and after a restart") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto first = phone.record(kVisit);
  const auto second = phone.record(kVisit);
  const auto outcome = server.submit(phone, {first, first, second});
  REQUIRE(outcome.entries[1].verdict == Verdict::AlreadyKnown);
  REQUIRE(outcome.entries[1].position == 0U);
  requireAccepted(outcome.entries[2], 1);
  for (int restart = 0; restart < 2; ++restart) {
    const auto again = server.submit(phone, {first, second});
    REQUIRE(again.entries[0].verdict == Verdict::AlreadyKnown);
    REQUIRE(again.entries[0].position == 0U);
    REQUIRE(again.entries[1].position == 1U);
    REQUIRE(again.log.size == 2);
    server.restart();
  }
}

TEST_CASE("an entry about a visit that was never planned is kept in the log but not counted") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto strange = phone.record(kUnknownVisit);
  const auto outcome = server.submit(phone, {strange, phone.record(kVisit)});
  REQUIRE(outcome.entries[0].verdict == Verdict::Quarantined);
  REQUIRE(outcome.entries[0].reason == QuarantineReason::UnknownVisit);
  REQUIRE(outcome.entries[0].position == 0U);
  requireAccepted(outcome.entries[1], 1);
  const auto entries = server.log().entries(support::kIntakeProvider, 0, 10);
  REQUIRE(entries.ok());
  REQUIRE(entries->front().quarantineReason == "UNKNOWN_VISIT");
  REQUIRE(entries->back().quarantineReason.empty());
}

TEST_CASE(
    "an entry that stands in the log uncounted is already known with its reason, whenever it is "
    "repeated") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto strange = phone.record(kUnknownVisit);
  const auto counted = phone.record(kVisit);
  const auto requireReason = [](const EntryOutcome& outcome, QuarantineReason reason) {
    REQUIRE(outcome.verdict == Verdict::AlreadyKnown);
    REQUIRE(outcome.reason == reason);
  };
  const auto outcome = server.submit(phone, {strange, strange, counted});
  requireReason(outcome.entries[1], QuarantineReason::UnknownVisit);
  for (int restart = 0; restart < 2; ++restart) {
    const auto again = server.submit(phone, {strange, counted});
    requireReason(again.entries[0], QuarantineReason::UnknownVisit);
    requireReason(again.entries[1], QuarantineReason::None);
    server.restart();
  }
}

TEST_CASE("event numbers that do not follow on are quarantined in the log, and the chain goes on") {
  for (const std::uint64_t wrong : {1, 4}) {
    IntakeFixture server;
    auto phone = support::intakePhone();
    REQUIRE(server.submit(phone, {phone.record(kVisit, 2)}).status.ok());
    auto entry = phone.next(kVisit);
    entry.events[0].number = wrong;
    const auto outcome = server.submit(phone, {phone.seal(entry)});
    REQUIRE(outcome.entries[0].reason == QuarantineReason::EventNumbers);
    REQUIRE(outcome.entries[0].position == 1U);
    REQUIRE(outcome.heldN == 2);
  }
}

TEST_CASE("an authentic entry with a field outside its limits is quarantined in the log") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto entry = phone.next(kVisit);
  entry.events[0].fact = visits::RunningLate{.expectedDelayMin = 60'000};
  const auto outcome = server.submit(phone, {phone.seal(entry), phone.record(kVisit)});
  REQUIRE(outcome.entries[0].reason == QuarantineReason::Limits);
  REQUIRE(outcome.entries[0].position == 0U);
  requireAccepted(outcome.entries[1], 1);
}

TEST_CASE(
    "an entry with a wrong signature is passed over, and the next one is accepted on its own") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto forged = spoilt(phone.record(kVisit));
  const auto next = phone.record(kVisit);
  const auto outcome = server.submit(phone, {forged, next});
  requireOutside(outcome.entries[0], QuarantineReason::BadSignature);
  requireAccepted(outcome.entries[1], 0);
  REQUIRE(outcome.heldN == 2);
  // Sent again because the answer was lost: the same verdict, and nothing is kept twice.
  server.restart();
  const auto again = server.submit(phone, {forged, next});
  requireOutside(again.entries[0], QuarantineReason::BadSignature);
  REQUIRE(again.entries[1].verdict == Verdict::AlreadyKnown);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 1);
}

TEST_CASE("bytes that are no entry stand for the next number once") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto garbage = phone.sign("\xFF\xFFgarbage");
  const auto outcome = server.submit(phone, {garbage, garbage});
  requireOutside(outcome.entries[0], QuarantineReason::Malformed);
  requireOutside(outcome.entries[1], QuarantineReason::Malformed);
  REQUIRE(outcome.heldN == 1);
  server.restart();
  REQUIRE(server.submit(phone, {garbage}).heldN == 1);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 1);
}

TEST_CASE("an authentic entry that does not follow the one before is in the log, uncounted") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  REQUIRE(server.submit(phone, {phone.record(kVisit)}).status.ok());
  auto entry = phone.next(kVisit);
  entry.previousHash->bytes[0] ^= 1;
  const auto outcome = server.submit(phone, {phone.seal(entry), phone.record(kVisit)});
  REQUIRE(outcome.entries[0].reason == QuarantineReason::ChainBroken);
  REQUIRE(outcome.entries[0].position == 1U);
  requireAccepted(outcome.entries[1], 2);
  REQUIRE(outcome.heldN == 3);
  server.restart();
  REQUIRE(server.submit(phone, {phone.seal(entry)}).entries[0].reason ==
          QuarantineReason::ChainBroken);
}

TEST_CASE("an entry beyond the next is kept beside the log until its turn comes") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto first = phone.record(kVisit);
  const auto second = phone.record(kVisit);
  const auto early = server.submit(phone, {second});
  requireOutside(early.entries[0], QuarantineReason::Gap);
  REQUIRE(early.heldN == 0);
  requireOutside(server.submit(phone, {second}).entries[0], QuarantineReason::Gap);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 1);
  server.restart();
  const auto outcome = server.submit(phone, {first, second});
  requireAccepted(outcome.entries[0], 0);
  requireAccepted(outcome.entries[1], 1);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 0);
}

TEST_CASE("an entry that came too early and has its turn in the same commit is in the log alone") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto first = phone.record(kVisit);
  const auto second = phone.record(kVisit);
  const auto outcome = server.submit(phone, {second, first, second, second});
  requireOutside(outcome.entries[0], QuarantineReason::Gap);
  requireAccepted(outcome.entries[1], 0);
  requireAccepted(outcome.entries[2], 1);
  REQUIRE(outcome.entries[3].verdict == Verdict::AlreadyKnown);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 0);
  REQUIRE(server.log().deviceHead(support::kIntakeProvider, phone.device())->quarantined == 0);
}

TEST_CASE(
    "a second entry with a number that is held is a fork: kept, an alarm, and the first stays") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto original = phone.sign(wire::encodeEntry(phone.next(kVisit)));
  auto copy = phone.next(kVisit);
  copy.salt = std::string(16, 'x');
  const auto forged = phone.sign(wire::encodeEntry(copy));
  // In one commit, and again when it comes later.
  const auto outcome = server.submit(phone, {original, forged});
  requireAccepted(outcome.entries[0], 0);
  requireOutside(outcome.entries[1], QuarantineReason::Fork);
  REQUIRE(outcome.entries[1].n == 1);
  REQUIRE(outcome.alarms == std::vector{event_log::AlarmKind::Fork});
  requireOutside(server.submit(phone, {forged}).entries[0], QuarantineReason::Fork);
  REQUIRE(server.submit(phone, {original}).entries[0].verdict == Verdict::AlreadyKnown);
  REQUIRE(server.number("SELECT count(*) FROM alarm WHERE kind = 1") == 1);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry WHERE reason = 'FORK'") == 1);
}

TEST_CASE("another device's entry is a wrong signature, whoever sends it") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  SigningPhone other(78, 3, 41);
  requireOutside(server.submit(phone, {other.record(kVisit)}).entries[0],
                 QuarantineReason::BadSignature);
}

// As many signed entries outside the log as are kept of one device: far beyond the next.
void fillOutside(IntakeFixture& server, const SigningPhone& phone) {
  for (std::uint32_t i = 0; i < event_log::kOutsideEntriesPerDeviceMax; i += 64) {
    IntakeFixture::Entries early;
    for (std::uint32_t j = i; j < i + 64; ++j) {
      auto entry = phone.next(kVisit);
      entry.n = 10'000 + j;
      entry.previousHash = Hash{};
      early.push_back(phone.sign(wire::encodeEntry(entry)));
    }
    REQUIRE(server.submit(phone, early).status.ok());
  }
}

TEST_CASE("beyond what is kept outside the log an entry has its verdict and holds up no other") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  fillOutside(server, phone);
  const auto forged = spoilt(phone.record(kVisit));
  const auto garbage = phone.sign("\xFFno entry");
  (void)phone.record(kVisit);  // what the garbage stands for
  const auto good = phone.record(kVisit);
  for (int restart = 0; restart < 2; ++restart) {
    const auto outcome = server.submit(phone, {forged, garbage, good});
    REQUIRE(outcome.status.ok());
    requireOutside(outcome.entries[0], QuarantineReason::BadSignature);
    requireOutside(outcome.entries[1], QuarantineReason::Malformed);
    REQUIRE(outcome.entries[2].verdict ==
            (restart == 0 ? Verdict::Accepted : Verdict::AlreadyKnown));
    REQUIRE(outcome.entries[2].position == 0U);
    REQUIRE(outcome.heldN == 3);
    server.restart();
  }
  // What is not signed has a room of its own.
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") ==
          event_log::kOutsideEntriesPerDeviceMax + 2);
}

TEST_CASE("beyond what is kept outside the log, what stands for no number leaves no trace") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  fillOutside(server, phone);
  auto other = phone.next(kVisit);
  requireAccepted(server.submit(phone, {phone.record(kVisit)}).entries[0], 0);
  other.salt = std::string(16, 'x');
  const auto fork = phone.sign(wire::encodeEntry(other));
  const auto next = phone.record(kVisit);
  const auto early = phone.record(kVisit);
  for (int times = 0; times < 2; ++times) {
    const auto outcome = server.submit(phone, {fork, early});
    requireOutside(outcome.entries[0], QuarantineReason::Fork);
    requireOutside(outcome.entries[1], QuarantineReason::Gap);
  }
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") ==
          event_log::kOutsideEntriesPerDeviceMax);
  REQUIRE(server.number("SELECT count(*) FROM alarm WHERE kind = 1") == 2);
  const auto outcome = server.submit(phone, {next, early});
  requireAccepted(outcome.entries[0], 1);
  requireAccepted(outcome.entries[1], 2);
}

TEST_CASE("what came too early and does not fit is in the log with its reason, and nowhere else") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  const auto first = phone.record(kVisit);
  auto broken = phone.next(kVisit);
  broken.previousHash->bytes[0] ^= 1;
  const auto early = phone.seal(broken);
  requireOutside(server.submit(phone, {early}).entries[0], QuarantineReason::Gap);
  const auto outcome = server.submit(phone, {first, early});
  REQUIRE(outcome.entries[1].reason == QuarantineReason::ChainBroken);
  REQUIRE(outcome.entries[1].position == 1U);
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == 0);
}

}  // namespace
}  // namespace doorstep::intake
