// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/phone.h"
#include "app/platform/fakes.h"
#include "app/recording/visit_recorder.h"
#include "shared/evidence/checkpoint.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/app/scripted_server.h"

namespace doorstep::test {

constexpr std::int64_t kMorningUnixMs = 1'795'420'800'000;  // 2026-11-23T08:00:00 in London

// A phone with a separate folder and clock that can be closed and reopened.
class TestPhone {
 public:
  explicit TestPhone(ScriptedServer& server, std::uint64_t device = 7) : server_(server) {
    enrolment_.device = DeviceId(device);
    enrolment_.carer = CarerId(70);
    enrolment_.carerName = "Ana";
    enrolment_.logVerifierKey = server.logVerifierKey();
    dataKey_.fill(1);
    open();
  }

  void open() {
    phone_.reset();
    auto phone = tryOpen();
    DOORSTEP_CHECK(phone.ok());
    phone_ = std::move(phone).value();
  }
  Result<std::unique_ptr<app::Phone>> tryOpen() {
    sync::SyncEngine::Options engine;
    engine.formats = formats;
    return app::Phone::open({folder_.path().string(), dataKey_, {}, engine}, enrolment_, platform_);
  }
  void end() { phone_.reset(); }

  app::Phone& operator*() { return *phone_; }
  app::Phone* operator->() { return phone_.get(); }
  journal::Journal& journal() { return phone_->journal(); }
  sync::SyncEngine& engine() { return phone_->engine(); }

  // Records and notifies the engine, like AppContext.
  std::uint64_t record(const recording::Intent& intent) {
    const auto number = phone_->record(intent);
    DOORSTEP_CHECK(number.ok());
    take(phone_->afterRecording(intent));
    clock.advance(1'000);
    return *number;
  }
  // A whole visit: check-in, a task, check-out.
  void visit(std::uint64_t id) {
    record(recording::CheckIn{VisitId(id), {}});
    record(recording::RecordTask{VisitId(id), {1, visits::TaskOutcome::Done}});
    record(recording::CheckOut{VisitId(id), {}});
  }

  // Collects the engine's actions; calls wait in `sent` until the test answers them.
  void take(sync::Actions actions) {
    for (sync::Action& action : actions) {
      if (auto* send = std::get_if<sync::SendExchange>(&action))
        sent.push_back(std::move(*send));
      else if (const auto* wake = std::get_if<sync::WakeAt>(&action))
        wakeBootMs = wake->bootMs;
      else if (const auto* watch = std::get_if<sync::StartWatch>(&action))
        watches.push_back(*watch);
      else if (std::holds_alternative<sync::DropConnection>(action))
        ++dropped;
    }
  }
  void start() { take(engine().start()); }
  // Advances time to the engine's next wake-up.
  void wake() {
    if (wakeBootMs > clock.bootMs())
      clock.advance(static_cast<std::int64_t>(wakeBootMs - clock.bootMs()));
    take(engine().wake());
  }
  // The server answers all requests until there are none.
  void talk(int roundsMax = 100) {
    while (!sent.empty() && roundsMax-- > 0)
      answer(server_.exchange(enrolment_.device, sent.front().request));
  }
  void answer(const doorstep::sync::v1::ExchangeResponse& response) {
    const std::uint64_t exchange = sent.front().exchange;
    sent.erase(sent.begin());
    take(engine().exchangeAnswered(exchange, response));
  }
  void fail(ErrorCode code, const char* reason) {
    const std::uint64_t exchange = sent.front().exchange;
    sent.erase(sent.begin());
    take(engine().exchangeFailed(exchange, {code, reason, "test"}));
  }

  const std::string path(const char* name) const { return folder_.file(name); }
  const std::string folder() const { return folder_.path().string(); }

  platform::FakeClock clock{kMorningUnixMs, 1, 3'600'000};
  platform::SeededIdSource ids{42};
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  std::string formats = wire::encodeFormats(wire::ownFormats());
  std::vector<sync::SendExchange> sent;
  std::vector<sync::StartWatch> watches;
  std::uint64_t wakeBootMs = 0;
  int dropped = 0;

 private:
  ScriptedServer& server_;
  support::TemporaryFolder folder_;
  platform::Platform platform_{clock, ids, secrets, signer, fixes};
  crypto::SecretKey dataKey_{};
  sync::Enrolment enrolment_;
  std::unique_ptr<app::Phone> phone_;
};

}  // namespace doorstep::test
