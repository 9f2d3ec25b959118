// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"

namespace doorstep::config {

// Checks that this process can listen there, before the servers try and fail without a reason. Port
// 0 always passes. Error UNAVAILABLE (PORT_IN_USE, PORT_NOT_ALLOWED, ADDRESS_MISSING,
// LISTEN_FAILED); each text says what to do. Thread: any.
Status checkListen(const std::string& address, std::uint16_t port);

// A port that is free at the time of the call.
Result<std::uint16_t> freePort(const std::string& address);

}  // namespace doorstep::config
