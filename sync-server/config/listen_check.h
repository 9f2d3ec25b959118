// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"

namespace doorstep::config {

// Whether this process may listen there, asked before the servers do, which say only that they
// cannot. Port 0 is always free. Error UNAVAILABLE (PORT_IN_USE, PORT_NOT_ALLOWED, ADDRESS_MISSING,
// LISTEN_FAILED), each with what to do. Thread: any.
Status checkListen(const std::string& address, std::uint16_t port);

// A port that was free a moment ago.
Result<std::uint16_t> freePort(const std::string& address);

}  // namespace doorstep::config
