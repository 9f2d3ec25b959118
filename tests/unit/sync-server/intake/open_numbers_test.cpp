// SPDX-License-Identifier: Apache-2.0
// What becomes of a number for which something came first that the device did not sign.
#include <catch2/catch.hpp>

#include "sync-server/event_log/limits.h"
#include "sync-server/event_log/log_audit.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::intake {
namespace {

using support::IntakeFixture;
using support::kVisit;
using support::SigningPhone;

// Bytes of the same form from somebody who has the phone's TLS key and not its signing key.
SigningPhone thiefOf(const SigningPhone& phone) {
  return SigningPhone(phone.device().value, 3, 40);
}

void sendJunk(IntakeFixture& server, const SigningPhone& phone, SigningPhone& thief, int entries) {
  for (int i = 0; i < entries; i += 64) {
    IntakeFixture::Entries junk;
    for (int j = i; j < std::min(entries, i + 64); ++j)
      junk.push_back(thief.record(kVisit));
    for (const auto& outcome : server.submit(phone, junk).entries) {
      REQUIRE(outcome.verdict == Verdict::Quarantined);
      REQUIRE(outcome.reason == QuarantineReason::BadSignature);
    }
  }
}

void requireSoundLog(IntakeFixture& server, const SigningPhone& phone) {
  auto lease = server.storage().read();
  event_log::LogAudit audit(*lease, server.signers(),
                            [&](DeviceId) { return std::optional(phone.known().signingKey); });
  const auto reports = audit.run([](std::uint64_t, std::uint64_t) {});
  REQUIRE(reports.ok());
  for (const auto& report : *reports) {
    for (const auto& text : report.texts)
      UNSCOPED_INFO(text);
    REQUIRE(report.findings == 0);
  }
}

TEST_CASE("whoever has the TLS key alone takes nothing from what the phone signs") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto thief = thiefOf(phone);
  sendJunk(server, phone, thief, 640);
  IntakeFixture::Entries honest;
  for (int i = 0; i < 20; ++i)
    honest.push_back(phone.record(kVisit, 3));
  for (int times = 0; times < 2; ++times) {
    const auto outcome = server.submit(phone, honest);
    REQUIRE(outcome.entries.size() == 20);
    for (std::size_t i = 0; i < 20; ++i) {
      REQUIRE(outcome.entries[i].verdict ==
              (times == 0 ? Verdict::Accepted : Verdict::AlreadyKnown));
      REQUIRE(outcome.entries[i].reason == QuarantineReason::None);
      REQUIRE(outcome.entries[i].position == i);
    }
    REQUIRE(outcome.alarms.empty());
    server.restart();
  }
  REQUIRE(server.number("SELECT count(*) FROM outside_entry") == event_log::kUnsignedPerDeviceMax);
  requireSoundLog(server, phone);
}

TEST_CASE(
    "the phone goes on over what a thief sends in between, until both have passed each other") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto thief = thiefOf(phone);
  for (int round = 0; round < 8; ++round) {
    sendJunk(server, phone, thief, 3);  // numbers that the thief's own chain gives them
    for (int i = 0; i < 5; ++i) {
      const auto outcome = server.submit(phone, {phone.record(kVisit, 2)});
      REQUIRE(outcome.entries[0].verdict == Verdict::Accepted);
    }
    server.restart();
  }
  REQUIRE(server.number("SELECT count(*) FROM entry WHERE quarantine_reason = ''") == 40);
  requireSoundLog(server, phone);
}

