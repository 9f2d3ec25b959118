// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace doorstep::config {

// What the operating system says against its own clock, in the operator's words; none: it is kept
// right by a time server. Arrivals are stamped with it, and a log keeps them for ever.
std::optional<std::string> clockWarning();

}  // namespace doorstep::config
