// SPDX-License-Identifier: Apache-2.0
#include "app/sync/engine.h"

#include <catch2/catch.hpp>

#include "app/sync/tuning.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

namespace pb = doorstep::sync::v1;

namespace {

doorstep::sync::v1::ClockReading clockOf(const doorstep::sync::v1::ExchangeRequest& request) {
  doorstep::sync::v1::ClockReading clock;
  REQUIRE(clock.ParseFromString(request.clock()));
  return clock;
}

}  // namespace

TEST_CASE("one exchange carries what was recorded and brings plan and receipts") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  CHECK(phone->roster().visits().size() == 2);
  phone.record(recording::CheckIn{VisitId(101), {}});
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries_size() == 1);
  phone.talk();
  CHECK(server.heldN(DeviceId(7)) == 1);
  CHECK(phone.engine().isDrained());
  CHECK(phone.engine().state() == sync::State::Idle);
  CHECK(phone.journal().entry(1)->receipt->position == 0);
}

TEST_CASE("the first exchange of a boot with unsent events fetches the lower bound of time first") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.visit(101);
  phone.start();
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries_size() == 0);
  CHECK(clockOf(phone.sent.front().request).reply_server_unix_ms() == 0);
  phone.answer(server.exchange(DeviceId(7), phone.sent.front().request));
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries_size() == 1);
  CHECK(clockOf(phone.sent.front().request).reply_server_unix_ms() == server.nowUnixMs);
  phone.talk();
  CHECK(phone.engine().isDrained());
  // After a reboot there is no anchor again.
  phone.clock.reboot();
  phone.record(recording::CheckIn{VisitId(102), {}});
  CHECK(phone.sent.front().request.entries_size() == 0);
}

TEST_CASE("an exchange with one event is small, and one with nothing new is smaller") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  const std::uint64_t visit = phone.ids.newId(phone.clock);
  phone.record(recording::CheckIn{VisitId(visit), {}});
  phone.talk();
  phone.record(recording::CheckOut{VisitId(visit), {}});
  const std::size_t oneEventBytes = phone.sent.front().request.ByteSizeLong();
  INFO("one event: " << oneEventBytes << " bytes");
  CHECK(oneEventBytes <= 240);
  phone.talk();
  phone.take(phone.engine().syncNow());
  const std::size_t nothingNewBytes = phone.sent.front().request.ByteSizeLong();
  INFO("nothing new: " << nothingNewBytes << " bytes");
  CHECK(nothingNewBytes <= 40);
}

TEST_CASE("tasks are gathered, a check-in is sent at once") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.talk();
  const std::uint64_t recordedBootMs = phone.clock.bootMs();
  phone.record(recording::RecordTask{VisitId(101), {1, visits::TaskOutcome::Done}});
  phone.record(recording::RecordTask{VisitId(101), {2, visits::TaskOutcome::Done}});
  CHECK(phone.sent.empty());
  CHECK(phone.wakeBootMs == recordedBootMs + sync::kGatherMs);
  phone.wake();
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries_size() == 1);
}

TEST_CASE("an exchange that was lost is repeated with the same entries and none counts twice") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  const std::string first = phone.sent.front().request.entries(0);
  (void)server.exchange(DeviceId(7), phone.sent.front().request);  // the answer is lost
  phone.fail(ErrorCode::Unavailable, "UNREACHABLE");
  CHECK(phone.engine().state() == sync::State::BackingOff);
  CHECK(phone.engine().lastFailureReason() == "UNREACHABLE");
  phone.wake();
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries(0) == first);
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(phone.engine().lastFailureReason().empty());
  CHECK(server.logSize() == phone.journal().lastEntry());
}

TEST_CASE("an entry whose answer was lost is proved although the phone verified past it") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  (void)server.exchange(DeviceId(7), phone.sent.front().request);  // the answer is lost
  phone.fail(ErrorCode::Unavailable, "UNREACHABLE");
  server.appendForeignLeaf(9);
  phone.clock
      .reboot();  // the next exchange is the first of a boot: it carries no entries of this boot
  phone.record(recording::RecordTask{VisitId(101), {1, visits::TaskOutcome::Done}});
  phone.take(phone.engine().syncNow());
  phone.answer(server.exchange(DeviceId(7), phone.sent.front().request));
  CHECK(phone.journal().syncState().frontier.size() == 2);
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(phone.journal().entry(1)->receipt->position == 0);
}

