// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <string>

#include "app/app_context.h"
#include "app/platform/fakes.h"
#include "shared/core/mutex.h"
#include "tests/support/test_server.h"

namespace doorstep::support {

constexpr const char* kPin = "4711";

// A server with one carer and four visits of today.
struct AppServer : TestServer {
  AppServer() : TestServer({.carers = 1, .visits = 4}) { start(); }
  std::string enrolmentText() {
    std::string output;
    REQUIRE(run({"enrol", "--all"}, &output) == 0);
    const auto begin = output.find("doorstep-enrol:1:");
    REQUIRE(begin != std::string::npos);
    return output.substr(begin, output.find_first_of(" \"\n", begin) - begin);
  }
};

// A phone's folder and device, and the app without screens, which can be ended and begun again.
// Thread: one.
class AppDesk {
 public:
  // clockErrorMs: error of the phone's wall clock.
  explicit AppDesk(std::int64_t clockErrorMs = 0) : clock_(clockErrorMs) { begin(); }

  void begin() {
    app::AppContext::Options options;
    options.folder = folder_.file("phone");
    options.scryptCost = {1};
    options.deviceDescription = "loopback";
    options.onChanged = [this] {
      const MutexLock lock(mutex_);
      changed_.notifyAll();
    };
    app_.emplace(options, platform_);
  }
  // Ends it as a kill would: nothing is written at exit.
  void end() { app_.reset(); }

  // "ok", or the reason of the error.
  std::string enrol(const std::string& text, const std::string& pin = kPin) {
    std::promise<Status> done;
    app_->enrol(text, pin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  std::string unlock(const std::string& pin = kPin) {
    std::promise<Status> done;
    app_->unlock(pin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  std::string record(recording::Intent intent) {
    std::promise<std::string> done;
    app_->record(std::move(intent), [&](const Result<std::uint64_t>& number) {
      done.set_value(number.ok() ? "ok" : number.error().reason);
    });
    return done.get_future().get();
  }

  // Waits until the screens satisfy the test; false: they did not in time.
  template <typename Test>
  bool reaches(Test test) {
    const auto giveUp = Condition::deadlineIn(kGiveUp);
    const MutexLock lock(mutex_);
    while (!test(screens())) {
      if (!changed_.waitUntil(mutex_, giveUp))
        return test(screens());
    }
    return true;
  }
  bool hearsTheOffice() {
    return reaches([](const app::Screens& screens) {
      return screens.office.lastContactUnixMs && screens.office.lastFailureReason.empty() &&
             !screens.office.exchanging;
    });
  }
  bool showsRound() {
    return reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); });
  }
  VisitId firstVisit() {
    REQUIRE(showsRound());
    return screens().round.visits.front().visit;
  }
  // Records the intent and waits until it is at the office.
  bool pushes(VisitId visit, recording::Intent intent) {
    app_->showVisit(visit);
    REQUIRE(record(std::move(intent)) == "ok");
    return reaches([](const app::Screens& screens) {
      return screens.visit && screens.visit->row.office == projections::OfficeState::AtTheOffice;
    });
  }

  app::AppContext& app() { return *app_; }
  const app::Screens& screens() {
    shown_ = app_->screens();
    return *shown_;
  }
  std::string folder() const { return folder_.file("phone"); }
  platform::Platform& platform() { return platform_; }
  IdSource& ids() { return ids_; }

 private:
  // Ends a test that would hang; no test depends on durations.
  static constexpr std::chrono::seconds kGiveUp{60};

  class WrongClock final : public Clock {
   public:
    explicit WrongClock(std::int64_t errorMs) : errorMs_(errorMs) {}
    std::int64_t wallUnixMs() const override { return right_.wallUnixMs() + errorMs_; }
    std::uint64_t bootMs() const override { return right_.bootMs(); }
    std::uint32_t boot() const override { return right_.boot(); }

   private:
    const SystemClock right_;
    const std::int64_t errorMs_;
  };

  static std::string said(const Status& status) {
    return status.ok() ? "ok" : status.error().reason;
  }

  TemporaryFolder folder_;
  WrongClock clock_;
  SystemIdSource ids_;
  platform::FakeSecretStore secrets_;
  platform::MemorySigner signer_;
  platform::FakeFixSource fixes_;
  platform::Platform platform_{clock_, ids_, secrets_, signer_, fixes_};
  Mutex mutex_;  // prevents a change between reading the screens and waiting
  Condition changed_;
  std::optional<app::AppContext> app_;
  std::shared_ptr<const app::Screens> shown_;
};

}  // namespace doorstep::support
