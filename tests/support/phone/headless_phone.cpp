// SPDX-License-Identifier: Apache-2.0
#include "tests/support/phone/headless_phone.h"

#include <chrono>
#include <utility>

namespace doorstep::support {
namespace {

// A replay's server may be killed and started again; it must not wait long for its phones.
constexpr int kRetryMs = 250;

}  // namespace

HeadlessPhone::HeadlessPhone(app::Phone& phone, const sync::Enrolment& enrolment,
                             const Clock& clock, Ear ear)
    : phone_(phone),
      clock_(clock),
      ear_(std::move(ear)),
      transport_(std::make_unique<sync::GrpcTransport>(enrolment, *this)) {}

HeadlessPhone::~HeadlessPhone() { transport_.reset(); }

void HeadlessPhone::carryOut(const sync::Actions& actions) {
  if (const auto wake = sync::carryOut(actions, *transport_).wakeBootMs)
    wakeBootMs_ = wake;
}

void HeadlessPhone::turn(int waitMs) {
  std::function<sync::Actions()> event;
  {
    const auto deadline = Condition::deadlineIn(std::chrono::milliseconds(waitMs));
    const MutexLock lock(mutex_);
    while (events_.empty() && came_.waitUntil(mutex_, deadline)) {
    }
    if (!events_.empty()) {
      event = std::move(events_.front());
      events_.pop_front();
    }
  }
  if (event)
    carryOut(event());
  if (wakeBootMs_ && clock_.bootMs() >= *wakeBootMs_) {
    wakeBootMs_.reset();
    carryOut(phone_.engine().wake());
  }
}

bool HeadlessPhone::drain(int timeoutMs, bool oneTry) {
  const auto begin = std::chrono::steady_clock::now();
  auto lastTry = begin;
  for (;;) {
    turn(50);
    if (phone_.engine().isDrained())
      return true;
    const auto now = std::chrono::steady_clock::now();
    const auto state = phone_.engine().state();
    const bool failed = state == sync::State::BackingOff || state == sync::State::Idle;
    if (state == sync::State::Refused || (oneTry && failed) ||
        now - begin >= std::chrono::milliseconds(timeoutMs))
      return false;
    if (failed && now - lastTry >= std::chrono::milliseconds(kRetryMs)) {
      lastTry = now;
      carryOut(phone_.engine().syncNow());
    }
  }
}

void HeadlessPhone::post(std::function<sync::Actions()> event) {
  {
    const MutexLock lock(mutex_);
    events_.push_back(std::move(event));
  }
  came_.notifyAll();
}

void HeadlessPhone::onExchangeAnswered(std::uint64_t exchange,
                                       doorstep::sync::v1::ExchangeResponse response) {
  if (ear_)
    ear_(response);
  post([this, exchange, response = std::move(response)] {
    return phone_.engine().exchangeAnswered(exchange, response);
  });
}

void HeadlessPhone::onExchangeFailed(std::uint64_t exchange, Error error) {
  post([this, exchange, error = std::move(error)] {
    return phone_.engine().exchangeFailed(exchange, error);
  });
}

void HeadlessPhone::onWatchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) {
  post([this, watch, newerPlanCursor] {
    return phone_.engine().watchHinted(watch, newerPlanCursor);
  });
}

void HeadlessPhone::onWatchEnded(std::uint64_t watch, Error error) {
  post(
      [this, watch, error = std::move(error)] { return phone_.engine().watchEnded(watch, error); });
}

}  // namespace doorstep::support
