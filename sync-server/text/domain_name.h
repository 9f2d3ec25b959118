// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace doorstep::text {

// The form in which an internationalised domain name stands in certificates and is asked for on the
// network, "xn--…" (UTS 46, nontransitional). None for what is no such name. Pure. Thread: any.
std::optional<std::string> toAsciiDomain(std::string_view name);

}  // namespace doorstep::text
