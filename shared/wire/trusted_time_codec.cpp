// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/trusted_time_codec.h"

namespace doorstep::wire {

monitoring::v1::TrustedTime encodeTrustedTime(const timing::TrustedTime& time) {
  monitoring::v1::TrustedTime message;
  message.set_time_class(static_cast<monitoring::v1::TimeClass>(time.timeClass));
  if (time.timeClass == timing::TimeClass::Anchored) {
    message.set_earliest_unix_ms(time.earliestUnixMs);
    message.set_latest_unix_ms(time.latestUnixMs);
  }
  message.set_ruled_unix_ms(time.ruledUnixMs);
  return message;
}

}  // namespace doorstep::wire
