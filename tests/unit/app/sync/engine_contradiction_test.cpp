// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/sync/engine.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

// A phone with five visits at a server that has a copy of itself after two.
struct Story {
  Story() : phone(server) {
    phone.start();
    phone.talk();
    visits(101, 102);
    backup = server.backup();
    visits(103, 105);
    held = phone.journal().syncState().checkpointNote;
  }
  void visits(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t visit = first; visit <= last; ++visit) {
      phone.visit(visit);
      phone.talk();
    }
  }

  ScriptedServer server;
  TestPhone phone;
  ScriptedServer::Backup backup;
  std::string held;
};

bool everySentEntryIsThere(Story& story) {
  const auto mine =
      story.phone.journal().entriesFrom(1, journal::Journal::Which::All, 1'000, 1 << 20);
  if (!mine.ok() || mine->size() != story.server.entries(DeviceId(7)).size())
    return false;
  for (const auto& entry : *mine) {
    if (story.server.entries(DeviceId(7)).at(entry.n) != entry.bytes)
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a server restored from an older copy is noticed and given again what it lost") {
  Story story;
  story.server.restore(story.backup);
  bool evidenceSent = false;
  story.phone.take(story.phone.engine().syncNow());
  while (!story.phone.sent.empty()) {
    const auto& request = story.phone.sent.front().request;
    evidenceSent = evidenceSent || request.contradicted_checkpoint() == story.held;
    story.phone.answer(story.server.exchange(DeviceId(7), request));
  }
  CHECK(evidenceSent);
  CHECK(story.phone.engine().isDrained());
  CHECK(everySentEntryIsThere(story));
  CHECK(story.phone->office().logContradicted);
  CHECK(story.phone.journal().syncState().contradictedCheckpoint.empty());
}

TEST_CASE("a restored log that has grown past what the phone held is noticed by its signature") {
  Story story;
  story.server.restore(story.backup);
  for (std::uint8_t i = 1; i <= 20; ++i)
    story.server.appendForeignLeaf(i);
  story.phone.take(story.phone.engine().syncNow());
  CHECK(story.phone.sent.front().request.held_log_size() > 0);
  story.phone.answer(story.server.exchange(DeviceId(7), story.phone.sent.front().request));
  REQUIRE(story.phone.sent.size() == 1);
  CHECK(story.phone.sent.front().request.held_log_size() == 0);
  story.phone.talk();
  CHECK(story.phone.engine().isDrained());
  CHECK(story.phone->office().logContradicted);
  CHECK(everySentEntryIsThere(story));
}

TEST_CASE("recording goes on while a contradiction is settled, across a restart of the phone") {
  Story story;
  story.server.restore(story.backup);
  story.phone.take(story.phone.engine().syncNow());
  story.phone.answer(story.server.exchange(DeviceId(7), story.phone.sent.front().request));
  story.phone.sent.clear();
  story.phone.open();
  story.phone.visit(110);
  story.phone.start();
  CHECK(story.phone.sent.front().request.contradicted_checkpoint() == story.held);
  story.phone.talk();
  CHECK(story.phone.engine().isDrained());
  CHECK(everySentEntryIsThere(story));
}

TEST_CASE("a phone that never saw a contradiction says so") {
  Story story;
  CHECK_FALSE(story.phone->office().logContradicted);
  CHECK(everySentEntryIsThere(story));
}

TEST_CASE(
    "a server that holds less than it gave receipts for is sent the rest again, then waited for") {
  Story story;
  story.phone.take(story.phone.engine().syncNow());
  auto answer = story.server.exchange(DeviceId(7), story.phone.sent.front().request);
  answer.set_held_n(2);
  story.phone.answer(answer);
  REQUIRE(story.phone.sent.size() == 1);
  const auto again = story.phone.sent.front().request;
  CHECK(again.entries_size() == static_cast<int>(story.phone.journal().lastEntry()) - 2);
  answer = story.server.exchange(DeviceId(7), again);
  answer.set_held_n(2);
  story.phone.answer(answer);
  CHECK(story.phone.engine().state() == sync::State::BackingOff);
  CHECK(story.phone.engine().lastFailureReason() == "ENTRIES_NOT_KEPT");
  story.phone.wake();
  story.phone.talk();
  CHECK(story.phone.engine().isDrained());
}

}  // namespace doorstep::test
