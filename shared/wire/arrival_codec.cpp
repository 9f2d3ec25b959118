// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/arrival_codec.h"

#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::wire {

timing::Anchor anchorOf(const evidence::Arrival& arrival) {
  timing::Anchor anchor{.receivedUnixMs = arrival.receivedUnixMs};
  doorstep::sync::v1::ClockReading clock;
  if (!clock.ParseFromString(arrival.clock))
    return anchor;
  anchor.boot = clock.boot();
  anchor.sentBootMs = clock.sent_boot_ms();
  const bool usable = clock.reply_server_unix_ms() > 0 &&
                      clock.reply_server_unix_ms() <= arrival.receivedUnixMs &&
                      clock.reply_age_ms() <= clock.sent_boot_ms();
  if (usable) {
    anchor.replyBootMs = clock.sent_boot_ms() - clock.reply_age_ms();
    anchor.replyUnixMs = clock.reply_server_unix_ms();
  }
  return anchor;
}

}  // namespace doorstep::wire
