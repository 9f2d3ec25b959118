// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/sync/engine.h"
#include "app/sync/tuning.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

TEST_CASE("a plan of many pages is fetched without a pause") {
  ScriptedServer server;
  server.planDay(20);
  server.pageSize = 7;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  CHECK(phone->roster().visits().size() == 20);
  CHECK(phone.engine().isDrained());
}

TEST_CASE("a hint is answered with an exchange, an old hint with nothing") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  REQUIRE(phone.watches.size() == 1);
  const std::uint64_t watch = phone.watches.front().watch;
  CHECK(phone.watches.front().planCursor == phone->roster().cursor());
  CHECK(phone.engine().watchHinted(watch, phone->roster().cursor()).empty());
  CHECK(phone.engine().watchHinted(watch + 1, 99).empty());
  server.unplan(VisitId(101));
  phone.take(phone.engine().watchHinted(watch, phone->roster().cursor() + 1));
  phone.talk();
  CHECK(phone->roster().visits().empty());
}

TEST_CASE("a scope that does not add up is fetched whole") {
  ScriptedServer server;
  server.planDay(3);
  server.wrongScopeHash = true;
  TestPhone phone(server);
  phone.start();
  phone.answer(server.exchange(DeviceId(7), phone.sent.front().request));
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.plan_cursor() == 0);
  server.wrongScopeHash = false;
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(phone->roster().visits().size() == 3);
}

TEST_CASE("a server whose scope never adds up is not asked without end") {
  ScriptedServer server;
  server.planDay(3);
  server.wrongScopeHash = true;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  CHECK(phone.sent.empty());
  CHECK(phone.engine().state() == sync::State::Idle);
  CHECK(phone->roster().visits().size() == 3);
  phone.visit(101);
  phone.talk();
  CHECK(phone.journal().firstWithoutReceipt() > phone.journal().lastEntry());
}

TEST_CASE("a server that does not know the cursor gives the plan anew") {
  ScriptedServer server;
  server.planDay(5);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  ScriptedServer restored;  // the same log key, an older plan
  restored.planDay(2);
  phone.take(phone.engine().syncNow());
  phone.answer(restored.exchange(DeviceId(7), phone.sent.front().request));
  CHECK(phone->roster().visits().size() == 2);
  CHECK(phone->roster().planVersion() == 4);
}

TEST_CASE("a plan that cannot be read holds back no record") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  auto answer = server.exchange(DeviceId(7), phone.sent.front().request);
  answer.mutable_plan()->add_changes();
  phone.answer(answer);
  CHECK(phone.engine().lastFailureReason() == "PLAN_MALFORMED");
  CHECK(phone.journal().entry(1)->receipt.has_value());
  CHECK(phone->roster().visits().size() == 1);
}

}  // namespace doorstep::test
