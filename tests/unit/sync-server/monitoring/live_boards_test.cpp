// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/live_boards.h"

#include <catch2/catch.hpp>

#include "shared/core/mutex.h"
#include "sync-server/roster/plan_pull.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::monitoring {
namespace {

using support::ProviderDay;
using Kind = BoardFeed::Taken::Kind;

// Passes on to boards that are made after the day.
struct Relay final : projections::AttendanceObserver, event_log::ContactObserver {
  void attendancesChanged(std::span<const projections::AttendanceRecord> records) override {
    if (boards != nullptr)
      boards->attendancesChanged(records);
  }
  void heard(std::span<const event_log::DeviceContact> contacts) override {
    if (boards != nullptr)
      boards->heard(contacts);
  }
  LiveBoards* boards = nullptr;
};

// Waits for the next message as a stream does, with a copy of the board that it keeps up to date.
class Watcher final : public BoardWatcher {
 public:
  Watcher(std::shared_ptr<LiveBoard> board, std::uint64_t revision)
      : board_(std::move(board)), position_(board_->feed().positionAfter(revision)) {}

  // Until a message with rows, or another end, is there.
  Kind next() {
    while (true) {
      const auto taken = board_->feed().take(position_);
      if (taken.kind == Kind::Nothing) {
        waitForNews();
        continue;
      }
      if (taken.kind != Kind::Message)
        return taken.kind;
      REQUIRE(message.ParseFromString(*taken.message));
      if (message.rows_size() > 0)
        return taken.kind;
    }
  }
  v1::BoardState waitForState(VisitId visit, v1::BoardState state) {
    while (next() == Kind::Message) {
      for (const v1::BoardRow& row : message.rows()) {
        if (row.visit_id() == visit.value && row.state() == state)
          return state;
      }
    }
    return v1::BOARD_STATE_UNSPECIFIED;
  }
  void somethingNew() override {
    const MutexLock lock(mutex_);
    woken_ = true;
    wake_.notifyOne();
  }

  v1::WatchBoardResponse message;

 private:
  void waitForNews() {
    {
      const MutexLock lock(mutex_);
      woken_ = false;
    }
    if (!board_->feed().wait(*this, position_, ended_))
      return;
    const MutexLock lock(mutex_);
    while (!woken_)
      wake_.wait(mutex_);
  }

  std::shared_ptr<LiveBoard> board_;
  BoardFeed::Position position_;
  const std::atomic<bool> ended_ = false;

  Mutex mutex_;
  Condition wake_;
  bool woken_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

struct Office {
  Relay relay;
  ProviderDay day{{.singleThreaded = false, .attendances = &relay, .contacts = &relay}};
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");
  LiveBoards boards{day.storage(), day.plans(), day.clock(), day.ids()};

  Office() {
    day.setNow("2026-11-23T07:00:00");
    day.storage().postToWriter([this] { relay.boards = &boards; });
  }
  ~Office() { boards.stop(); }

