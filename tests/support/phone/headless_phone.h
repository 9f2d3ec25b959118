// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "app/phone.h"
#include "app/sync/grpc/grpc_transport.h"
#include "shared/core/mutex.h"

namespace doorstep::support {

// A clock that a script can set: the phone is then at the script's time, with a matching monotonic
// clock; otherwise it follows the clock below. Thread: one.
class ScriptClock final : public Clock {
 public:
  explicit ScriptClock(const Clock& below)
      : below_(below),
        bootUnixMs_(below.wallUnixMs() - static_cast<std::int64_t>(below.bootMs())) {}
  std::int64_t wallUnixMs() const override { return setUnixMs_.value_or(below_.wallUnixMs()); }
  std::uint64_t bootMs() const override {
    return setUnixMs_ ? static_cast<std::uint64_t>(*setUnixMs_ - bootUnixMs_) : below_.bootMs();
  }
  std::uint32_t boot() const override { return below_.boot(); }

  // False: before the boot of the clock below.
  bool set(std::int64_t unixMs) {
    setUnixMs_ = unixMs;
    return unixMs >= bootUnixMs_;
  }
  void follow() { setUnixMs_.reset(); }

 private:
  const Clock& below_;
  const std::int64_t bootUnixMs_;
  std::optional<std::int64_t> setUnixMs_;
};

// A phone with a real network and no screen, run by one thread. Its clock may stand still (in a
// replay), so failed exchanges are repeated in real time.
class HeadlessPhone final : public sync::TransportEvents {
 public:
  // Changes an answer before the engine receives it, on the transport's thread; for tests.
  using Ear = std::function<void(doorstep::sync::v1::ExchangeResponse&)>;
  HeadlessPhone(app::Phone& phone, const sync::Enrolment& enrolment, const Clock& clock,
                Ear ear = {});
  ~HeadlessPhone() override;

  void start() { carryOut(phone_.engine().start()); }
  void carryOut(const sync::Actions& actions);
  // Handles received events, or waits for one for at most waitMs of real time.
  void turn(int waitMs);
  // Returns true when everything is at the office; false when the time is over, the server refuses
  // this device, or, with oneTry, the first exchange failed.
  bool drain(int timeoutMs, bool oneTry);

  void onExchangeAnswered(std::uint64_t exchange,
                          doorstep::sync::v1::ExchangeResponse response) override;
  void onExchangeFailed(std::uint64_t exchange, Error error) override;
  void onWatchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) override;
  void onWatchEnded(std::uint64_t watch, Error error) override;

 private:
  void post(std::function<sync::Actions()> event);

  app::Phone& phone_;
  const Clock& clock_;
  const Ear ear_;
  std::optional<std::uint64_t> wakeBootMs_;

  Mutex mutex_;
  Condition came_;
  std::deque<std::function<sync::Actions()>> events_ DOORSTEP_GUARDED_BY(mutex_);

  std::unique_ptr<sync::GrpcTransport> transport_;  // last: it reports to the above
};

}  // namespace doorstep::support
