// SPDX-License-Identifier: Apache-2.0
// The phone's app without its screens: enrolment, PIN, taps and receipts against a real server.
#include "app/app_context.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <future>

#include "app/platform/fakes.h"
#include "shared/core/mutex.h"
#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

// Ends a test that would wait for ever; no test depends on how long anything takes.
constexpr std::chrono::seconds kGiveUp{60};

struct RunningServer : TestServer {
  RunningServer() : TestServer({.carers = 1, .visits = 4}) { start(); }
  std::string enrolmentText() {
    std::string output;
    REQUIRE(run({"enrol", "--all"}, &output) == 0);
    const auto begin = output.find("doorstep-enrol:1:");
    REQUIRE(begin != std::string::npos);
    return output.substr(begin, output.find_first_of(" \"\n", begin) - begin);
  }
};

// A phone's folder and device that outlive the app in it.
struct Desk {
  app::AppContext::Options options() {
    app::AppContext::Options made;
    made.folder = folder.file("phone");
    made.scryptCost = {1};
    made.deviceDescription = "loopback";
    made.onChanged = [this] {
      const MutexLock lock(mutex);
      changed.notifyAll();
    };
    return made;
  }

  TemporaryFolder folder;
  SystemClock clock;
  SystemIdSource ids;
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform platform{clock, ids, secrets, signer, fixes};
  Mutex mutex;  // no change comes between a look at the screens and the wait for the next
  Condition changed;
};

struct App {
  explicit App(Desk& where) : desk(where), context(where.options(), where.platform) {}

  std::string enrol(const std::string& text, const std::string& pin) {
    std::promise<Status> done;
    context.enrol(text, pin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  std::string unlock(const std::string& pin) {
    std::promise<Status> done;
    context.unlock(pin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  std::string record(recording::Intent intent) {
    std::promise<std::string> done;
    context.record(std::move(intent), [&](const Result<std::uint64_t>& number) {
      done.set_value(number.ok() ? "durable" : number.error().reason);
    });
    return done.get_future().get();
  }
  template <typename Test>
  bool reaches(Test test) {
    const auto giveUp = Condition::deadlineIn(kGiveUp);
    const MutexLock lock(desk.mutex);
    while (!test(*context.screens())) {
      if (!desk.changed.waitUntil(desk.mutex, giveUp))
        return test(*context.screens());
    }
    return true;
  }
  static std::string said(const Status& status) {
    return status.ok() ? "ok" : status.error().reason;
  }

  Desk& desk;
  app::AppContext context;
};

using projections::OfficeState;

}  // namespace

TEST_CASE("a phone is enrolled, shows its round, and a tap is at the office after its receipt") {
  RunningServer server;
  Desk desk;
  App app(desk);
  CHECK(app.context.screens()->access == app::Access::NotEnrolled);
  REQUIRE(app.enrol(server.enrolmentText(), "4711") == "ok");
  REQUIRE(app.reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); }));
  const VisitId visit = app.context.screens()->round.visits.front().visit;
  app.context.showVisit(visit);
  REQUIRE(app.record(recording::CheckIn{visit, {}}) == "durable");
  REQUIRE(app.reaches([](const app::Screens& screens) {
    return screens.visit && screens.visit->row.office == OfficeState::AtTheOffice;
  }));
  CHECK(app.context.screens()->office.eventsOnThisPhone == 0);
  CHECK(app.context.screens()->visit->canCheckOut);
}

TEST_CASE("a phone whose server is gone records on, through a restart and a wrong PIN") {
  RunningServer server;
  Desk desk;
  VisitId visit;
  {
    App app(desk);
    REQUIRE(app.enrol(server.enrolmentText(), "4711") == "ok");
    REQUIRE(app.reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); }));
    visit = app.context.screens()->round.visits.front().visit;
    server.kill();
    REQUIRE(app.record(recording::CheckIn{visit, {}}) == "durable");
    CHECK(app.reaches(
        [](const app::Screens& screens) { return !screens.office.lastFailureReason.empty(); }));
  }
  App app(desk);
  CHECK(app.context.screens()->access == app::Access::Locked);
  CHECK(app.context.screens()->round.visits.empty());
  CHECK(app.record(recording::CheckOut{visit, {}}) == "NOT_UNLOCKED");
  CHECK(app.unlock("0000") == "PIN_WRONG");
  REQUIRE(app.unlock("4711") == "ok");
  REQUIRE(app.record(recording::CheckOut{visit, {}}) == "durable");
  app.context.showVisit(visit);
  REQUIRE(app.reaches([](const app::Screens& screens) {
    return screens.visit && screens.visit->checkedOutUnixMs;
  }));
  CHECK(app.context.screens()->visit->row.office == OfficeState::OnThisPhone);
  CHECK(app.context.screens()->office.eventsOnThisPhone == 2);
}

TEST_CASE("a locked phone shows and records nothing until its PIN is given") {
  RunningServer server;
  Desk desk;
  App app(desk);
  REQUIRE(app.enrol(server.enrolmentText(), "4711") == "ok");
  REQUIRE(app.reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); }));
  app.context.lock();
  REQUIRE(app.reaches(
      [](const app::Screens& screens) { return screens.access == app::Access::Locked; }));
  CHECK(app.context.screens()->round.visits.empty());
  CHECK(app.context.screens()->round.carerName.empty());
  REQUIRE(app.unlock("4711") == "ok");
  REQUIRE(app.reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); }));
}

TEST_CASE("an enrolment text works once") {
  RunningServer server;
  Desk first;
  Desk second;
  const std::string text = server.enrolmentText();
  App app(first);
  REQUIRE(app.enrol(text, "4711") == "ok");
  App other(second);
  CHECK(other.enrol(text, "4711") == "CODE_USED");
  CHECK(other.context.screens()->access == app::Access::NotEnrolled);
  CHECK(other.enrol("doorstep-enrol:1:", "4711") == "ENROLMENT_TEXT_PARTIAL");
}

}  // namespace doorstep::support
