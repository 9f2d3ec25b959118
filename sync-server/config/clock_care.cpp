// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/clock_care.h"

#include <sys/timex.h>

namespace doorstep::config {

std::optional<std::string> clockWarning() {
  timex state{};
  const int standing = ntp_adjtime(&state);
  if (standing != TIME_ERROR && (state.status & STA_UNSYNC) == 0)
    return std::nullopt;
  return "CLOCK_NOT_SYNCHRONISED: no time server keeps this machine's clock right. Every record is "
         "stamped with it for good: set up time synchronisation (systemd-timesyncd or chrony)";
}

}  // namespace doorstep::config
