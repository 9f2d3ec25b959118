// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace doorstep::text {

// The ASCII form of an internationalised domain name for certificates and DNS, "xn--…" (UTS 46,
// nontransitional). nullopt for an invalid name. Pure. Thread: any.
std::optional<std::string> toAsciiDomain(std::string_view name);

}  // namespace doorstep::text
