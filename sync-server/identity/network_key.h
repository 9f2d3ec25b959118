// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace doorstep::identity {

// The network that a caller's address belongs to when attempts are counted: an IPv4 address, or the
// /64 of an IPv6 address, whose holder has 2^64 addresses. Accepts gRPC's peer format
// ("ipv6:%5B…%5D") and plain addresses; anything else is returned unchanged. Pure. Thread: any.
std::string networkKey(std::string_view address);

}  // namespace doorstep::identity
