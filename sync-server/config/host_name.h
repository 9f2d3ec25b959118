// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::config {

// Host names and addresses from the command line and config.toml. They go into certificates,
// enrolment texts and logs' names, so they are validated on input. Unambiguous variants are
// normalised: surrounding blanks, an IPv6 address in brackets, a DNS name's final dot, an
// internationalised name (to its xn-- form). Pure. Thread: any.

// A DNS name or IP address at which this server is reached. Error INVALID_ARGUMENT (HOST_INVALID);
// its text says what to write instead.
Result<std::string> readHostName(std::string_view text);

// An IP address of this machine to listen on. Error INVALID_ARGUMENT (ADDRESS_INVALID).
Result<std::string> readListenAddress(std::string_view text);

}  // namespace doorstep::config
