// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/refusal_log.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {
namespace {

class BootClock final : public Clock {
 public:
  std::int64_t wallUnixMs() const override { return 0; }
  std::uint64_t bootMs() const override { return bootMs_; }
  std::uint32_t boot() const override { return 1; }
  void advance(std::uint64_t ms) { bootMs_ += ms; }

 private:
  std::uint64_t bootMs_ = 600'000;
};

struct Fixture {
  BootClock clock;
  std::vector<std::string> lines;
  RefusalLog log{clock, [this](const std::string& line) { lines.push_back(line); }};

  void fillMinute() {
    for (std::uint32_t i = 0; i < kLogLinesPerMinuteMax; ++i)
      log.quarantined(kProvider, kDevice, i + 1, "GAP");
  }

  static constexpr ProviderId kProvider{3};
  static constexpr DeviceId kDevice{7};
};

const Error kRevoked{ErrorCode::PermissionDenied, "DEVICE_REVOKED", "Cara Example's phone"};
using Lines = std::vector<std::string>;

TEST_CASE("a line says what, why and whose number, and never the developer's text") {
  Fixture at;
  at.log.refused("SyncService.Exchange", kRevoked, at.kDevice);
  at.log.refused("AccountService.SignIn", {ErrorCode::Unauthenticated, "SIGN_IN_FAILED", "ann"});
  at.log.quarantined(at.kProvider, at.kDevice, 12, "BAD_SIGNATURE");
  at.log.alarm(at.kProvider, at.kDevice, event_log::AlarmKind::Fork);
  at.log.library("gRPC", "server.cc", 90);
  CHECK(at.lines == Lines{"refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED device 7",
                          "refused AccountService.SignIn UNAUTHENTICATED SIGN_IN_FAILED",
                          "quarantined BAD_SIGNATURE provider 3 device 7 n 12",
                          "alarm FORK provider 3 device 7", "library gRPC server.cc:90"});
}

TEST_CASE("a minute has a bounded number of lines, and the next one says what was left out") {
  Fixture at;
  at.fillMinute();
  REQUIRE(at.lines.size() == kLogLinesPerMinuteMax);
  at.fillMinute();
  at.log.tick();
  REQUIRE(at.lines.size() == kLogLinesPerMinuteMax);
  at.lines.clear();
  at.clock.advance(60'000);
  at.log.refused("SyncService.Exchange", kRevoked);
  CHECK(at.lines == Lines{"not written: 0 more refused, 60 quarantined, 0 alarms, 0 of libraries",
                          "refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED"});
  at.clock.advance(60'000);
  at.log.tick();
  CHECK(at.lines.size() == 2);
}

TEST_CASE("what was left out is told when nothing else happens, and when the server stops") {
  Fixture at;
  at.fillMinute();
  at.fillMinute();
  at.lines.clear();
  SECTION("at the next minute") {
    at.clock.advance(59'999);
    at.log.tick();
    CHECK(at.lines.empty());
    at.clock.advance(1);
    at.log.tick();
  }
  SECTION("at the stop") { at.log.tellUnwritten(); }
  at.log.tellUnwritten();
  CHECK(at.lines == Lines{"not written: 0 more refused, 60 quarantined, 0 alarms, 0 of libraries"});
}

TEST_CASE("a flood of one kind hides no other") {
  Fixture at;
  at.fillMinute();
  at.fillMinute();
  at.lines.clear();
  at.log.alarm(at.kProvider, at.kDevice, event_log::AlarmKind::LogRegress);
  at.log.refused("SyncService.Exchange", kRevoked, at.kDevice);
  CHECK(at.lines ==
        Lines{"alarm LOG_REGRESS provider 3 device 7",
              "refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED device 7"});
}

TEST_CASE("threads that refuse at once share one bound, and nothing is lost from the count") {
  constexpr int kThreads = 4;
  constexpr int kEach = 1'000;
  BootClock clock;
  std::atomic<std::uint32_t> refusals = 0;
  std::string last;
  RefusalLog log(clock, [&](const std::string& line) {
    if (line.starts_with("refused"))
      ++refusals;
    else
      last = line;
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k)
        log.refused("SyncService.Exchange", kRevoked);
    });
  for (auto& thread : threads)
    thread.join();
  log.tellUnwritten();
  CHECK(refusals == kLogLinesPerMinuteMax);
  CHECK(last == "not written: " + std::to_string(kThreads * kEach - kLogLinesPerMinuteMax) +
                    " more refused, 0 quarantined, 0 alarms, 0 of libraries");
}

}  // namespace
}  // namespace doorstep::rpc
