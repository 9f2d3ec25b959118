// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace doorstep::identity {

// Whom a caller's address stands for when tries are counted: an IPv4 address, or the /64 of an IPv6
// one, of which its holder has 2^64. Takes gRPC's way of writing a peer ("ipv6:%5B…%5D") and plain
// addresses; anything else counts as it is written. Pure. Thread: any.
std::string networkKey(std::string_view address);

}  // namespace doorstep::identity