  VisitId visit(const std::string& from, const std::string& to, CarerId carer) {
    return day.addVisit(provider, {.person = person, .carers = {carer}, .from = from, .to = to});
  }
  BoardAnswer board() { return boards.page(provider, "2026-11-23", std::nullopt, 100).value(); }
  Watcher watch(std::uint64_t revision) {
    return Watcher(boards.open(provider, "2026-11-23").value(), revision);
  }
};

TEST_CASE("a board is made from what is stored, for the local day of the window's start") {
  Office office;
  const VisitId morning = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.visit("2026-11-22T09:30:00", "2026-11-22T10:30:00", office.ann);
  const VisitId night = office.visit("2026-11-23T23:30:00", "2026-11-24T00:30:00", office.ann);
  office.day.checkIn(office.ann, morning, "2026-11-23T08:02:00");
  office.day.send(office.ann, "2026-11-23T08:05:00");
  const BoardAnswer answer = office.board();
  CHECK(answer.providerName == "Dales Care");
  REQUIRE(answer.page.rows.size() == 2);
  CHECK(answer.page.rows[0].visit_id() == morning.value);
  CHECK(answer.page.rows[0].state() == v1::BOARD_STATE_IN_PROGRESS);
  CHECK(answer.page.rows[1].visit_id() == night.value);
}

TEST_CASE("a check-in that is committed reaches who watches, and the next page too") {
  Office office;
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  Watcher watcher = office.watch(office.board().revision);
  office.day.checkIn(office.ann, visit, "2026-11-23T06:55:00");
  office.day.send(office.ann, "2026-11-23T06:56:00");
  CHECK(watcher.waitForState(visit, v1::BOARD_STATE_IN_PROGRESS) == v1::BOARD_STATE_IN_PROGRESS);
  const BoardAnswer after = office.board();
  CHECK(after.revision >= watcher.message.revision());
  CHECK(after.page.rows.front().state() == v1::BOARD_STATE_IN_PROGRESS);
}

TEST_CASE("time moves rows without anything being recorded") {
  Office office;
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  Watcher watcher = office.watch(office.board().revision);
  office.day.setNow("2026-11-23T08:50:00");
  CHECK(watcher.waitForState(visit, v1::BOARD_STATE_OVERDUE_SILENT) ==
        v1::BOARD_STATE_OVERDUE_SILENT);
  office.day.hear(office.ann, "2026-11-23T08:49:00");
  CHECK(watcher.waitForState(visit, v1::BOARD_STATE_LATE) == v1::BOARD_STATE_LATE);
}

TEST_CASE("a plan that changes changes the row, and the phone has it once it says so") {
  Office office;
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  Watcher watcher = office.watch(office.board().revision);
  office.day.change(office.provider, visit, [&](visits::PlannedVisit& planned) {
    planned.slots.front().carer = office.bea;
    planned.slots.front().carerName = "Bea";
  });
  REQUIRE(watcher.next() == Kind::Message);
  CHECK(watcher.message.rows(0).slots(0).carer_name() == "Bea");
  CHECK_FALSE(watcher.message.rows(0).slots(0).phone_has_plan());
  const std::uint64_t cursor =
      roster::hintCursor(office.day.plans().newest(office.provider), office.day.now());
  office.day.hear(office.bea, "2026-11-23T07:00:30", cursor);
  REQUIRE(watcher.next() == Kind::Message);
  CHECK(watcher.message.rows(0).slots(0).phone_has_plan());
}

TEST_CASE("a visit that is added to the day appears, one that leaves it resets the watchers") {
  Office office;
  const VisitId first = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  Watcher watcher = office.watch(office.board().revision);
  const VisitId second = office.visit("2026-11-23T09:00:00", "2026-11-23T09:30:00", office.ann);
  REQUIRE(watcher.next() == Kind::Message);
  CHECK(watcher.message.rows(0).visit_id() == second.value);
  office.day.change(office.provider, first, [](visits::PlannedVisit& planned) {
    planned.windowStartUnixMs += 86'400'000;
    planned.windowEndUnixMs += 86'400'000;
  });
  CHECK(watcher.next() == Kind::Reset);
  CHECK(office.board().page.rows.size() == 1);
}

TEST_CASE("two hundred watchers see the same change") {
  Office office;
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  const std::uint64_t revision = office.board().revision;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int count = 0; count < 200; ++count)
    watchers.push_back(std::make_unique<Watcher>(
        office.boards.open(office.provider, "2026-11-23").value(), revision));
  office.day.checkIn(office.ann, visit, "2026-11-23T06:55:00");
  office.day.send(office.ann, "2026-11-23T06:56:00");
  for (const auto& watcher : watchers)
    CHECK(watcher->waitForState(visit, v1::BOARD_STATE_IN_PROGRESS) == v1::BOARD_STATE_IN_PROGRESS);
}

TEST_CASE("what is committed while a board is being read is on it") {
  Office office;
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  // The page opens the board on this thread while the phone's events commit on the writer's.
  std::thread reader([&] { (void)office.board(); });
  office.day.checkIn(office.ann, visit, "2026-11-23T06:55:00");
  office.day.send(office.ann, "2026-11-23T06:56:00");
  reader.join();
  const BoardAnswer answer = office.board();
  if (answer.page.rows.front().state() != v1::BOARD_STATE_IN_PROGRESS) {
    Watcher watcher = office.watch(answer.revision);
    CHECK(watcher.waitForState(visit, v1::BOARD_STATE_IN_PROGRESS) == v1::BOARD_STATE_IN_PROGRESS);
  }
}

TEST_CASE("an unknown provider or day has no board, and asking again asks again") {
  Office office;
  CHECK(office.boards.page(ProviderId(99), "2026-11-23", std::nullopt, 10).error().reason ==
        "PROVIDER_UNKNOWN");
  CHECK(office.boards.page(ProviderId(99), "2026-11-23", std::nullopt, 10).error().reason ==
        "PROVIDER_UNKNOWN");
  CHECK(office.boards.page(office.provider, "23.11.2026", std::nullopt, 10).error().reason ==
        "DAY_FORMAT");
}

TEST_CASE("a server that stops ends the watches and opens none") {
  Office office;
  Watcher watcher = office.watch(office.board().revision);
  office.boards.stop();
  CHECK(watcher.next() == Kind::Closed);
  CHECK(office.boards.open(office.provider, "2026-11-23").error().reason == "SERVER_STOPPING");
}

}  // namespace
}  // namespace doorstep::monitoring
