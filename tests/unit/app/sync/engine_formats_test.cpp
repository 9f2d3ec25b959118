// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/sync/tuning.h"
#include "shared/wire/formats.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

// One exchange from the question to the engine's rest; returns what was asked.
sync::SendExchange answerOne(TestPhone& phone, ScriptedServer& server,
                             const std::function<void(sync::v1::ExchangeResponse&)>& change = {}) {
  REQUIRE_FALSE(phone.sent.empty());
  const sync::SendExchange send = phone.sent.front();
  phone.sent.erase(phone.sent.begin());
  auto response = server.exchange(DeviceId(7), send.request);
  if (change)
    change(response);
  phone.take(phone.engine().exchangeAnswered(send.exchange, response));
  return send;
}

// Reads an answer as a phone that has other words for it: bytes, not fields.
void setVerdict(sync::v1::EntryVerdict& verdict, int number) {
  verdict.set_verdict(static_cast<sync::v1::Verdict>(number));
}

TEST_CASE("what a phone reads is told once, again when the server asks, and after a new release") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  const auto first = answerOne(phone, server);
  CHECK(wire::decodeFormats(first.request.formats()).value() == wire::ownFormats());
  while (!phone.sent.empty())
    CHECK(answerOne(phone, server).request.formats().empty());

  phone.take(phone.engine().syncNow());
  const auto asked =
      answerOne(phone, server, [](auto& response) { response.set_formats_wanted(true); });
  CHECK(asked.request.formats().empty());
  CHECK(phone.sent.empty());  // with the next exchange, whenever that is
  phone.end();
  phone.open();
  phone.start();
  CHECK(answerOne(phone, server).request.formats() == first.request.formats());

  phone.formats = wire::encodeFormats({"9.0.0", {1, 2, 3}, {1, 2, 3, 32}});
  phone.end();
  phone.open();
  phone.start();
  CHECK(answerOne(phone, server).request.formats() == phone.formats);
  phone.take(phone.engine().syncNow());
  CHECK(answerOne(phone, server).request.formats().empty());
}

TEST_CASE("what a phone reads is told again until an answer has come") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  const auto lost = phone.sent.front();
  phone.sent.clear();
  CHECK_FALSE(lost.request.formats().empty());
  phone.take(
      phone.engine().exchangeFailed(lost.exchange, {ErrorCode::Unavailable, "", "no network"}));
  phone.wake();
  CHECK(answerOne(phone, server).request.formats() == lost.request.formats());
}

TEST_CASE("an entry with an unknown verdict stays, holds up nothing and is not sent without end") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  while (!phone.sent.empty())
    answerOne(phone, server);
  phone.visit(101);
  for (int i = 0; i < 20 && !phone.sent.empty(); ++i)
    answerOne(phone, server, [](auto& response) {
      for (auto& verdict : *response.mutable_verdicts()) {
        verdict.Clear();
        setVerdict(verdict, 9);
      }
      response.clear_log();
    });
  CHECK(phone.sent.empty());
  const std::uint64_t waiting = phone.journal().firstWithoutReceipt();
  REQUIRE(waiting <= phone.journal().lastEntry());
  CHECK_FALSE(phone.engine().isDrained());
  CHECK(phone.engine().state() == sync::State::Idle);
  CHECK(phone.engine().lastFailureReason().empty());

  // The idle exchange of five minutes later has it not.
  phone.wake();
  CHECK(answerOne(phone, server).request.entries().empty());
  // What is recorded next goes and is received.
  const std::uint64_t last = phone.journal().lastEntry();
  phone.visit(102);
  while (!phone.sent.empty())
    answerOne(phone, server);
  REQUIRE(phone.journal().lastEntry() > last);
  CHECK(phone.journal().entry(phone.journal().lastEntry())->receipt);
  CHECK_FALSE(phone.journal().entry(waiting)->receipt);

  // After an hour it is sent again; a server that knows better takes it.
  phone.clock.advance(sync::kUnknownVerdictAgainMs);
  phone.take(phone.engine().syncNow());
  while (!phone.sent.empty())
    answerOne(phone, server);
  CHECK(phone.journal().entry(waiting)->receipt);
  CHECK(phone.engine().isDrained());
}

TEST_CASE("an unknown verdict with a position that the log proves is a receipt") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  while (!phone.sent.empty())
    answerOne(phone, server);
  phone.visit(101);
  while (!phone.sent.empty())
    answerOne(phone, server, [](auto& response) {
      for (auto& verdict : *response.mutable_verdicts())
        setVerdict(verdict, 77);
    });
  CHECK(phone.engine().isDrained());
  CHECK(phone.journal().firstWithoutReceipt() > phone.journal().lastEntry());
}

}  // namespace
}  // namespace doorstep::test