TEST_CASE("an entry that comes late must fit what the log has before and after it") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto thief = thiefOf(phone);
  const auto first = phone.record(kVisit);
  const auto second = phone.record(kVisit, 2);
  const auto third = phone.record(kVisit);
  (void)thief.record(kVisit);
  REQUIRE(server.submit(phone, {first, thief.record(kVisit), third}).entries[2].position == 1U);

  auto other = SigningPhone::Signed(second);
  SigningPhone copy = phone;  // another entry 2 of the same key: entry 3 does not follow it
  visits::Entry forged{.n = 2, .previousHash = first.hash, .salt = std::string(16, 'f'), .boot = 1};
  forged.events = phone.next(kVisit).events;
  forged.events[0].number = 2;
  const auto odd = copy.sign(wire::encodeEntry(forged));
  const auto outcome = server.submit(phone, {odd, other});
  REQUIRE(outcome.entries[0].reason == QuarantineReason::ChainBroken);
  REQUIRE(outcome.entries[0].position == 2U);
  // The number is taken now, by what the device signed first.
  REQUIRE(outcome.entries[1].reason == QuarantineReason::Fork);
  REQUIRE(outcome.alarms == std::vector{event_log::AlarmKind::Fork});
  requireSoundLog(server, phone);
}

TEST_CASE("event numbers of a late entry lie between those before and after it") {
  for (const std::uint64_t number : {1, 2, 3, 4}) {
    IntakeFixture server;
    auto phone = support::intakePhone();
    auto thief = thiefOf(phone);
    (void)thief.record(kVisit);
    const auto first = phone.record(kVisit);  // event 1
    auto late = phone.next(kVisit);           // event 2
    late.events[0].number = number;
    const auto second = phone.seal(late);
    auto after = phone.next(kVisit);
    after.events[0].number = 3;
    REQUIRE(server.submit(phone, {first, thief.record(kVisit), phone.seal(after)}).heldN == 3);
    const auto outcome = server.submit(phone, {second});
    INFO("event " << number);
    REQUIRE(outcome.entries[0].position == 2U);
    REQUIRE(outcome.entries[0].reason ==
            (number == 2 ? QuarantineReason::None : QuarantineReason::EventNumbers));
  }
}

TEST_CASE("bytes that the device did not sign are no fork of what it signed, and raise no alarm") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto thief = thiefOf(phone);
  REQUIRE(server.submit(phone, {phone.record(kVisit)}).heldN == 1);
  const auto outcome = server.submit(phone, {thief.record(kVisit, 2)});
  REQUIRE(outcome.entries[0].reason == QuarantineReason::BadSignature);
  REQUIRE(outcome.alarms.empty());
  REQUIRE(outcome.heldN == 1);
}

TEST_CASE("what is not signed carries the head on to a bound and no further") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto thief = thiefOf(phone);
  sendJunk(server, phone, thief, static_cast<int>(event_log::kOpenNsPerDeviceMax));
  const auto beyond = server.submit(phone, {thief.record(kVisit), thief.record(kVisit)});
  REQUIRE(beyond.entries[0].reason == QuarantineReason::BadSignature);
  REQUIRE(beyond.entries[1].reason == QuarantineReason::Gap);
  REQUIRE(beyond.heldN == event_log::kOpenNsPerDeviceMax);
  REQUIRE(server.submit(phone, {phone.record(kVisit)}).entries[0].verdict == Verdict::Accepted);
}

TEST_CASE("a device records as the carer it was enrolled for and as nobody else") {
  IntakeFixture server;
  auto phone = support::intakePhone();
  auto asHerself = phone.next(kVisit);
  asHerself.carer = CarerId(40);
  const auto first = phone.seal(asHerself);
  auto asAnother = phone.next(kVisit);
  asAnother.carer = CarerId(41);
  const auto second = phone.seal(asAnother);
  const auto outcome = server.submit(phone, {first, second, phone.record(kVisit)});
  REQUIRE(outcome.entries[0].verdict == Verdict::Accepted);
  REQUIRE(outcome.entries[1].reason == QuarantineReason::OtherCarer);
  REQUIRE(outcome.entries[1].position == 1U);
  REQUIRE(outcome.entries[2].verdict == Verdict::Accepted);
}

}  // namespace
}  // namespace doorstep::intake
