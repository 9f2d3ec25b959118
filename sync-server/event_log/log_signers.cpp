// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_signers.h"

namespace doorstep::event_log {

std::string logOrigin(const std::string& host, ProviderId provider) {
  return host + "/log/" + std::to_string(provider.value);
}

}  // namespace doorstep::event_log
