// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace doorstep::config {

// Warning for the operator when the operating system reports its clock as unsynchronised; nullopt
// when it is synchronised. The clock stamps arrivals, which a log keeps permanently. Thread: any.
std::optional<std::string> clockWarning();

}  // namespace doorstep::config
