// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/sync/engine.h"
#include "app/sync/tuning.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

TEST_CASE("failures are repeated for ever, later each time and never all phones at once") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  std::int64_t longest = 0;
  for (int i = 0; i < 30; ++i) {
    REQUIRE(phone.sent.size() == 1);
    const std::uint64_t before = phone.clock.bootMs();
    phone.fail(ErrorCode::Unavailable, "UNREACHABLE");
    const auto delayMs = static_cast<std::int64_t>(phone.wakeBootMs - before);
    const std::int64_t full =
        std::min(sync::kFirstRetryMs << std::min(i, 16), sync::kLongestRetryMs);
    CHECK(delayMs >= full / 2);
    CHECK(delayMs <= full);
    longest = std::max(longest, delayMs);
    phone.wake();
  }
  CHECK(longest > sync::kLongestRetryMs / 2);
  phone.talk();
  CHECK(phone.engine().state() == sync::State::Idle);
}

TEST_CASE("a revoked phone stops asking, keeps recording, and asks again when it is told to") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.fail(ErrorCode::PermissionDenied, "DEVICE_REVOKED");
  CHECK(phone.engine().state() == sync::State::Refused);
  CHECK(phone.engine().lastFailureReason() == "DEVICE_REVOKED");
  phone.record(recording::CheckOut{VisitId(101), {}});
  phone.take(phone.engine().networkChanged(true));
  CHECK(phone.sent.empty());
  CHECK(phone.journal().lastEvent() == 2);
  phone.take(phone.engine().syncNow());
  phone.talk();
  CHECK(phone.engine().isDrained());
}

TEST_CASE("a tap tries at once in spite of a long back-off, but not at every tap") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.fail(ErrorCode::InvalidArgument, "MESSAGE_MALFORMED");  // the longest delay
  CHECK(phone.wakeBootMs - phone.clock.bootMs() >=
        static_cast<std::uint64_t>(sync::kLongestRetryMs) / 2);
  phone.record(recording::CheckOut{VisitId(101), {}});
  CHECK(phone.sent.empty());
  phone.clock.advance(sync::kTapRetryMs);
  phone.record(recording::CheckIn{VisitId(102), {}});
  CHECK(phone.sent.size() == 1);
}

TEST_CASE("too many entries are sent as fewer") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.take(phone.engine().networkChanged(false));
  for (std::uint64_t visit = 1; visit <= 64; ++visit)
    phone.visit(visit);
  phone.take(phone.engine().networkChanged(true));
  REQUIRE(phone.sent.front().request.entries_size() == 64);
  phone.fail(ErrorCode::ResourceExhausted, "TOO_MANY_ENTRIES");
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.entries_size() == 32);
  phone.talk();
  CHECK(phone.engine().isDrained());
}

TEST_CASE("without a network nothing is asked, and a network that comes is used at once") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.take(phone.engine().networkChanged(false));
  phone.visit(101);
  CHECK(phone.sent.empty());
  CHECK(phone.engine().state() == sync::State::NoNetwork);
  phone.take(phone.engine().networkChanged(true));
  CHECK(phone.sent.size() == 1);
  CHECK(phone.dropped == 2);
  phone.talk();
  CHECK(phone.engine().isDrained());
}

TEST_CASE("a transport that keeps no deadline does not stop the engine") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  const std::uint64_t first = phone.sent.front().exchange;
  phone.sent.clear();
  phone.wake();
  CHECK(phone.engine().state() == sync::State::BackingOff);
  CHECK(phone.engine().exchangeFailed(first, {}).empty());
  phone.wake();
  phone.talk();
  CHECK(phone.engine().state() == sync::State::Idle);
}

TEST_CASE("a key store that is gone holds back entries and nothing else") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.signer.gone = true;
  phone.visit(101);
  phone.start();
  phone.talk();
  CHECK(phone->roster().visits().size() == 1);
  CHECK(phone.engine().lastFailureReason() == "KEY_STORE_GONE");
  CHECK_FALSE(phone.engine().isDrained());
  phone.signer.gone = false;
  phone.take(phone.engine().syncNow());
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(phone.engine().lastFailureReason().empty());
}

TEST_CASE("an idle phone gives a sign of life, and a watch that ends is opened again") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  REQUIRE(phone.watches.size() == 1);
  phone.wake();
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent.front().request.ByteSizeLong() <= 60);
  phone.talk();
  CHECK(phone.watches.size() == 1);
  phone.take(phone.engine().watchEnded(phone.watches.front().watch,
                                       {ErrorCode::Unavailable, "UNREACHABLE", ""}));
  CHECK(phone.sent.empty());
  phone.wake();
  phone.talk();
  CHECK(phone.watches.size() == 2);
}

TEST_CASE("what was recorded during an exchange follows it at once") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.record(recording::CheckOut{VisitId(101), {}});
  CHECK(phone.sent.size() == 1);
  phone.talk();
  CHECK(phone.engine().isDrained());
  CHECK(server.heldN(DeviceId(7)) == 2);
}

}  // namespace doorstep::test
