// SPDX-License-Identifier: Apache-2.0
#include "app/sync/engine.h"

// The clock reading in requests, and the evaluation of the server's clock.
namespace doorstep::sync {

namespace v1 = doorstep::sync::v1;

void SyncEngine::fillClock(v1::ExchangeRequest& request, Outstanding& outstanding) const {
  const journal::SyncState& state = journal_.syncState();
  v1::ClockReading clock;
  clock.set_boot(platform_.clock.boot());
  clock.set_sent_boot_ms(platform_.clock.bootMs());
  clock.set_wall_unix_ms(platform_.clock.wallUnixMs());
  if (state.replyServerUnixMs != 0 && state.replyBoot == clock.boot() &&
      clock.sent_boot_ms() >= state.replyBootMs) {
    clock.set_reply_server_unix_ms(state.replyServerUnixMs);
    clock.set_reply_age_ms(clock.sent_boot_ms() - state.replyBootMs);
  }
  outstanding.sentBootMs = clock.sent_boot_ms();
  if (timeDispute_) {
    auto& dispute = *request.mutable_time_dispute();
    dispute.set_server_unix_ms(timeDispute_->serverUnixMs);
    dispute.set_earliest_unix_ms(timeDispute_->earliestUnixMs);
    dispute.set_latest_unix_ms(timeDispute_->latestUnixMs);
    outstanding.carriedDispute = true;
  }
  outstanding.exchange.clock = clock.SerializeAsString();
  request.set_clock(outstanding.exchange.clock);
}

// A time that contradicts the previous one costs no receipt: it is reported to the office, and
// events in between become class C by their bounds.
void SyncEngine::noteServerTime(const Outstanding& outstanding, std::int64_t serverUnixMs) {
  if (outstanding.carriedDispute)
    timeDispute_.reset();
  const Contact now{platform_.clock.boot(), outstanding.sentBootMs, platform_.clock.bootMs(),
                    serverUnixMs};
  if (lastContact_ && !timeDispute_)
    timeDispute_ = disputedTime(*lastContact_, now);
  lastContact_ = now;
}

}  // namespace doorstep::sync
