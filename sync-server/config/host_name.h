// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::config {

// Names and addresses as an operator writes them. They go into certificates, enrolment texts and
// logs' names, so they are checked where they come in: the command line and config.toml. What is
// unambiguous is taken: blanks around, an IPv6 address in brackets, the dot at the end of a DNS
// name, an internationalised name (as its xn-- form). Pure. Thread: any.

// A DNS name or an IP address by which others reach the server. Error INVALID_ARGUMENT
// (HOST_INVALID); its text says what to write instead.
Result<std::string> readHostName(std::string_view text);

// An IP address of this machine to listen on. Error INVALID_ARGUMENT (ADDRESS_INVALID).
Result<std::string> readListenAddress(std::string_view text);

}  // namespace doorstep::config