TEST_CASE("answers that come late or twice are dropped") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  const sync::SendExchange late = phone.sent.front();
  const auto answer = server.exchange(DeviceId(7), late.request);
  phone.fail(ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED");
  CHECK(phone.engine().exchangeAnswered(late.exchange, answer).empty());
  CHECK(phone.journal().firstWithoutReceipt() == 1);
  phone.wake();
  const std::uint64_t exchange = phone.sent.front().exchange;
  phone.talk();
  CHECK(phone.engine().exchangeAnswered(exchange, answer).empty());
  CHECK(phone.engine().isDrained());
}

TEST_CASE("a backlog goes in batches within the limits, without a pause between them") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.take(phone.engine().networkChanged(false));
  for (std::uint64_t visit = 1; visit <= 150; ++visit)
    phone.visit(visit);
  phone.take(phone.engine().networkChanged(true));
  std::size_t exchanges = 0;
  while (!phone.sent.empty()) {
    CHECK(static_cast<std::size_t>(phone.sent.front().request.entries_size()) <= sync::kEntriesMax);
    phone.answer(server.exchange(DeviceId(7), phone.sent.front().request));
    ++exchanges;
  }
  CHECK(exchanges == 3);
  CHECK(server.heldN(DeviceId(7)) == 150);
  CHECK(phone.engine().isDrained());
}

TEST_CASE(
    "a quarantined entry stays on the phone, is not sent again, and stops nothing behind it") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.take(phone.engine().networkChanged(false));
  phone.visit(101);
  phone.visit(102);
  server.quarantineNext = 1;
  phone.take(phone.engine().networkChanged(true));
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK_FALSE(phone.journal().entry(1)->receipt->position.has_value());
  CHECK(phone.journal().entry(1)->receipt->quarantineReason == pb::QUARANTINE_REASON_CHAIN_BROKEN);
  CHECK(phone.journal().entry(2)->receipt->position == 0);
  phone.take(phone.engine().syncNow());
  CHECK(phone.sent.front().request.entries_size() == 0);
}

TEST_CASE("nothing is believed without proof") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  auto answer = server.exchange(DeviceId(7), phone.sent.front().request);
  const char* expected = "ANSWER_MALFORMED";
  SECTION("a position without a log") { answer.clear_log(); }
  SECTION("a verdict too few") { answer.clear_verdicts(); }
  SECTION("a verdict that says nothing") { answer.mutable_verdicts(0)->clear_verdict(); }
  SECTION("a position beyond the log") { answer.mutable_verdicts(0)->set_position(77); }
  SECTION("no server time") { answer.clear_server_time_unix_ms(); }
  SECTION("a signature that is cut off") {
    answer.mutable_log()->mutable_checkpoint_signature()->resize(63);
  }
  SECTION("a signature of somebody else") {
    answer.mutable_log()->set_checkpoint_signature(std::string(64, 'x'));
    expected = "CHECKPOINT_SIGNATURE";
  }
  phone.answer(answer);
  CHECK(phone.engine().lastFailureReason() == expected);
  CHECK_FALSE(phone.journal().entry(1)->receipt.has_value());
  CHECK(phone.journal().syncState().frontier.size() == 0);
}

TEST_CASE("an entry in the log in place of another is not received") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  server.appendForeignLeaf(3);
  phone.record(recording::CheckIn{VisitId(101), {}});
  auto answer = server.exchange(DeviceId(7), phone.sent.front().request);
  answer.mutable_verdicts(0)->set_position(0);  // where the foreign leaf is
  phone.answer(answer);
  CHECK_FALSE(phone.journal().entry(1)->receipt.has_value());
  CHECK_FALSE(phone.engine().lastFailureReason().empty());
}

TEST_CASE("a phone that was ended goes on where it was") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  phone.talk();
  phone.visit(102);
  phone.sent.clear();
  phone.open();
  phone.start();
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.held_log_size() == server.logSize());
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(server.logSize() == phone.journal().lastEntry());
}

}  // namespace doorstep::test
